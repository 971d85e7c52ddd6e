import type { Context } from "../context";
import type { PolicyPackResult, Resource } from "../graph";
import type { Policies } from "../policies";
import type { Launch } from "../program/launch";
import { KnownSecrets } from "../secrets";
import { secretTexts } from "../values";
import type { PolicyPack } from "./pack";
import { type PolicyPackOptions, startPack } from "./start";

/** The policy packs of one run. */
export class PolicyPacks implements Policies {
  private readonly packs: PolicyPack[];
  private readonly secrets: KnownSecrets;
  private readonly registrations: Promise<unknown>[] = [];

  constructor(
    private readonly context: Context,
    run: Launch,
    options: PolicyPackOptions[],
  ) {
    this.secrets = new KnownSecrets(context.config.secretTexts);
    const started = options.map((pack) => startPack(pack, run));
    // Loaded while the packs start, which takes longer.
    const { PolicyPack } = require("./pack") as typeof import("./pack");
    this.packs = started.map((pack) => new PolicyPack(pack, context, this.secrets));
  }

  /**
   * Has the packs remediate a new resource in order, each seeing the inputs that the one before it returned. All then
   * analyze it, without being waited for: each pack answers one question after the other, that about the stack last.
   */
  register(resource: Resource): Promise<Resource["inputs"]> {
    const registration = this.check(resource);
    this.registrations.push(registration);
    return registration;
  }

  async finish(): Promise<PolicyPackResult[]> {
    await Promise.all(this.registrations);
    const results = await Promise.all(this.packs.map((pack) => pack.finish()));
    for (const { inputs, outputs } of this.context.graph.resources) this.secrets.add(secretTexts({ inputs, outputs }));
    return results.map((result) => this.withoutSecrets(result));
  }

  close(): void {
    for (const pack of this.packs) pack.close();
  }

  private async check(resource: Resource): Promise<Resource["inputs"]> {
    await Promise.all(this.packs.map(({ ready }) => ready));
    this.secrets.add(secretTexts(resource.inputs));
    let { inputs } = resource;
    for (const pack of this.packs) inputs = await pack.remediate({ ...resource, inputs });
    for (const pack of this.packs) void pack.analyze({ ...resource, inputs });
    return inputs;
  }

  /** Many policies quote the values that they object to. */
  private withoutSecrets(result: PolicyPackResult): PolicyPackResult {
    const hide = <T extends { message: string }>(said: T) => ({ ...said, message: this.secrets.hide(said.message) });
    return { ...result, violations: result.violations.map(hide), failures: result.failures.map(hide) };
  }
}
