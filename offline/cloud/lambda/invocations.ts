import { hash } from "node:crypto";
import * as fs from "node:fs/promises";
import type { Graph } from "../../engine/graph";
import { replaceFile } from "../core/replaceFile";
import { asText, isMap, ownResources, type PlainResource, type Settings } from "../core/resources";
import type { Functions } from "./functions";

export interface InvocationsOptions {
  functions: Functions;
  /** The file that records which calls were made, for later runs. @default the record is kept in memory */
  file?: string;
  log(line: string): void;
}

/** How much of a result the log shows. */
const SHOWN_CHARACTERS = 500;

/**
 * The calls of functions that are part of a deployment (`aws.lambda.Invocation`), such as migrations and seeds. Each is
 * made once, and again after a change that would replace the resource. A call that failed is made again with the next
 * graph, as the next deployment would.
 */
export class Invocations {
  /** A digest of the input of each call that was made, by URN. */
  private made: Record<string, string> | undefined;
  private latest: Graph | undefined;
  private running: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly options: InvocationsOptions) {}

  /** Makes the calls of a graph in the background, after those of the previous graph. */
  reconcile(graph: Graph): void {
    this.latest = graph;
    this.running = this.running
      .then(() => this.makeCalls(graph))
      .catch(({ message }) =>
        this.options.log(`error: the record of invocations cannot be read or written: ${message}`),
      );
  }

  /** Makes no further calls; one in flight ends when its function does. */
  close(): void {
    this.closed = true;
  }

  /** In the order of the graph, in which everything comes after what it depends on. */
  private async makeCalls(graph: Graph): Promise<void> {
    const invocations = new Map(ownResources(graph, "aws:lambda/invocation:Invocation").map((one) => [one.urn, one]));
    if (invocations.size === 0) return;
    /** The failed invocation, by the URN of each resource that needs it. */
    const failed = new Map<string, string>();
    for (const { urn, name, parent, dependencies } of graph.resources) {
      if (this.closed || graph !== this.latest) return;
      const invocation = invocations.get(urn);
      const missing = [parent ?? "", ...dependencies].map((needed) => failed.get(needed)).find(Boolean);
      if (missing) {
        failed.set(urn, missing);
        if (invocation) this.options.log(`invocation ${name} waits for ${missing}, which failed`);
      } else if (invocation && !(await this.makeOnce(invocation))) failed.set(urn, name);
    }
  }

  /** False if it failed. */
  private async makeOnce({ urn, name, settings }: PlainResource): Promise<boolean> {
    this.made ??= await this.read();
    const digest = digestOf(settings);
    if (this.made[urn] === digest) return true;
    const title = `invocation ${name} of ${asText(settings.functionName)}`;
    let answer: string;
    try {
      answer = await this.call(settings);
    } catch (error) {
      if (!this.closed) this.options.log(`error: ${title} failed: ${(error as Error).message}`);
      return false;
    }
    this.made[urn] = digest;
    await this.write();
    this.options.log(`${title} answered ${answer.slice(0, SHOWN_CHARACTERS)}`);
    return true;
  }

  /** @throws Error if the function does not exist or fails, or if the input is invalid */
  private async call(settings: Settings): Promise<string> {
    const { functions } = this.options;
    const payload = payloadOf(settings);
    const target = functions.find(asText(settings.functionName) ?? "", asText(settings.qualifier));
    if (!target) throw new Error(`the program has no such function; it has ${functions.names.join(", ") || "none"}`);
    const { payload: answer = "", error } = await functions.invoke(target, payload);
    if (error) throw new Error(`${error.errorType}: ${error.errorMessage}`);
    return answer;
  }

  private async read(): Promise<Record<string, string>> {
    const text = this.options.file && (await fs.readFile(this.options.file, "utf8").catch(ignoreMissing));
    try {
      return JSON.parse(text || "{}");
    } catch {
      return {};
    }
  }

  private async write(): Promise<void> {
    if (this.options.file) await replaceFile(this.options.file, JSON.stringify(this.made));
  }
}

/** Of the properties that replace the resource when they change. @see https://www.pulumi.com/registry/packages/aws/api-docs/lambda/invocation/ */
function digestOf({ functionName, qualifier, input, triggers }: Settings): string {
  return hash("sha256", JSON.stringify([functionName, qualifier, input, triggers]));
}

/** @throws Error if the provider would refuse the input */
function payloadOf({ input, lifecycleScope, terraformKey }: Settings): string {
  const text = asText(input) ?? "";
  const event = parse(text);
  if (lifecycleScope !== "CRUD") return text;
  if (!isMap(event)) throw new Error("with the lifecycleScope CRUD, its input must be a JSON object");
  // Each run counts as the first deployment, so there are no updates and no deletions.
  const action = { action: "create", prev_input: null };
  return JSON.stringify({ ...event, [asText(terraformKey) || "tf"]: action });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`its input is not valid JSON: ${(error as Error).message}`);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): string {
  if (error.code !== "ENOENT") throw error;
  return "";
}
