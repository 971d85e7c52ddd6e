import type { Graph } from "../../engine/graph";
import type { Invoker, Target } from "../core/invoker";
import type { Change, CodeContext } from "../core/types";
import { type FunctionModel, readFunctions } from "./model";
import { type Call, Pool, type Result } from "./pool";
import { describeProblems } from "./problems";
import { startProcess } from "./process";
import type { FunctionError } from "./sandbox";
import type { Buckets } from "./sources";
import { startThread } from "./thread";

export interface FunctionsOptions extends CodeContext {
  /** True to let a debugger hold a function for any length of time. */
  inspect: boolean;
  /** The buckets in which code may lie. */
  buckets: Buckets;
}

interface Entry {
  model: FunctionModel;
  /** Changes whenever something changes how the function runs. */
  fingerprint: string;
  pool?: Pool;
  /** Of a function that isolates its tenants, which then share no worker. */
  tenants: Map<string, Pool>;
}

/** What a caller says about itself, and how it takes the response. */
export type Caller = Pick<Call, "clientContext" | "tenantId" | "onChunk">;

/** For functions without a reserved concurrency: more workers than this would only compete for the machine. */
const DEFAULT_CONCURRENCY = 10;

/** The program's Lambda functions, ready to be invoked. */
export class Functions implements Invoker {
  private entries = new Map<string, Entry>();
  /** Pools with new code that is being tried out; loading it may never end. */
  private readonly tried = new Set<Pool>();

  constructor(protected readonly options: FunctionsOptions) {}

  /**
   * Takes over the functions of a graph. Unchanged functions keep their warm workers. For the others, events in flight
   * end on the old workers. New code that fails to load is reported, and the old code keeps serving.
   */
  async reconcile(graph: Graph): Promise<Change[]> {
    const changes: Change[] = [];
    const next = new Map<string, Entry>();
    for (const model of await readFunctions(graph, this.options.buckets)) {
      const { name } = model;
      const old = this.entries.get(name);
      const entry = old?.fingerprint === fingerprintOf(model) ? old : await this.replace(old, model);
      if (entry !== old) changes.push({ action: old ? "updated" : "added", kind: "function", name });
      else if (entry.fingerprint !== fingerprintOf(model)) changes.push({ action: "kept", kind: "function", name });
      next.set(name, entry);
    }
    for (const [name, entry] of this.entries) {
      if (!next.has(name)) changes.push({ action: "removed", kind: "function", name });
      if (next.get(name) !== entry) for (const pool of poolsOf(entry)) void pool.drain();
    }
    this.entries = next;
    return changes;
  }

  find(reference: string, qualifier?: string): Target | undefined {
    const [name = "", inName] = reference
      .replace(/^(?:arn:[^:]+:lambda:[^:]*:|[^:]*:)?(?:\d{12}:)?function:/, "")
      .split(":");
    const model = this.entries.get(name)?.model;
    const wanted = qualifier ?? inName;
    if (!model) return undefined;
    if (wanted && wanted !== "$LATEST" && !/^\d+$/.test(wanted) && !Object.hasOwn(model.aliases, wanted))
      return undefined;
    return { name, qualifier: wanted };
  }

  get names(): string[] {
    return [...this.entries.keys()];
  }

  async warm(name: string): Promise<void> {
    const { model, pool } = this.entries.get(name) ?? {};
    if (!pool?.used && !model?.isolatesTenants) await pool?.start();
  }

  async invoke(target: Target, payload: string, caller: Caller = {}): Promise<Result> {
    const { name, qualifier } = target;
    const entry = this.entries.get(name);
    const errorOfTenant = this.tenantMistake(target, caller.tenantId);
    if (errorOfTenant !== undefined) {
      this.options.log(`${name} | ${errorOfTenant}`);
      const error = { errorType: "InvalidParameterValueException", errorMessage: errorOfTenant };
      return { requestId: "", duration: 0, error };
    }
    const pool = entry && this.poolOf(entry, caller.tenantId);
    if (pool) return pool.invoke(payload, { qualifier, version: this.versionOf(target), ...caller });
    const errorMessage = `The function ${name} does not run offline: ${entry?.model.problem ?? "it does not exist"}`;
    this.options.log(`${name} | ${errorMessage}`);
    return { requestId: "", duration: 0, error: { errorType: "Runtime.NotEmulated", errorMessage } };
  }

