import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { BundleArgs } from "../lambda/args";
import { bundle } from "../lambda/bundle";
import { replaceWhole } from "../lambda/bundleCache";

/** What an image is built from. */
export interface ImageContext {
  /** The folder with the Dockerfile, as an absolute path. */
  folder: string;
  /** Says what the image is: the same of the same files. */
  digest: string;
}

/** A context of one bundled program, in `.cache/images` of the program's folder. */
export async function programContext(entry: string, baseImage: string, options: BundleArgs): Promise<ImageContext> {
  // A container's credentials come from the ECS agent, not from its environment as a function's do.
  const withChain = { defaultCredentialChain: true, ...options };
  const files = await bundle({ entryPoint: path.resolve(entry), architecture: "arm64", options: withChain });
  const contents = new Map<string, Uint8Array>([["Dockerfile", Buffer.from(dockerfile(baseImage))]]);
  for (const [name, file] of Object.entries(files)) contents.set(name, await fs.readFile(file));
  const digest = digestOf(contents);
  const folder = path.resolve(".cache", "images", digest);
  await fs.mkdir(folder, { recursive: true });
  await Promise.all([...contents].map(([name, content]) => replaceWhole(path.join(folder, name), content)));
  return { folder, digest };
}

/** A folder as it is. */
export async function folderContext(context: string): Promise<ImageContext> {
  const folder = path.resolve(context);
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const contents = new Map<string, Uint8Array>();
  for (const file of files.sort()) contents.set(path.relative(folder, file), await fs.readFile(file));
  return { folder, digest: digestOf(contents) };
}

/** Without root: a job has no need of it. */
function dockerfile(baseImage: string): string {
  return `FROM ${baseImage}
WORKDIR /app
COPY . .
USER node
ENTRYPOINT ["node", "--enable-source-maps", "index.js"]
`;
}

function digestOf(contents: Map<string, Uint8Array>): string {
  const sum = createHash("sha256");
  for (const [name, content] of contents) sum.update(`${name}:${content.length}:`).update(content);
  return sum.digest("hex").slice(0, 32);
}
