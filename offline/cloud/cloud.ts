import * as fs from "node:fs/promises";
import * as inspector from "node:inspector";
import * as path from "node:path";
import { account } from "../engine/context";
import type { Graph } from "../engine/graph";
import { Gateway } from "./apigateway/gateway";
import { Batch } from "./batch/batch";
import { createBatch } from "./batch/service";
import type { Endpoint } from "./core/endpoint";
import type { Change, Credentials } from "./core/types";
import { Database } from "./dynamodb/database";
import { createDynamoDb } from "./dynamodb/service";
import { Tables } from "./dynamodb/tables";
import { Functions } from "./lambda/functions";
import { Invocations } from "./lambda/invocations";
import { createLambda } from "./lambda/service";
import { JobLogs } from "./logs/logs";
import { createLogs } from "./logs/service";
import { Buckets } from "./s3/buckets";
import { createS3 } from "./s3/service";
import type { DataPlatform } from "./spark/platform";
import { createSts } from "./sts/service";

/** Where Node's debuggers look by default. */
const INSPECTOR_PORT = 9229;

export interface CloudOptions {
  /** The endpoint's address. */
  url: string;
  credentials: Credentials;
  /** The folder that keeps what is stored. @default memory */
  data?: string;
  docker: boolean;
  inspect: boolean;
  log(line: string): void;
}

/** The emulated services, each with the part of the graph that it is made from. */
export class Cloud {
  readonly gateway: Gateway;
  private readonly functions: Functions;
  private readonly invocations: Invocations;
  private readonly batch: Batch;
  private readonly buckets: Buckets;
  private readonly logs = new JobLogs();
  private tables: Tables | undefined;
  private platform: DataPlatform | undefined;
  private inspecting = false;
  private updated: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: CloudOptions,
  ) {
    const { url, credentials, docker, inspect, log } = options;
    this.functions = new Functions({ endpoint: url, credentials, inspect, log });
    const file = this.folder("invocations.json");
    this.invocations = new Invocations({ functions: this.functions, log, ...(file && { file }) });
    this.gateway = new Gateway({ functions: this.functions, credentials, inspect, log });
    this.batch = new Batch({ endpoint: url, credentials, docker, logs: this.logs, log });
    this.buckets = new Buckets(this.folder("s3"));
    endpoint.services.lambda = createLambda(this.functions);
    endpoint.services.batch = createBatch(this.batch);
    endpoint.services.logs = createLogs(this.logs);
    endpoint.services.s3 = createS3(this.buckets);
    endpoint.services.sts = createSts(account);
  }

  /** Where a debugger connects, when asked to inspect. */
  get inspectorUrl(): string | undefined {
    return inspector.url();
  }

  /** What of the program is not served, one sentence each. */
  get problems(): string[] {
    return [this.gateway, this.functions, this.batch, this.buckets].flatMap(({ problems }) => problems);
  }

  /**
   * Opens Node's inspector: debuggers see the functions as worker threads of this process.
   * @throws Error when its port is in use
   */
  inspect(): void {
    if (inspector.url()) return;
    inspector.open(INSPECTOR_PORT, "127.0.0.1");
    this.inspecting = inspector.url() !== undefined;
    if (!this.inspecting) throw new Error(`Port ${INSPECTOR_PORT} is in use: end the other process that is debugged`);
  }

  /** Updates follow one another: each starts from what the one before it left. */
  update(graph: Graph): Promise<Change[]> {
    const result = this.updated.then(() => this.apply(graph));
    this.updated = result.catch(() => {});
    return result;
  }

  /** Makes the calls of functions that belong to the deployment, in the background. */
  invoke(graph: Graph): void {
    this.invocations.update(graph);
  }

  async close(): Promise<void> {
    this.invocations.close();
    if (this.inspecting) inspector.close();
    await this.gateway.close();
    await this.endpoint.close();
    await this.functions.close();
    await this.batch.close();
    // Its jobs write into the buckets.
    await this.platform?.close();
    await this.buckets.close();
    await this.tables?.close();
  }

  /** Tables and buckets come first, as new code may need them, and the routes last, as they need the functions. */
  private async apply(graph: Graph): Promise<Change[]> {
    this.tables ??= await this.openTables(graph);
    const tables = await this.tables.update(graph);
    const objects = await this.buckets.update(graph);
    const functions = await this.functions.update(graph);
    const jobs = this.batch.update(graph);
    this.platform ??= this.openPlatform(graph);
    const platform = this.platform?.update(graph) ?? [];
    const apis = this.gateway.update(graph);
    // Not waited for: a request that comes sooner waits for its worker, and the others need not.
    for (const name of this.gateway.targets) void this.functions.warm(name);
    return [...tables, ...objects, ...functions, ...jobs, ...platform, ...apis];
  }

  /** Most programs have no EMR, and need not wait until it is loaded. */
  private openPlatform({ resources, region }: Graph): DataPlatform | undefined {
    if (!resources.some(({ type }) => /^aws:emr(serverless)?\//.test(type))) return undefined;
    const { DataPlatform } = require("./spark/platform") as typeof import("./spark/platform");
    const { url: endpoint, credentials, log } = this.options;
    const platform = new DataPlatform({ endpoint, credentials, buckets: this.buckets, logs: this.logs, log, region });
    Object.assign(this.endpoint.services, platform.services);
    return platform;
  }

  private async openTables(graph: Graph): Promise<Tables> {
    const folder = this.folder("dynamodb");
    if (folder) await fs.mkdir(folder, { recursive: true });
    const database = await Database.open(graph.region, account, folder);
    this.endpoint.services.dynamodb = createDynamoDb(database);
    return new Tables(database, folder);
  }

  /** Something of the data folder, if there is one. */
  private folder(name: string): string | undefined {
    return this.options.data === undefined ? undefined : path.join(path.resolve(this.options.data), name);
  }
}
