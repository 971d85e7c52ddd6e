import * as fs from "node:fs";
import * as path from "node:path";

/** A workspace, and what becomes of it when it is packed. */
export interface Package {
  /** The workspace's folder, relative to the repository's. */
  folder: string;
  /**
   * The modules that become a JavaScript file each, with everything of the repository that they import, by their paths
   * without extension: the package itself first. Those called `index` can be imported. Modules in one list share a file.
   */
  entries: string[][];
  /** Files that are copied as they are: patterns of their paths in the folder, each of which must match. */
  files: RegExp[];
  /** Folders of the repository that are copied, by their names in the package. @default none */
  folders?: Record<string, string>;
  /** What is replaced in copied files, by name. @default nothing */
  replace?: Record<string, [found: string, replacement: string]>;
}

/** What is read of a package.json. */
export interface Manifest {
  name: string;
  version: string;
  main: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

export const root = path.resolve(__dirname, "..");

export function readManifest(folder: string): Manifest {
  return JSON.parse(fs.readFileSync(path.join(root, folder, "package.json"), "utf8"));
}

export const packages: Package[] = [
  {
    folder: "components",
    entries: [["index"], ["graviton/index"], ["plugin/host"]],
    files: [/^README\.md$/, /^PulumiPlugin\.yaml$/, /^plugin\/index\.js$/],
  },
  {
    folder: "policies",
    entries: [["index"]],
    files: [/^README\.md$/, /^PulumiPolicy\.yaml$/],
    // Compiled already: without this, each start of the pack would load a compiler.
    replace: {
      "PulumiPolicy.yaml": ["runtime: nodejs", "runtime:\n  name: nodejs\n  options:\n    typescript: false"],
    },
  },
  {
    folder: "offline",
    entries: [["index", "cli"]],
    files: [/^README\.md$/, /^NOTICE$/, /^bin\.js$/, /\.(cjs|py)$/, /^cloud\/core\/models\/[^.]+\.json$/],
    folders: { templates: "examples" },
  },
];

/** The workspaces' folders, by their packages' names. */
export const workspaces = new Map(packages.map(({ folder }) => [readManifest(folder).name, folder]));

/** Whether consumers import the module, the package itself or one of its folders. */
export function isExported(entry: string): boolean {
  return path.basename(entry) === "index";
}
