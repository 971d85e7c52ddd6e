import { randomUUID } from "node:crypto";
import type { Graph } from "../../engine/graph";
import { AwsError } from "../core/awsError";
import type { Invoker, Target } from "../core/invoker";
import type { Change, CodeContext } from "../core/types";
import { Concurrency, THROTTLED } from "./concurrency";
import { InvocationLog, type LogEvent } from "./invocationLog";
import { type FunctionModel, readFunctions } from "./model";
import { type Call, Pool, type Result as PoolResult } from "./pool";
import { poolOptions } from "./poolOptions";
import { describeProblems } from "./problems";
import { chooseVersion, hasQualifier } from "./qualifiers";
import { notFound, readReference } from "./reference";
import type { FunctionError } from "./sandbox";
import type { Buckets } from "./sources";

export interface FunctionsOptions extends CodeContext {
  /** True to let a debugger hold a function for any length of time. */
  inspect: boolean;
  /** The buckets in which code may lie. */
  buckets: Buckets;
  /** Where the log of each invocation goes. */
  logs: { add(group: string, stream: string, events: LogEvent[]): void };
}

interface Entry {
  model: FunctionModel;
  concurrency: Concurrency;
  /** Changes whenever something changes how the function runs. */
  fingerprint: string;
  pool?: Pool;
  /** Of a function that isolates its tenants, which then share no worker. */
  tenants: Map<string, Pool>;
}

/** What a caller says about itself, and how it takes the response. */
export type Caller = Partial<Omit<Call, "qualifier" | "onOutput">>;

export interface Result extends PoolResult {
  /** The version that ran. */
  version: string;
  /** Absent for a call that has not run. */
  log?: InvocationLog;
  /** Why Lambda refuses the call, which then has not run. */
  refusal?: AwsError;
}

/** The type of the error of a function that cannot run here. */
export const NOT_EMULATED = "Runtime.NotEmulated";

/** Each tenant has a worker of its own. Those of the tenants that called the longest ago are stopped. */
const MAX_TENANTS = 10;

