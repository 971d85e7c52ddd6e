import * as crypto from "node:crypto";
import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import * as path from "node:path";

/** The content of a folder. */
interface Listing {
  /** The folder's real path, with links resolved. */
  realPath: string;
  names: Set<string>;
  folders: Set<string>;
  /** The targets of links, by name. */
  links: Map<string, string>;
}

/**
 * Reads files and folders, each once. There are hundreds of them: a promise for each would take several times as long.
 */
export class Sources {
  /** When these sources were created, in the milliseconds of file times. */
  private readonly since = performance.timeOrigin + performance.now();
  /** A file's content; empty if it cannot be read. */
  readonly read = once((file) => attempt(() => readFileSync(file)) ?? Buffer.alloc(0));
  readonly digest = once((file) => crypto.hash("sha256", this.read(file)));
  /** Changes with the content of a file and with the names in a folder, which need not be read for it. */
  readonly stamp = once(stampOf);
  /** Undefined if there is no such folder. */
  readonly list = once((folder) => attempt(() => listingOf(folder)));
  /** The names in a folder, with where links lead and the digests of JSON files, which may be manifests. */
  readonly all = once((folder) => this.some(folder, () => true));

  /** The same for some of the names. */
  some(folder: string, isWanted: (name: string) => boolean): string {
    const listing = this.list(folder);
    if (!listing) return folder;
    const names = [...listing.names].filter(isWanted);
    const links = names.flatMap((name) => listing.links.get(name) ?? []);
    const manifests = names.filter((name) => name.endsWith(".json"));
    return [
      folder,
      listing.realPath,
      ...names,
      ...links,
      ...manifests.map((name) => this.digest(path.join(folder, name))),
    ].join("\n");
  }

  /** The places of a module that a file in the folder imports: one, or one in each `node_modules` that exists. */
  placesOfModule(folder: string, specifier: string): string[] {
    if (isPath(specifier)) return [path.resolve(folder, specifier)];
    return this.packageFolders(folder).map((packages) => path.join(packages, specifier));
  }

  private readonly packageFolders = once((folder) => {
    const global = process.env.NODE_PATH?.split(path.delimiter).filter(Boolean) ?? [];
    const above = withFoldersAbove(folder).map((one) => path.join(one, "node_modules"));
    return [...above, ...global].filter((packages) => this.list(packages));
  });

  /** The files named by the `package.json` in a folder, in the fields that esbuild is told to read. */
  readonly mains = once((folder) => {
    const manifest = attempt(() => JSON.parse(this.read(path.join(folder, "package.json")).toString()));
    return [manifest?.module, manifest?.main].filter((main) => typeof main === "string");
  });

  /** Whether a file was written after these sources were created. */
  isNewer(file: string): boolean {
    return (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY) >= this.since;
  }

  has(file: string): boolean {
    return this.list(path.dirname(file))?.names.has(path.basename(file)) ?? false;
  }

  hasFolder(folder: string): boolean {
    const [around, name] = [this.list(path.dirname(folder)), path.basename(folder)];
    return around?.folders.has(name) || (around?.links.has(name) && this.list(folder) !== undefined) || false;
  }
}

function once<Result>(compute: (name: string) => Result): (name: string) => Result {
  const results = new Map<string, Result>();
  return (name) => {
    if (!results.has(name)) results.set(name, compute(name));
    return results.get(name) as Result;
  };
}

function attempt<Result>(access: () => Result): Result | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}

/** File systems count time in ticks: within one, in milliseconds, a second change may leave no trace. */
const TICK = 20;

function stampOf(file: string): string {
  const stat = attempt(() => statSync(file, { throwIfNoEntry: false }));
  if (!stat) return "";
  const { ino, size, mtimeMs, ctimeMs } = stat;
  return [ino, size, mtimeMs, ctimeMs, ...(Date.now() - ctimeMs < TICK ? [crypto.randomUUID()] : [])].join(" ");
}

function listingOf(folder: string): Listing {
  const entries = readdirSync(folder, { withFileTypes: true });
  const names = entries.map(({ name }) => name).sort();
  const links = entries
    .filter((entry) => entry.isSymbolicLink())
    .map(({ name }): [string, string] => [name, readlinkSync(path.join(folder, name))]);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return {
    realPath: realpathSync.native(folder),
    names: new Set(names),
    folders: new Set(folders),
    links: new Map(links),
  };
}

/** Equal for equal parts in the same order. */
export function hash(parts: (string | Uint8Array)[]): string {
  const sum = crypto.createHash("sha256");
  for (const part of parts) sum.update(`${part.length}:`).update(part);
  return sum.digest("hex").slice(0, 32);
}

/** The folder and all above it. */
export function withFoldersAbove(folder: string): string[] {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [folder, ...withFoldersAbove(above)];
}

/** Whether an import names a file rather than a package. */
export function isPath(specifier: string): boolean {
  return /^\.\.?(?:\/|$)/.test(specifier) || path.isAbsolute(specifier);
}
