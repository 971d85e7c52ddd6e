import type { FileHandle } from "node:fs/promises";
import type { Graph } from "../../engine/graph";
import { Archive } from "../../engine/values";
import { type ArchiveFile, listArchive, unzip } from "../core/archive";
import { asText, asTexts, ownResources, type PlainResource } from "../core/resources";
import { type Code, findCode } from "./code";

/** The program's buckets, in which code may lie. */
export interface Buckets {
  find(name: string): Bucket | undefined;
}

interface Bucket {
  /** The caller closes the file. */
  open(key: string): Promise<{ handle: FileHandle } | undefined>;
}

/** What the layers of a function contain together. */
export interface Layers {
  /** Absent if none of them can be used. */
  code?: Code;
  /** Those that cannot be used, and why. */
  missing: string[];
}

/** Where the code of functions and layers comes from: archives, and objects in the program's own buckets. */
export class Sources {
  private readonly layers: Map<string, PlainResource>;
  private readonly merged = new Map<string, Promise<Layers>>();

  constructor(
    private readonly graph: Graph,
    private readonly buckets: Buckets,
  ) {
    const layers = ownResources(graph, "aws:lambda/layerVersion:LayerVersion");
    this.layers = new Map(layers.map((layer) => [String(layer.settings.arn), layer]));
  }

  /** @throws Error that says which part cannot be read, and why */
  async filesOf({ settings, resource }: PlainResource): Promise<ArchiveFile[]> {
    const { code } = resource.inputs;
    if (code instanceof Archive) return listArchive(code, this.graph.workingDirectory);
    const bucket = asText(settings.s3Bucket);
    const key = asText(settings.s3Key);
    if (!bucket || !key) throw new Error("only a deployment knows it; give it as an archive, or as s3Bucket and s3Key");
    const name = `s3://${bucket}/${key}`;
    const found = this.buckets.find(bucket);
    if (!found) throw new Error(`${name} is not in a bucket of the program; give the code as an archive`);
    const object = await found.open(key);
    if (!object)
      throw new Error(`${name} does not exist; put it there with a BucketObject, or give the code as an archive`);
    try {
      return unzip(await object.handle.readFile(), name);
    } finally {
      await object.handle.close();
    }
  }

  /** Functions with the same layers share one folder. */
  layersOf({ settings }: PlainResource): Promise<Layers> {
    const arns = asTexts(settings.layers);
    const id = arns.join(" ");
    const layers = this.merged.get(id) ?? this.merge(arns);
    this.merged.set(id, layers);
    return layers;
  }

  /** A file of a layer replaces that of the layers before it. */
  private async merge(arns: string[]): Promise<Layers> {
    const files = new Map<string, ArchiveFile>();
    const missing: string[] = [];
    for (const arn of arns) {
      try {
        const layer = this.layers.get(arn);
        if (!layer) throw new Error("it is not one of the program's; add what it contains to the function's code");
        for (const file of await this.filesOf(layer)) files.set(file.name, file);
      } catch (error) {
        missing.push(`${arn}: ${(error as Error).message}`);
      }
    }
    const isEmpty = files.size === 0;
    return { missing, code: isEmpty ? undefined : await findCode([...files.values()], this.graph.workingDirectory) };
  }
}
