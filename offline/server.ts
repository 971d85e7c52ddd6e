import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as inspector from "node:inspector";
import * as path from "node:path";
import { Batch } from "./cloud/batch/batch";
import { createBatch } from "./cloud/batch/service";
import { Database } from "./cloud/dynamodb/database";
import { createDynamoDb } from "./cloud/dynamodb/service";
import { Tables } from "./cloud/dynamodb/tables";
import { Endpoint } from "./cloud/endpoint";
import { Functions } from "./cloud/lambda/functions";
import { Invocations } from "./cloud/lambda/invocations";
import { createLambda } from "./cloud/lambda/service";
import { createLogs } from "./cloud/process/logService";
import { JobLogs } from "./cloud/process/logs";
import type { DataPlatform } from "./cloud/spark/platform";
import type { RunnerOptions } from "./cloud/spark/runner";
import { createSts } from "./cloud/sts";
import type { Change, Credentials } from "./cloud/types";
import { account } from "./engine/context";
import type { Graph } from "./engine/graph";
import { Gateway, type ServedApi } from "./gateway/gateway";

export type { Change };

export interface ServeOptions {
  /** Where the APIs listen, on 127.0.0.1; 0 picks a free port. */
  port: number;
  /** The folder that keeps tables, credentials and which invocations were made across runs. @default memory */
  data?: string;
  /** Where to send the requests of services that are not emulated, by signing name, such as `batch`. */
  endpoints?: Record<string, string>;
  /** Runs the images of Batch jobs with Docker, not their commands as processes of this machine. @default false */
  docker?: boolean;
  /** Opens Node's inspector on port 9229 and lets no function time out. @default false */
  inspect?: boolean;
  /** Takes each line of the log: requests, invocations, and what functions print. */
  log(line: string): void;
}

/** A program that is being served. */
export interface Server {
  /** The APIs, with the address of each. */
  readonly apis: ServedApi[];
  /** The AWS endpoint that functions call, for `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** What callers sign with. */
  readonly credentials: Credentials;
  /** Where a debugger connects, when asked to inspect. */
  readonly inspectorUrl?: string;
  /** What of the program is not served, one sentence each. */
  readonly problems: string[];
  /**
   * Takes over a later graph of the program. No request is lost: those in flight end on what they began with.
   * @throws Error when a table cannot be changed as the graph says; then everything serves as before
   */
  update(graph: Graph): Promise<Change[]>;
  /** Ends everything it started. */
  close(): Promise<void>;
}

/**
 * Serves a program on this machine: its APIs on one port, and the AWS services that it uses on another. The function calls
 * that belong to its deployment follow in the background.
 * @throws Error when the port is in use or the data folder cannot be used
 */
export async function serve(graph: Graph, options: ServeOptions): Promise<Server> {
  const { data, log, inspect = false, docker = false } = options;
  const credentials = await findCredentials(data);
  const endpoint = new Endpoint({ credentials, endpoints: options.endpoints ?? {} });
  const url = await endpoint.listen();
  const functions = new Functions({ endpoint: url, credentials, inspect, log });
  const gateway = new Gateway({ functions, credentials, inspect, log });
  const logs = new JobLogs();
  const batch = new Batch({ endpoint: url, credentials, docker, logs, log });
  endpoint.services.logs = createLogs(logs);
  const buckets = { folderOf: () => undefined };
  const platform = { endpoint: url, credentials, buckets, logs, log };
  const cloud = new Cloud(endpoint, functions, gateway, batch, platform, data);
  const file = data && path.join(path.resolve(data), "invocations.json");
  const invocations = new Invocations({ functions, log, ...(file && { file }) });
  try {
    if (inspect) cloud.inspect();
    await cloud.update(graph);
    await gateway.listen(options.port);
  } catch (error) {
    await cloud.close();
    throw error;
  }
  invocations.update(graph);
  return {
    get apis() {
      return gateway.served;
    },
    endpoint: url,
    credentials,
    inspectorUrl: inspector.url(),
    get problems() {
      return [...gateway.problems, ...functions.problems, ...batch.problems];
    },
    async update(next) {
      const changes = await cloud.update(next);
      invocations.update(next);
      return changes;
    },
    close() {
      invocations.close();
      return cloud.close();
    },
  };
}

