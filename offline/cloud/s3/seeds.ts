import type { Graph } from "../../engine/graph";
import { Archive, Asset } from "../../engine/values";
import { findAsset, listArchive, readContents } from "../core/archive";
import { typeOfFile } from "../core/fileType";
import { asMap, asText, ownResources, type PlainResource, type Settings } from "../core/resources";

/** An object that the program itself puts into a bucket. */
export interface Seed {
  /** The resource's name in the program. */
  name: string;
  bucket: string;
  key: string;
  headers: Record<string, string>;
  /** Whether it stays when the program drops it, from the resource option `retainOnDelete`. */
  retained: boolean;
  /** @throws Error that says which source cannot be read, and why */
  read(): Promise<Uint8Array>;
}

const TYPES = ["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"];

const HEADERS: Record<string, string> = {
  cacheControl: "cache-control",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
  contentLanguage: "content-language",
  contentType: "content-type",
  websiteRedirect: "x-amz-website-redirect-location",
};

/** The type of a component that uploads the files of a folder. */
const FOLDER = "synced-folder:index:S3BucketFolder";

export async function readSeeds(graph: Graph): Promise<Seed[]> {
  const objects = TYPES.flatMap((type) => ownResources(graph, type)).map(({ name, settings, resource }) => ({
    name,
    bucket: asText(settings.bucket) ?? "",
    key: asText(settings.key) || name,
    headers: headersOf(settings),
    retained: resource.options.retainOnDelete ?? false,
    read: () => readData(settings, graph.directory),
  }));
  const folders = ownResources(graph, FOLDER).map((folder) => seedsOfFolder(folder, graph.workingDirectory));
  return [...objects, ...(await Promise.all(folders)).flat()];
}

/** A folder that cannot be read becomes one seed, which says why. */
async function seedsOfFolder({ name, settings, resource }: PlainResource, directory: string): Promise<Seed[]> {
  const common = {
    name,
    bucket: asText(settings.bucketName) ?? "",
    retained: resource.options.retainOnDelete ?? false,
  };
  const archive = new Archive({ path: asText(settings.path) ?? "" });
  try {
    const files = await listArchive(archive, directory);
    return files
      .filter((file) => settings.includeHiddenFiles === true || !/(?:^|\/)\./.test(file.name))
      .map((file) => ({
        ...common,
        key: file.name,
        headers: { "content-type": typeOfFile(file.name) ?? "application/octet-stream" },
        read: async () => Buffer.from(await readContents(file)),
      }));
  } catch (error) {
    return [{ ...common, key: name, headers: {}, read: () => Promise.reject(error) }];
  }
}

function headersOf(settings: Settings): Record<string, string> {
  const plain = Object.entries(HEADERS).map(([name, header]) => [header, asText(settings[name])]);
  const metadata = Object.entries(asMap(settings.metadata)).map(([name, value]) => [
    `x-amz-meta-${name.toLowerCase()}`,
    asText(value),
  ]);
  return Object.fromEntries([...plain, ...metadata].filter(([, value]) => value));
}

async function readData({ source, content, contentBase64 }: Settings, directory: string): Promise<Uint8Array> {
  if (source instanceof Archive) return zip(source, directory);
  if (source instanceof Asset) return Buffer.from(await readContents(findAsset(source, directory)));
  const base64 = asText(contentBase64);
  return base64 ? Buffer.from(base64, "base64") : Buffer.from(asText(content) ?? "");
}

/** Archives are uploaded as one .zip file. */
async function zip(archive: Archive, directory: string): Promise<Uint8Array> {
  const { zipSync } = require("fflate") as typeof import("fflate");
  const files = await Promise.all(
    (await listArchive(archive, directory)).map(async (file) => [file.name, Buffer.from(await readContents(file))]),
  );
  // The same files give the same bytes: the time is the earliest that the format allows.
  return zipSync(Object.fromEntries(files), { mtime: new Date(1980, 0, 1) });
}
