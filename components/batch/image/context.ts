import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { BundleArgs } from "../../lambda/args";
import { bundle } from "../../lambda/bundle";
import { replaceWhole } from "../../lambda/bundleCache";
import { hash } from "../../lambda/bundleSources";
import { DockerIgnore } from "./dockerIgnore";

/** What an image is built from. */
export interface ImageContext {
  /** The folder, relative to the program's. */
  folder: string;
  /** A digest of its contents, the same for the same files. */
  digest: string;
}

/** What to build an image from. */
export interface Program {
  entry: string;
  baseImage: string;
  /** The processor that native modules must be built for. */
  architecture: string;
  options: BundleArgs;
}

/** The context of one bundled program, in `.cache/images` of the program's folder. */
export async function programContext({ entry, baseImage, architecture, options }: Program): Promise<ImageContext> {
  // A container's credentials come from the ECS agent, not from its environment like a function's.
  const withChain = { defaultCredentialChain: true, ...options };
  const files = await bundle({ entryPoint: path.resolve(entry), architecture, options: withChain });
  const [name = "", script = ""] = Object.entries(files)[0] ?? [];
  // Without the source map, which a comment changes: code of the same bytes is the same image.
  if (options.sourceMap) files[`${name}.map`] = `${script}.map`;
  const contents = new Map<string, string | Uint8Array>([
    ["Dockerfile", dockerfileOf(baseImage, name, options)],
    [".dockerignore", "Dockerfile\n.dockerignore\n*.build.json\n"],
  ]);
  for (const [target, file] of Object.entries(files)) contents.set(target, await fs.readFile(file));
  const digest = hash([...contents].flat());
  const folder = path.resolve(".cache", "images", digest);
  // Specific to this machine, so not part of the image: it tells a watcher which sources the program was built from.
  contents.set(`${name}.build.json`, await fs.readFile(`${script}.build.json`));
  await Promise.all([...contents].map(([file, content]) => writeReadable(path.join(folder, file), content)));
  return { folder: fromProgram(folder), digest };
}

/** A folder, without the files that its `.dockerignore` excludes. */
export async function folderContext(context: string, dockerfile?: string): Promise<ImageContext> {
  const folder = path.resolve(context);
  const recipe = dockerfile === undefined ? path.join(folder, "Dockerfile") : path.resolve(dockerfile);
  const ignored = new DockerIgnore(await readIgnoreFile(folder, recipe));
  const parts: (string | Uint8Array)[] = [await fs.readFile(recipe)];
  for await (const name of filesIn(folder, ignored)) parts.push(name, await describe(path.join(folder, name)));
  return { folder: fromProgram(folder), digest: hash(parts) };
}

/** BuildKit prefers the Dockerfile's own ignore file. */
async function readIgnoreFile(folder: string, dockerfile: string): Promise<string> {
  const own = await fs.readFile(`${dockerfile}.dockerignore`, "utf8").catch(() => undefined);
  return own ?? fs.readFile(path.join(folder, ".dockerignore"), "utf8").catch(() => "");
}

/** In the same order on every machine. Empty folders are left out, as in git. */
async function* filesIn(folder: string, ignored: DockerIgnore, within = ""): AsyncGenerator<string> {
  const entries = await fs.readdir(path.join(folder, within), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = path.posix.join(within, entry.name);
    if (entry.isDirectory()) {
      if (!ignored.excludesAllOf(name)) yield* filesIn(folder, ignored, name);
    } else if (!ignored.excludes(name)) yield name;
  }
}

/**
 * What Docker copies of a file. All permissions count, not only git's executable bit: docker-build builds again when
 * they change, and may not push the result under the old tag.
 */
async function describe(file: string): Promise<string> {
  const stats = await fs.lstat(file);
  if (stats.isSymbolicLink()) return `link ${await fs.readlink(file)}`;
  return `${stats.mode & 0o777} ${stats.isFile() ? hash([await fs.readFile(file)]) : ""}`;
}

/** Readable by the image's user, whatever the machine's umask. */
async function writeReadable(file: string, content: string | Uint8Array): Promise<void> {
  await replaceWhole(file, content);
  await fs.chmod(file, 0o644);
}

/** A path relative to the program's folder, with `/`: the state contains it and is the same on every machine. */
export function fromProgram(file: string): string {
  return path.relative("", file).split(path.sep).join("/") || ".";
}

/** Without root, which a job does not need. */
function dockerfileOf(baseImage: string, script: string, { sourceMap }: BundleArgs): string {
  const command = ["node", ...(sourceMap ? ["--enable-source-maps"] : []), script];
  return `FROM ${baseImage}
WORKDIR /app
COPY . .
USER node
ENTRYPOINT [${command.map((word) => JSON.stringify(word)).join(", ")}]
`;
}
