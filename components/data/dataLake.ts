import * as path from "node:path";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { ComponentResource } from "../resource";
import { listOf } from "../validation";
import type { DataBucketArgs, DataLakeArgs } from "./args";
import { checkLake } from "./checks";
import { digestOf, listCode } from "./code";
import { DataBucket } from "./dataBucket";

/** A lake's buckets. */
interface Buckets {
  raw: DataBucket;
  results: DataBucket;
  logs: DataBucket;
  code: DataBucket;
}

/** What a lake is made of: its buckets, and where the files of its code are. */
interface Parts extends Buckets {
  scripts: Record<string, pulumi.Output<string>>;
}

/** Components of this package cannot be outputs in other languages, as any property of the class would be. */
const partsOf = new WeakMap<DataLake, Parts>();

/**
 * Buckets for the data that jobs read, for what they make of it, for their logs, and for their code, which is uploaded
 * from a folder. S3 logs the requests to the others in `logs`.
 */
export class DataLake extends ComponentResource<DataLakeArgs, DataLake> {
  /** Name of the bucket with what jobs read. */
  declare readonly rawBucketName: pulumi.Output<string>;
  /** Name of the bucket with what jobs make of it. */
  declare readonly resultsBucketName: pulumi.Output<string>;
  /** Name of the bucket with what is said of all of it. */
  declare readonly logsBucketName: pulumi.Output<string>;
  /** Name of the bucket with what jobs run. */
  declare readonly codeBucketName: pulumi.Output<string>;
  /** Where in S3 the files of the code are, by their paths from its folder on. */
  declare readonly scriptUris: pulumi.Output<Record<string, string>>;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: DataLakeArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["rawBucketName", "resultsBucketName", "logsBucketName", "codeBucketName", "scriptUris"] as const;
    super({ type: "DataLake", rules: checkLake, outputs }, name, args, opts);
  }

  protected create(name: string, args: DataLakeArgs): void {
    const own = this.createBuckets(name, args);
    this.set({
      rawBucketName: own.raw.bucketName,
      resultsBucketName: own.results.bucketName,
      logsBucketName: own.logs.bucketName,
      codeBucketName: own.code.bucketName,
    });
    const scripts = args.code === undefined ? {} : this.upload(name, args.code);
    this.set({ scriptUris: pulumi.output(scripts) });
    partsOf.set(this, { ...own, scripts });
  }

  /** What jobs read. */
  get raw(): DataBucket {
    return this.parts().raw;
  }

  /** What jobs make of it. */
  get results(): DataBucket {
    return this.parts().results;
  }

  /** What is said of all of it: S3's access logs under `access/`, and what EMR is told to write here. */
  get logs(): DataBucket {
    return this.parts().logs;
  }

  /** What jobs run. */
  get code(): DataBucket {
    return this.parts().code;
  }

  /**
   * Where in S3 a file of the code is.
   * @param file its path from the code's folder on
   * @throws pulumi.RunError when there is no such file
   */
  scriptUri(file: string): pulumi.Output<string> {
    const { scripts } = this.parts();
    const uri = scripts[file];
    if (uri !== undefined) return uri;
    const known = listOf(Object.keys(scripts).map((one) => `"${one}"`)) || "one, once `code` names its folder";
    throw new pulumi.RunError(`scriptUri: there is no "${file}" in the lake's code; write ${known}`);
  }

  private parts(): Parts {
    const own = partsOf.get(this);
    if (!own) throw new pulumi.RunError("DataLake: use its buckets where it is made, not by a reference to it");
    return own;
  }

  private createBuckets(name: string, args: DataLakeArgs): Buckets {
    const { kmsKeyArn, forceDestroy, tags, eventBridge, logDays = 90 } = args;
    const create = (kind: string, own: DataBucketArgs) =>
      new DataBucket(`${name}-${kind}`, { forceDestroy, tags, ...own }, { parent: this });
    const logs = create("logs", { takesAccessLogs: true, lifecycle: [{ expireDays: logDays }] });
    const common = { kmsKeyArn, accessLogBucket: logs.bucketName };
    return {
      logs,
      raw: create("raw", { ...common, lifecycle: args.rawLifecycle, eventBridge }),
      results: create("results", { ...common, lifecycle: args.resultsLifecycle }),
      // All in it can be had again from the sources.
      code: create("code", { ...common, forceDestroy: true }),
    };
  }

  /**
   * Changed code has other keys, and what is there stays: a step that waits finds the code that it was submitted with,
   * and the files of one version find each other. Protection of the lake must not keep them from being followed by new
   * ones.
   */
  private upload(name: string, folder: string): Record<string, pulumi.Output<string>> {
    const files = listCode(folder);
    const digest = digestOf(folder, files);
    const uris = files.map((file) => {
      const source = new pulumi.asset.FileAsset(path.join(folder, file));
      const object = new s3.BucketObjectv2(
        `${name}-${file}`,
        { bucket: this.codeBucketName, key: `code/${digest}/${file}`, source },
        { parent: this, retainOnDelete: true, protect: false },
      );
      return [file, pulumi.interpolate`s3://${object.bucket}/${object.key}`] as const;
    });
    return Object.fromEntries(uris);
  }
}