/** Where Node's debuggers look by default. */
const INSPECTOR_PORT = 9229;

/** The emulated services, each with the part of the graph that it is made from. */
class Cloud {
  private tables: Tables | undefined;
  private platform: DataPlatform | undefined;
  private inspecting = false;
  private updated: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly endpoint: Endpoint,
    private readonly functions: Functions,
    private readonly gateway: Gateway,
    private readonly batch: Batch,
    private readonly platformOptions: Omit<RunnerOptions, "region">,
    private readonly data: string | undefined,
  ) {
    endpoint.services.lambda = createLambda(functions);
    endpoint.services.batch = createBatch(batch);
  }

  /** Debuggers see the functions as worker threads of this process. */
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

  /** Tables come first, as new code may need them, and the routes last, as they need the functions. */
  private async apply(graph: Graph): Promise<Change[]> {
    this.endpoint.services.sts = createSts(account);
    this.tables ??= await this.openTables(graph);
    const tables = await this.tables.update(graph);
    const functions = await this.functions.update(graph);
    const jobs = this.batch.update(graph);
    this.platform ??= this.openPlatform(graph);
    const platform = this.platform?.update(graph) ?? [];
    const apis = this.gateway.update(graph);
    // Not waited for: a request that comes sooner waits for its worker, and the others need not.
    for (const name of this.gateway.targets) void this.functions.warm(name);
    return [...tables, ...functions, ...jobs, ...platform, ...apis];
  }

  async close(): Promise<void> {
    if (this.inspecting) inspector.close();
    await this.gateway.close();
    await this.endpoint.close();
    await this.functions.close();
    await this.batch.close();
    await this.platform?.close();
    await this.tables?.close();
  }

  /** Most programs have no EMR, and need not wait until it is loaded. */
  private openPlatform({ resources, region }: Graph): DataPlatform | undefined {
    if (!resources.some(({ type }) => /^aws:emr(serverless)?\//.test(type))) return undefined;
    const { DataPlatform } = require("./cloud/spark/platform") as typeof import("./cloud/spark/platform");
    const platform = new DataPlatform({ ...this.platformOptions, region });
    Object.assign(this.endpoint.services, platform.services);
    return platform;
  }

  private async openTables(graph: Graph): Promise<Tables> {
    const folder = this.data && path.join(path.resolve(this.data), "dynamodb");
    if (folder) await fs.mkdir(folder, { recursive: true });
    const database = await Database.open(graph.region, account, folder);
    this.endpoint.services.dynamodb = createDynamoDb(database);
    return new Tables(database, folder);
  }
}

/** New ones in each run, so that no other page or program on the machine knows them; with a data folder they stay. */
async function findCredentials(data: string | undefined): Promise<Credentials> {
  if (data === undefined) return createCredentials();
  const file = path.join(path.resolve(data), "credentials.json");
  try {
    await fs.mkdir(path.dirname(file), { recursive: true });
    const kept = await readCredentials(file);
    const credentials = kept ?? createCredentials();
    if (!kept) await fs.writeFile(file, JSON.stringify(credentials), { mode: 0o600 });
    return credentials;
  } catch (error) {
    throw new Error(`The data folder ${data} cannot be used: ${(error as Error).message}`);
  }
}

/** Undefined when none are kept; what a process that was killed left half-written is none. */
async function readCredentials(file: string): Promise<Credentials | undefined> {
  try {
    return JSON.parse(await fs.readFile(file, "utf8")) as Credentials;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function createCredentials(): Credentials {
  // As AWS's own: 16 characters of base 32.
  const characters = [...randomBytes(16)].map((byte) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte % 32]);
  return { accessKeyId: `AKIA${characters.join("")}`, secretAccessKey: randomBytes(30).toString("base64") };
}