/** The program's Lambda functions, ready to be invoked. */
export class Functions implements Invoker {
  private entries = new Map<string, Entry>();
  /** Pools that belong to no entry: their new code is being tried out and may never load, or their old code still runs. */
  private readonly apart = new Set<Pool>();
  private closed = false;
  /** All workers write into one stream. */
  private readonly logStreamName = `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]offline`;

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
      if (next.get(name) !== entry) for (const pool of poolsOf(entry)) void this.retire(pool);
    }
    this.entries = next;
    return changes;
  }

  find(reference: string, qualifier?: string): Target | undefined {
    try {
      return this.resolve(reference, qualifier);
    } catch (error) {
      if (error instanceof AwsError) return undefined;
      throw error;
    }
  }

  /**
   * Resolves a name, an ARN or a part of one, as Lambda does.
   * @param region that of the request
   * @param implied what an error names where no qualifier is given. @default nothing
   * @throws AwsError in Lambda's words
   */
  resolve(text: string, given?: string, region?: string, implied?: string): Target {
    const { name, qualifier } = readReference(text, given, region);
    const model = this.entries.get(name)?.model;
    if (model && hasQualifier(model, qualifier)) return { name, qualifier };
    throw notFound({ name, qualifier: qualifier ?? implied }, region ?? model?.region ?? "");
  }

  get names(): string[] {
    return [...this.entries.keys()];
  }

  async warm(name: string): Promise<void> {
    const { model, pool } = this.entries.get(name) ?? {};
    if (!this.closed && !pool?.used && !model?.isolatesTenants) await pool?.start();
  }

  async invoke(target: Target, payload: string, caller: Caller = {}): Promise<Result> {
    const { name, qualifier } = target;
    const entry = this.entries.get(name);
    const version = caller.version ?? this.versionOf(target);
    const unrun = (error: FunctionError, refusal?: AwsError) => {
      this.options.log(`${name} | ${error.errorMessage}`);
      return { requestId: caller.requestId ?? "", duration: 0, version, error, refusal };
    };
    const refuse = (refusal: AwsError) => unrun({ errorType: refusal.code, errorMessage: refusal.message }, refusal);
    const mistake = this.tenantMistake(target, caller.tenantId);
    if (mistake) return refuse(mistake);
    const leave = entry?.concurrency.take(version);
    if (entry && !leave) return refuse(THROTTLED);
    try {
      const pool = entry && this.poolOf(entry, caller.tenantId);
      if (entry && pool) return await this.run(pool, entry.model, payload, { ...caller, qualifier, version });
      const why = entry?.model.problem ?? "it does not exist";
      return unrun({ errorType: NOT_EMULATED, errorMessage: `The function ${name} does not run offline: ${why}` });
    } finally {
      leave?.();
    }
  }

  private async run(pool: Pool, model: FunctionModel, payload: string, call: Call): Promise<Result> {
    const requestId = call.requestId ?? randomUUID();
    const log = new InvocationLog(requestId, model);
    const onOutput = (text: string, level?: string) => log.add(text, level);
    const ran = await pool.invoke(payload, { ...call, requestId, onOutput });
    const result = { ...ran, version: call.version, log };
    this.options.logs.add(model.logGroup, this.logStreamName, log.events(result));
    return result;
  }

  /** Why Lambda refuses a call for a tenant, or for none. */
  tenantMistake({ name }: Target, tenantId: string | undefined): AwsError | undefined {
    const isolates = this.entries.get(name)?.model.isolatesTenants ?? false;
    if (isolates === (tenantId !== undefined)) return undefined;
    const message = isolates
      ? "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request and try again."
      : "The invoked function is not enabled with tenancy configuration. Remove the tenant ID from your request and try again.";
    return new AwsError("InvalidParameterValueException", message);
  }

  /** The version that a call executes, which may differ from call to call. */
  versionOf({ name, qualifier }: Target): string {
    const model = this.modelOf(name);
    return model ? chooseVersion(model, qualifier) : "$LATEST";
  }

  /** The settings of a function that is served. */
  modelOf(name: string): FunctionModel | undefined {
    return this.entries.get(name)?.model;
  }

  private poolOf({ model, pool, tenants }: Entry, tenantId: string | undefined): Pool | undefined {
    if (tenantId === undefined) return pool;
    const own = tenants.get(tenantId) ?? this.createPool(model);
    if (!own) return undefined;
    // The tenant that has called last is last.
    tenants.delete(tenantId);
    tenants.set(tenantId, own);
    const [oldest] = tenants;
    if (oldest && tenants.size > MAX_TENANTS) {
      tenants.delete(oldest[0]);
      void this.retire(oldest[1]);
    }
    return own;
  }

  /** One sentence for everything that keeps functions from running, or that they run without. */
  get problems(): string[] {
    return describeProblems([...this.entries.values()].map(({ model }) => model));
  }

  async close(): Promise<void> {
    this.closed = true;
    const pools = [...this.entries.values()].flatMap(poolsOf);
    await Promise.all([...pools, ...this.apart].map((pool) => pool.stop()));
  }

  private async replace(old: Entry | undefined, model: FunctionModel): Promise<Entry> {
    const pool = this.createPool(model);
    const isUsed = old && poolsOf(old).some(({ used }) => used);
    const error = isUsed && !this.closed && pool && (await this.try(pool));
    if (!old || !error) {
      const concurrency = new Concurrency(model);
      return { model, concurrency, fingerprint: fingerprintOf(model), pool, tenants: new Map() };
    }
    this.options.log(
      `${model.name} | the new code does not load, so the old code keeps serving: ${error.errorMessage}`,
    );
    await pool?.stop();
    return old;
  }

  /** Undefined for a function that cannot run here. */
  private createPool(model: FunctionModel): Pool | undefined {
    return model.code && new Pool(poolOptions(model, model.code.root, this.logStreamName, this.options));
  }

  private async try(pool: Pool): Promise<FunctionError | undefined> {
    this.apart.add(pool);
    const error = await pool.start();
    this.apart.delete(pool);
    return error;
  }

  /** Lets what runs in a pool end, unless everything is closed before that. */
  private async retire(pool: Pool): Promise<void> {
    this.apart.add(pool);
    await pool.drain();
    this.apart.delete(pool);
  }
}

function poolsOf({ pool, tenants }: Entry): Pool[] {
  return [...(pool ? [pool] : []), ...tenants.values()];
}

function fingerprintOf({ code, ...model }: FunctionModel): string {
  return JSON.stringify([model, code?.version]);
}