  /** Why Lambda refuses a call for a tenant, or for none. */
  protected tenantMistake({ name }: Target, tenantId: string | undefined): string | undefined {
    const isolates = this.entries.get(name)?.model.isolatesTenants ?? false;
    if (isolates === (tenantId !== undefined)) return undefined;
    return isolates
      ? "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request and try again."
      : "The invoked function is not enabled with tenancy configuration. Remove the tenant ID from your request and try again.";
  }

  private poolOf({ model, pool, tenants }: Entry, tenantId: string | undefined): Pool | undefined {
    if (!model.code || tenantId === undefined) return pool;
    const own = tenants.get(tenantId) ?? new Pool(this.poolOptions(model, model.code.root));
    tenants.set(tenantId, own);
    return own;
  }

  /** The version that a call of the target executes. */
  protected versionOf({ name, qualifier = "$LATEST" }: Target): string {
    return this.entries.get(name)?.model.aliases[qualifier] ?? qualifier;
  }

  /** One sentence for everything that keeps functions from running, or that they run without. */
  get problems(): string[] {
    return describeProblems([...this.entries.values()].map(({ model }) => model));
  }

  async close(): Promise<void> {
    const pools = [...this.entries.values()].flatMap(poolsOf);
    await Promise.all([...pools, ...this.tried].map((pool) => pool.stop()));
  }

  private async replace(old: Entry | undefined, model: FunctionModel): Promise<Entry> {
    const pool = model.code && new Pool(this.poolOptions(model, model.code.root));
    const isUsed = old && poolsOf(old).some(({ used }) => used);
    const error = isUsed && pool && (await this.try(pool));
    if (!old || !error) return { model, fingerprint: fingerprintOf(model), pool, tenants: new Map() };
    this.options.log(
      `${model.name} | the new code does not load, so the old code keeps serving: ${error.errorMessage}`,
    );
    await pool?.stop();
    return old;
  }

  private async try(pool: Pool): Promise<FunctionError | undefined> {
    this.tried.add(pool);
    const error = await pool.start();
    this.tried.delete(pool);
    return error;
  }

  private poolOptions(model: FunctionModel, root: string) {
    const { name, arn, handler, memorySize, timeout, logGroup } = model;
    const logStreamName = `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]offline`;
    return {
      name,
      arn,
      root,
      handler,
      python: model.python,
      layers: model.layers?.root,
      start: model.python ? startProcess : startThread,
      memorySize,
      timeout,
      callbacks: Number(/^nodejs(\d+)/.exec(model.runtime)?.[1]) < 24,
      context: { functionName: name, memoryLimitInMB: String(memorySize), logGroupName: logGroup, logStreamName },
      environment: this.environment(model, root, logStreamName),
      concurrency: model.reservedConcurrency ?? DEFAULT_CONCURRENCY,
      enforceTimeout: !this.options.inspect,
      log: this.options.log,
    };
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (defined runtime environment variables) */
  private environment(model: FunctionModel, root: string, logStreamName: string): Record<string, string> {
    const { endpoint, credentials } = this.options;
    return {
      LANG: "en_US.UTF-8",
      // The SDK's warning is about the runtime in the cloud, not about this machine's Node.js.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      TZ: ":UTC",
      PATH: process.env.PATH ?? "",
      AWS_ENDPOINT_URL: endpoint,
      AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
      AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
      ...model.environment,
      PWD: root,
      _HANDLER: model.handler,
      LAMBDA_TASK_ROOT: root,
      LAMBDA_RUNTIME_DIR: "/var/runtime",
      AWS_EXECUTION_ENV: `AWS_Lambda_${model.runtime}`,
      AWS_REGION: model.region,
      AWS_DEFAULT_REGION: model.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: "offline",
      AWS_LAMBDA_FUNCTION_NAME: model.name,
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memorySize),
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_GROUP_NAME: model.logGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
      ...(model.jsonLogLevel && { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: model.jsonLogLevel }),
    };
  }
}

function poolsOf({ pool, tenants }: Entry): Pool[] {
  return [...(pool ? [pool] : []), ...tenants.values()];
}

function fingerprintOf({ code, ...model }: FunctionModel): string {
  return JSON.stringify([model, code?.version]);
}
