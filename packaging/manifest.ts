import { isBuiltin } from "node:module";
import type { Externals } from "./javascript";
import { isExported, type Manifest, type Package, readManifest, workspaces } from "./packages";

/** What only the repository needs. */
const withheld = ["private", "scripts", "devDependencies"];

/**
 * The manifest of a package: the workspace's own, with what it exports and without the repository's other packages.
 * @param files the paths of everything in the package
 * @throws Error unless the dependencies are those that the modules import
 */
export function publishedManifest({ folder, entries }: Package, files: string[], externals: Externals): object {
  const source = readManifest(folder);
  const { dependencies = {}, main } = source;
  checkDependencies(source, externals);
  const kept = Object.entries(source).filter(([key]) => !withheld.includes(key));
  return {
    ...Object.fromEntries(kept),
    main: main.replace(/\.ts$/, ".js"),
    types: "index.d.ts",
    exports: {
      ...Object.fromEntries(entries.flat().filter(isExported).map(exported)),
      "./package.json": "./package.json",
    },
    files: [...new Set(files.map((file) => file.replace(/\/.*/, "")))].sort(),
    dependencies: Object.fromEntries(Object.entries(dependencies).filter(([name]) => !workspaces.has(name))),
  };
}

function exported(entry: string): [string, object] {
  const subpath = entry.replace(/\/?index$/, "");
  return [subpath ? `./${subpath}` : ".", { types: `./${entry}.d.ts`, default: `./${entry}.js` }];
}

function checkDependencies({ name, dependencies = {}, peerDependencies = {} }: Manifest, externals: Externals): void {
  const imported = new Set([...externals].flatMap(packageOf));
  const undeclared = [...imported].filter((one) => !(one in dependencies) && !(one in peerDependencies));
  const unused = Object.keys(dependencies).filter((one) => !imported.has(one) && !workspaces.has(one));
  const mistakes = [
    ...undeclared.map((one) => `imports ${one}: add it to the dependencies in its package.json`),
    ...unused.map((one) => `does not import ${one}: remove it from the dependencies in its package.json`),
  ];
  if (mistakes.length > 0) throw new Error(mistakes.map((mistake) => `${name} ${mistake}`).join("\n"));
}

/** The package that an import names, unless it is a file or one of Node's own modules. */
function packageOf(specifier: string): string[] {
  if (specifier.startsWith(".") || isBuiltin(specifier)) return [];
  return [
    specifier
      .split("/")
      .slice(0, specifier.startsWith("@") ? 2 : 1)
      .join("/"),
  ];
}
