import * as path from "node:path";
import { Gateway } from "./apigateway/gateway";
import { Batch } from "./batch/batch";
import { batch } from "./batch/operations";
import { dataFiles } from "./core/dataFolder";
import type { Hosts } from "./core/hosts";
import type { Service } from "./core/service";
import type { CodeContext } from "./core/types";
import { createDynamoDb } from "./dynamodb/service";
import { createEmr } from "./emr/service";
import { createEmrServerless } from "./emrServerless/service";
import { LambdaService } from "./lambda/service";
import { JobLogs } from "./logs/logs";
import { logs as logsService } from "./logs/service";
import { S3Service } from "./s3/service";
import { sts } from "./sts/service";
import { Unserved } from "./unserved";

export interface CloudOptions extends CodeContext {
  hosts: Hosts;
  /** The port of the APIs on 127.0.0.1; 0 picks a free one. */
  port: number;
  /** The folder that keeps stored data. @default memory */
  data?: string;
  /** A file or folder with the items of new tables. @default none */
  seed?: string;
  /** Where to send the requests of other services, by signing name. */
  endpoints: Record<string, string>;
  docker: boolean;
  inspect: boolean;
}

/**
 * The emulated services, in the order in which they take over a graph: tables and buckets come first, as new code may
 * need them, and the APIs last, as they need the functions. They close in reverse: jobs write into buckets.
 */
export function createServices(options: CloudOptions): { services: Service[]; gateway: Gateway } {
  const { data, log, seed } = options;
  const stored = (name: keyof typeof dataFiles) =>
    data === undefined ? undefined : path.resolve(data, dataFiles[name]);
  const buckets = new S3Service(stored("buckets"));
  const functions = new LambdaService(options, stored("invocations"));
  const logs = logsService.serve(new JobLogs());
  const gateway = new Gateway({ ...options, functions });
  const jobs = { ...options, buckets, logs };
  const services = [
    createDynamoDb({ log, seed, folder: stored("tables") }),
    buckets,
    functions,
    logs,
    batch.serve(new Batch(jobs)),
    createEmr(jobs),
    createEmrServerless(jobs),
    sts.serve({}),
    gateway,
    new Unserved(options.endpoints),
  ];
  return { services, gateway };
}
