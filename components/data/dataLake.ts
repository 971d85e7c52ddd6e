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

/** The parts of a lake: its buckets, and the addresses of its code files. */
interface Parts extends Buckets {
  scripts: Record<string, pulumi.Output<string>>;
}

/** Components of this package cannot be outputs in other languages, as any property of the class would be. */
const partsOf = new WeakMap<DataLake, Parts>();

/**
 * Buckets for the data that jobs read, for their results, for their logs, and for their code, which is uploaded from a
 * folder. S3 logs the requests to the other buckets in `logs`.
 */
export class DataLake extends ComponentResource<DataLakeArgs, DataLake> {
  /** Name of the bucket with the data that jobs read. */
  declare readonly rawBucketName: pulumi.Output<string>;
  /** Name of the bucket with the jobs' results. */
  declare readonly resultsBucketName: pulumi.Output<string>;
  /** Name of the bucket with the logs. */
  declare readonly logsBucketName: pulumi.Output<string>;
  /** Name of the bucket with the jobs' code. */
  declare readonly codeBucketName: pulumi.Output<string>;
  /** The S3 addresses of the code files, by their paths relative to the code's folder. */
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

  /** The data that jobs read. */
  get raw(): DataBucket {
    return this.parts().raw;
  }

  /** The jobs' results. */
  get results(): DataBucket {
    return this.parts().results;
  }

  /** The logs: S3's access logs under `access/`, and those that EMR is told to write here. */
  get logs(): DataBucket {
    return this.parts().logs;
  }

  /** The jobs' code. */
  get code(): DataBucket {
    return this.parts().code;
  }

  /**
   * The S3 address of a code file.
   * @param file its path relative to the code's folder
   * @throws pulumi.RunError if there is no such file
   */
  scriptUri(file: string): pulumi.Output<string> {
    const { scripts } = this.parts();
    const uri = scripts[file];
    if (uri !== undefined) return uri;
    const known = listOf(Object.keys(scripts).map((one) => `"${one}"`)) || "`code`, the folder that it is in";
    throw new pulumi.RunError(`scriptUri: there is no "${file}" in the lake's code; write ${known}`);
  }

  private parts(): Parts {
    const own = partsOf.get(this);
    if (!own) throw new pulumi.RunError("DataLake: use its buckets where it is created, not on a reference to it");
    return own;
  }

  private createBuckets(name: string, args: DataLakeArgs): Buckets {
    const { kmsKeyArn, forceDestroy, tags, eventBridge, logDays = 90 } = args;
    const create = (kind: string, own: DataBucketArgs) =>
      new DataBucket(`${name}-${kind}`, { forceDestroy, tags, ...own }, this.guarded());
    const logs = create("logs", { takesAccessLogs: true, lifecycle: [{ expireDays: logDays }] });
    const common = { kmsKeyArn, accessLogBucket: logs.bucketName };
    return {
      logs,
      raw: create("raw", { ...common, lifecycle: args.rawLifecycle, eventBridge }),
      results: create("results", { ...common, lifecycle: args.resultsLifecycle }),
      // Everything in it can be uploaded again from the sources.
      code: create("code", { ...common, forceDestroy: true }),
    };
  }

  /**
   * Changed code gets new keys, and old files stay: a waiting step finds the code that it was submitted with, and the
   * files of one version find each other.
   */
  private upload(name: string, folder: string): Record<string, pulumi.Output<string>> {
    const files = listCode(folder);
    const digest = digestOf(folder, files);
    const uris = files.map((file) => {
      const source = new pulumi.asset.FileAsset(path.join(folder, file));
      const object = new s3.BucketObjectv2(
        `${name}-${file}`,
        { bucket: this.codeBucketName, key: `code/${digest}/${file}`, source },
        { parent: this, retainOnDelete: true },
      );
      return [file, pulumi.interpolate`s3://${object.bucket}/${object.key}`] as const;
    });
    return Object.fromEntries(uris);
  }
}
