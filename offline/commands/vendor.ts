import * as fs from "node:fs";
import * as path from "node:path";
import { repository } from "./templates";

/** A dependency of a template: `"file:vendor/NAME-VERSION.tgz"`. */
const VENDORED = /"file:(vendor\/([^"]+?-(\d[^"]*)\.tgz))"/g;

/** What a template's package.json becomes in a project. */
interface Vendored {
  manifest: string;
  /** The tarballs that it names, by their paths in the project. */
  tarballs: Map<string, Buffer>;
  mistakes: string[];
}

/** Where packages come from: a folder with their tarballs, and what to do if it lacks some. */
type Origin = { folder: string; remedy: string } | "registry" | undefined;

const nameFolder = "name a folder that contains them with --packages";

/**
 * Finds the tarballs that a template's package.json names. The names of the packages are asked of a registry only if
 * pulumi-offline itself came from one: elsewhere they may belong to anybody.
 * @param given a folder with the tarballs. @default where this pulumi-offline came from
 */
export function vendor(manifest: string, given: string | undefined): Vendored {
  const wanted = [...manifest.matchAll(VENDORED)].map(([, file = "", name = ""]) => ({ file, name }));
  const tarballs = new Map<string, Buffer>();
  const origin = originOf(given);
  if (origin === "registry") return { manifest: manifest.replace(VENDORED, '"$3"'), tarballs, mistakes: [] };
  const missing: string[] = [];
  for (const { file, name } of wanted) {
    const tarball = path.join(origin?.folder ?? "", name);
    if (origin && fs.existsSync(tarball)) tarballs.set(path.normalize(file), fs.readFileSync(tarball));
    else missing.push(name);
  }
  if (missing.length === 0) return { manifest, tarballs, mistakes: [] };
  const problem = origin ? `${origin.folder} does not contain` : "No package.json above says where to find";
  return { manifest, tarballs, mistakes: [`${problem} ${missing.join(", ")}: ${origin?.remedy ?? nameFolder}.`] };
}

/** @returns undefined if it cannot be told */
function originOf(given: string | undefined): Origin {
  if (given !== undefined) return { folder: path.resolve(given), remedy: nameFolder };
  if (repository !== undefined) {
    return { folder: path.join(repository, "dist"), remedy: `run \`npm run pack\` in ${repository}` };
  }
  for (const folder of [...upwards(__dirname), ...upwards(process.cwd())]) {
    const specifier = specifierIn(path.join(folder, "package.json"));
    if (specifier === undefined) continue;
    const [, tarball] = /^(?:file:)?((?:[A-Za-z]:)?[^:]*\.tgz)$/.exec(specifier) ?? [];
    if (tarball !== undefined) {
      return { folder: path.dirname(path.resolve(folder, tarball)), remedy: nameFolder };
    }
    return /[:/]/.test(specifier) ? undefined : "registry";
  }
  return undefined;
}

/** How a package.json names pulumi-offline among its dependencies. */
function specifierIn(file: string): string | undefined {
  if (!fs.existsSync(file)) return undefined;
  const { dependencies, devDependencies } = JSON.parse(fs.readFileSync(file, "utf8"));
  return { ...dependencies, ...devDependencies }["pulumi-offline"];
}

/** A folder, and all above it. */
export function upwards(folder: string): string[] {
  const parent = path.dirname(folder);
  return [folder, ...(parent === folder ? [] : upwards(parent))];
}
