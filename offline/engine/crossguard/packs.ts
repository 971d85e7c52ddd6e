import * as path from "node:path";
import type { Context } from "../context";
import type { PolicyFailure, PolicyPackResult, Resource } from "../graph";
import type { Launch } from "../program/launch";
import { KnownSecrets } from "../secrets";
import { providerUrn } from "../urn";
import type { PolicyPack } from "./pack";
import { PackProcess } from "./process";
import { readPackProject } from "./project";
import { uncaughtErrors } from "./uncaught";

/** Where a policy pack is. */
export interface PolicyPackOptions {
  /** The folder of its PulumiPolicy.yaml. */
  directory: string;
  /** Its configuration file. @default policy-config.<stack>.json in its folder, if it is there */
  config?: string;
}

/** A pack whose process is under way, or the reason why it is not. */
export interface StartedPack {
  result: PolicyPackResult;
  process: PackProcess | Error;
  /** The version that PulumiPolicy.yaml gives. */
  version?: string;
  /** Called when the SDK could not make the answer to what the pack was asked last. */
  onUnanswerable?(): void;
}

/** The policy packs of one run. The results are in the graph from the beginning, and complete when `finish` resolves. */
export class PolicyPacks {
  private readonly packs: PolicyPack[];
  private readonly secrets: KnownSecrets;
  private readonly registrations = new Map<string, Promise<void>>();

  constructor(
    private readonly context: Context,
    run: Launch,
    options: PolicyPackOptions[],
  ) {
    this.secrets = new KnownSecrets(context.config);
    const started = options.map((pack) => startPack(pack, context, run, this.secrets));
    context.graph.policyPacks = started.map(({ result }) => result);
    // Loaded while the packs start, which takes longer.
    const { PolicyPack } = require("./pack") as typeof import("./pack");
    this.packs = started.map((pack) => new PolicyPack(pack, context, this.secrets));
  }

  /**
   * Has a new resource remediated by one pack after the other, each seeing what the one before it made of the inputs. Then
   * all analyze it, which is not waited for: a pack is asked one thing after the other, about the stack last.
   */
  register(resource: Resource): Promise<void> {
    const registration = this.check(resource);
    this.registrations.set(resource.urn, registration);
    return registration;
  }

  /** Resolves when the provider, named by its reference, has its final inputs. */
  async settled(provider: string): Promise<void> {
    await this.registrations.get(providerUrn(provider));
  }

  /** Has the stack analyzed as a whole, after all its resources. */
  async finish(): Promise<void> {
    await Promise.all(this.registrations.values());
    await Promise.all(this.packs.map((pack) => pack.finish()));
    this.hideSecrets();
  }

  close(): void {
    for (const pack of this.packs) pack.close();
  }

  private async check(resource: Resource): Promise<void> {
    await Promise.all(this.packs.map(({ ready }) => ready));
    await this.settled(resource.provider ?? "");
    this.secrets.add(resource.inputs);
    for (const pack of this.packs) await pack.remediate(resource);
    for (const pack of this.packs) void pack.analyze(resource);
  }

  /** Many policies quote what they find. */
  private hideSecrets(): void {
    const { resources, policyPacks } = this.context.graph;
    for (const { inputs, outputs } of resources) this.secrets.add({ inputs, outputs });
    for (const said of policyPacks.flatMap(({ violations, failures }) => [...violations, ...failures])) {
      said.message = this.secrets.hide(said.message);
    }
  }
}

function startPack(
  { directory: given, config }: PolicyPackOptions,
  context: Context,
  run: Launch,
  secrets: KnownSecrets,
): StartedPack {
  const directory = path.resolve(given);
  const result: PolicyPackResult = {
    name: path.basename(directory),
    version: "",
    directory,
    ...(config !== undefined && { config: path.resolve(config) }),
    policies: 0,
    violations: [],
    remediations: [],
    failures: [],
  };
  try {
    const pack = readPackProject(directory);
    const uncaught: PolicyFailure = {
      message:
        "An error was thrown that no policy waited for; it is among the diagnostics. What it cut short is not checked.",
    };
    const findErrors = uncaughtErrors(
      () => result.failures.includes(uncaught) || result.failures.push(uncaught),
      () => started.onUnanswerable?.(),
    );
    const onLine = (line: string) => {
      context.report({ severity: "info", message: `${result.name}: ${secrets.hide(line)}` });
      findErrors(line);
    };
    const started: StartedPack = {
      result,
      process: new PackProcess(pack, run, onLine),
      ...(pack.version !== undefined && { version: pack.version }),
    };
    return started;
  } catch (error) {
    return { result, process: error instanceof Error ? error : new Error(String(error)) };
  }
}
