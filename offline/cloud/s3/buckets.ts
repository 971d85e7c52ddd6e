import { hash, randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { Graph } from "../../engine/graph";
import { AwsError } from "../core/awsError";
import { compare } from "../core/changes";
import type { OperationCall } from "../core/declaration";
import { asText, ownResources } from "../core/resources";
import type { Change } from "../core/types";
import { Bucket } from "./bucket";
import type { ObjectInfo } from "./properties";
import { readSeeds, type Seed } from "./seeds";
import { Uploads } from "./uploads";

const TYPES = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

/** What a request has done to an object. */
export interface ObjectEvent {
  name: "ObjectCreated:Put" | "ObjectCreated:Copy" | "ObjectCreated:CompleteMultipartUpload" | "ObjectRemoved:Delete";
  bucket: Bucket;
  key: string;
  /** Absent for an object that is gone. */
  info?: ObjectInfo;
  /** The request. */
  call: OperationCall;
}

/** Folder names that no bucket can have, as they begin with a dot. */
const PROPERTIES = ".properties";
const STAGING = ".staging";

/**
 * The program's buckets, a folder each. Buckets that the program drops are no longer served, but their folders stay:
 * stored data is never deleted.
 */
export class Buckets {
  /** Why some of the program's buckets and objects are not served, one sentence each. */
  problems: string[] = [];
  readonly uploads = new Uploads();
  /** Learns of what requests do to objects. What jobs write into the folders themselves is not among it. @default nobody */
  announce: ((event: ObjectEvent) => void) | undefined;
  private buckets = new Map<string, Bucket>();
  /** The program's own objects by bucket and key, with the state of their contents: the same is not written again. */
  private seeded = new Map<string, { state: string; retained: boolean }>();
  private root: Promise<string> | undefined;

  /** @param data The folder that keeps the buckets across runs. @default a temporary one */
  constructor(private readonly data?: string) {}

  /** Creates missing buckets, writes the program's own objects that have changed, and deletes those that it dropped. */
  async reconcile(graph: Graph): Promise<Change[]> {
    this.problems = [];
    const describe = () => [...this.buckets.keys()].map((name) => ({ name, arn: name }));
    const before = describe();
    this.buckets = new Map((await this.create(graph)).map((bucket) => [bucket.name, bucket]));
    return [...compare("bucket", before, describe()), ...(await this.seed(await readSeeds(graph)))];
  }

  /** The folder with a bucket's objects, each at its key; undefined when the program has no such bucket. */
  folderOf(name: string): string | undefined {
    return this.buckets.get(name)?.folder;
  }

  find(name: string): Bucket | undefined {
    return this.buckets.get(name);
  }

  /** @throws AwsError when the program has no such bucket */
  demand(name: string): Bucket {
    const bucket = this.find(name);
    if (bucket) return bucket;
    const message = `The specified bucket does not exist: the program has no "${name}"`;
    throw new AwsError("NoSuchBucket", message, 404, { BucketName: name });
  }

  list(): Bucket[] {
    return [...this.buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Provides a file name for data that becomes an object, and in the end removes the file if it is still there. */
  async stage<Result>(use: (file: string) => Promise<Result>): Promise<Result> {
    const file = await this.stagingFile();
    try {
      return await use(file);
    } finally {
      await fs.rm(file, { force: true });
    }
  }

  /** A new file name for data that stays until it is removed, at the latest by the next run. */
  async stagingFile(): Promise<string> {
    return path.join(await this.open(), STAGING, randomUUID());
  }

  async close(): Promise<void> {
    const root = await this.root?.catch(() => undefined);
    if (root && !this.data) await fs.rm(root, { recursive: true, force: true });
  }

  private async create(graph: Graph): Promise<Bucket[]> {
    const resources = TYPES.flatMap((type) => ownResources(graph, type));
    const made = resources.map(async ({ name, settings }) => {
      const bucketName = asText(settings.bucket) ?? "";
      if (!/^[A-Za-z0-9][\w.-]{2,254}$/.test(bucketName)) {
        this.problems.push(`The bucket ${name} is not served: "${bucketName}" is not a valid bucket name`);
        return [];
      }
      const root = await this.open();
      const folder = path.join(root, bucketName);
      await fs.mkdir(folder, { recursive: true });
      const known = this.buckets.get(bucketName);
      const region = asText(settings.region) || graph.region;
      return known ?? new Bucket(bucketName, region, folder, path.join(root, PROPERTIES, bucketName));
    });
    return (await Promise.all(made)).flat();
  }

  private async seed(seeds: Seed[]): Promise<Change[]> {
    const before = this.seeded;
    this.seeded = new Map();
    const changes: Change[] = [];
    for (const seed of seeds) {
      const id = `${seed.bucket}/${seed.key}`;
      try {
        const written = await this.write(seed, id, before.get(id)?.state);
        if (written) changes.push({ action: before.has(id) ? "updated" : "added", kind: "object", name: id });
      } catch (error) {
        this.problems.push(`The object ${seed.name} is not in its bucket: ${(error as Error).message}`);
      }
    }
    for (const [id, { retained }] of before) {
      if (retained || this.seeded.has(id)) continue;
      const [bucket = "", ...key] = id.split("/");
      await this.find(bucket)?.delete(key.join("/"));
      changes.push({ action: "removed", kind: "object", name: id });
    }
    return changes;
  }

  private async write(seed: Seed, id: string, before: string | undefined): Promise<boolean> {
    const bucket = this.find(seed.bucket);
    if (!bucket) throw new Error(`the program has no bucket "${seed.bucket}"`);
    // The program has not dropped an object that cannot be read now.
    if (before) this.seeded.set(id, { state: before, retained: seed.retained });
    const data = await seed.read();
    const etag = `"${hash("md5", data)}"`;
    const state = JSON.stringify([etag, seed.headers]);
    if (state === before) return false;
    await this.stage(async (file) => {
      await fs.writeFile(file, data);
      await bucket.write(seed.key, { file, etag, headers: seed.headers });
    });
    this.seeded.set(id, { state, retained: seed.retained });
    return true;
  }

  /** Created with the first bucket. Removes what an earlier run left half-written. */
  private open(): Promise<string> {
    this.root ??= (async () => {
      const root = this.data ?? (await fs.mkdtemp(path.join(os.tmpdir(), "pulumi-offline-s3-")));
      await fs.rm(path.join(root, STAGING), { recursive: true, force: true });
      await fs.mkdir(path.join(root, STAGING), { recursive: true });
      return fs.realpath(root);
    })();
    return this.root;
  }
}
