import type { FileHandle } from "node:fs/promises";
import type { Graph } from "../../engine/graph";
import { Archive } from "../../engine/values";
import { type ArchiveFile, listArchive, unzip } from "../core/archive";
import { asText, asTexts, ownResources, type PlainResource } from "../core/resources";
import { type Code, findCode, placeCode } from "./code";
import { findPython, layerFolders, type Python } from "./python";

/** The program's buckets, in which code may lie. */
export interface Buckets {
  find(name: string): Bucket | undefined;
}

interface Bucket {
  /** The caller closes the file. */
  open(key: string): Promise<{ handle: FileHandle } | undefined>;
}

/** What a function needs to run. */
export interface Runnable {
  /** Absent if the function cannot run offline; `problem` then says why. */
  code?: Code;
  problem?: string;
  /** What runs the code, unless it is in JavaScript. */
  python?: Python;
  /** What its layers contain together; absent if it has none that can be used. */
  layers?: Code;
  /** The layers that it runs without, and why. */
  missingLayers?: string[];
}

type Layers = Pick<Runnable, "layers" | "missingLayers">;

const IMAGE = "a container image is not run: give the code as an archive, for Node.js or Python";

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

  /** Never rejects: what is missing is the result's `problem`. */
  async find(plain: PlainResource): Promise<Runnable> {
    const { packageType, imageUri, runtime: given } = plain.settings;
    const runtime = asText(given) ?? "";
    if (packageType === "Image" || imageUri) return { problem: IMAGE };
    const [language] = /^nodejs|^python(?=3\.)/.exec(runtime) ?? [];
    if (!language) return { problem: `the runtime ${runtime} is not served: only nodejs* and python3.* are` };
    const python = language === "python" ? await findPython(runtime) : undefined;
    if (python && "problem" in python) return python;
    try {
      const files = await this.filesOf(plain);
      const found = await this.layersOf(plain);
      return { ...found, ...(await this.place(files, runtime, found.layers, python)) };
    } catch (error) {
      return { problem: `the code cannot be read: ${(error as Error).message}` };
    }
  }

  private async place(
    files: ArchiveFile[],
    runtime: string,
    layers: Code | undefined,
    python: { file: string } | undefined,
  ): Promise<Runnable> {
    const { workingDirectory } = this.graph;
    const node = runtime.replace(/^nodejs(\d+).*/, "node$1");
    if (layers && !python) return { code: await placeCode(files, layers, node, workingDirectory) };
    const code = await findCode(files, workingDirectory);
    return { code, python: python && { ...python, folders: layers ? layerFolders(layers.root, runtime) : [] } };
  }

  /** @throws Error that says which part cannot be read, and why */
  private async filesOf({ settings, resource }: PlainResource): Promise<ArchiveFile[]> {
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
  private layersOf({ settings }: PlainResource): Promise<Layers> {
    const arns = asTexts(settings.layers);
    const id = arns.join(" ");
    const layers = this.merged.get(id) ?? this.merge(arns);
    this.merged.set(id, layers);
    return layers;
  }

  /** A file of a layer replaces that of the layers before it. */
  private async merge(arns: string[]): Promise<Layers> {
    const files = new Map<string, ArchiveFile>();
    const missingLayers: string[] = [];
    for (const arn of arns) {
      try {
        const layer = this.layers.get(arn);
        if (!layer) throw new Error("it is not one of the program's; put what it contains into the code");
        for (const file of await this.filesOf(layer)) files.set(file.name, file);
      } catch (error) {
        missingLayers.push(`${arn}: ${(error as Error).message}`);
      }
    }
    const layers = files.size > 0 ? await findCode([...files.values()], this.graph.workingDirectory) : undefined;
    return { layers, missingLayers };
  }
}
