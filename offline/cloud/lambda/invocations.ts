import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import type { Graph } from "../../engine/graph";
import { replaceFile } from "../core/replaceFile";
import { asText, ownResources, type PlainResource, type Settings } from "../core/resources";
import type { Functions } from "./functions";

export interface InvocationsOptions {
  functions: Functions;
  /** The file that keeps across runs which calls were made. @default memory */
  file?: string;
  log(line: string): void;
}

/** How much of an answer the log shows. */
const SHOWN_CHARACTERS = 500;

/**
 * The calls of functions that belong to a deployment (`aws.lambda.Invocation`), such as migrations and seeds. Each is
 * made once, and again when what the resource would be replaced for has changed; one that failed is made again with
 * the next graph, as the next deployment would.
 */
export class Invocations {
  /** A digest of what each was called with, by URN. */
  private made: Record<string, string> | undefined;
  private latest: Graph | undefined;
  private running: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly options: InvocationsOptions) {}

  /** Makes the calls of a graph in the background, once those of the one before it are over. */
  reconcile(graph: Graph): void {
    this.latest = graph;
    this.running = this.running
      .then(() => this.makeCalls(graph))
      .catch(({ message }) => this.options.log(`error: invocations cannot be kept: ${message}`));
  }

  /** Makes no more calls; the one in flight ends with its function. */
  close(): void {
    this.closed = true;
  }

  /** In the order of the graph, where everything stands after what it depends on. */
  private async makeCalls(graph: Graph): Promise<void> {
    const invocations = new Map(ownResources(graph, "aws:lambda/invocation:Invocation").map((one) => [one.urn, one]));
    if (invocations.size === 0) return;
    /** The invocation that failed, by the URN of whatever needs it. */
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

  /** False when it failed. */
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

  /** @throws Error when there is no such function, when it fails, and for an input that it cannot have */
  private async call(settings: Settings): Promise<string> {
    const { functions } = this.options;
    const payload = payloadOf(settings);
    const target = functions.find(asText(settings.functionName) ?? "", asText(settings.qualifier));
    if (!target) throw new Error(`the program has no such function, only ${functions.names.join(", ") || "none"}`);
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
    const { file } = this.options;
    if (!file) return;
    await replaceFile(file, JSON.stringify(this.made));
  }
}

/** What the provider replaces the resource for. @see https://www.pulumi.com/registry/packages/aws/api-docs/lambda/invocation/ */
function digestOf({ functionName, qualifier, input, triggers }: Settings): string {
  return createHash("sha256")
    .update(JSON.stringify([functionName, qualifier, input, triggers]))
    .digest("hex");
}

/** @throws Error for an input that the provider refuses */
function payloadOf({ input, lifecycleScope, terraformKey }: Settings): string {
  const text = asText(input) ?? "";
  const event = parse(text);
  if (lifecycleScope !== "CRUD") return text;
  if (typeof event !== "object" || event === null || Array.isArray(event)) {
    throw new Error("with the lifecycleScope CRUD, its input must be a JSON object");
  }
  // Every run is a first one, so that there is neither an update nor a deletion.
  const action = { action: "create", prev_input: null };
  return JSON.stringify({ ...event, [asText(terraformKey) || "tf"]: action });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`its input is no JSON: ${(error as Error).message}`);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): string {
  if (error.code !== "ENOENT") throw error;
  return "";
}
