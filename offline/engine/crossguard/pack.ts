import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Context } from "../context";
import type { PolicyFailure, PolicyPackResult, Resource } from "../graph";
import { tidyMessage } from "../program/failure";
import type { KnownSecrets } from "../secrets";
import { createUrn, stackType } from "../urn";
import { toProperties } from "../wire";
import { Analyzer, detailsOf, isGone, isUnimplemented } from "./analyzer";
import { describePack, packConfiguration, stackConfiguration, violationOf } from "./description";
import { analyzeRequest, analyzeStackRequest, type FindResource, remediateRequest } from "./messages";
import type { PackProcess } from "./process";
import { changedNames, remediated } from "./remediation";
import { mergeSettings, type Policy, type PolicySettings } from "./settings";
import { readSettings } from "./settingsFile";
import type { StartedPack } from "./start";
import { uncaughtErrors } from "./uncaught";

const uncaught: PolicyFailure = {
  message:
    "An error was thrown that no policy awaited (see the diagnostics). The checks that it interrupted are incomplete.",
};

/** One policy pack, asked about each resource and finally about the stack. Any error becomes a failure in its result. */
export class PolicyPack {
  /** Resolves when the pack can be asked, or has failed to start. */
  readonly ready: Promise<void>;
  private readonly result: PolicyPackResult;
  private readonly find: FindResource;
  private analyzer: Analyzer | undefined;
  private policies: Policy[] = [];
  private settings = new Map<string, PolicySettings>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly started: StartedPack,
    private readonly context: Context,
    private readonly secrets: KnownSecrets,
  ) {
    const { directory, config } = started;
    this.result = {
      name: path.basename(directory),
      version: "",
      directory,
      ...(config !== undefined && { config }),
      policies: 0,
      violations: [],
      remediations: [],
      failures: [],
    };
    const { failures } = this.result;
    this.process?.on("line", (line) => {
      context.report({ severity: "info", message: `${this.result.name}: ${secrets.hide(line)}` });
    });
    const findErrors = uncaughtErrors(
      () => failures.includes(uncaught) || failures.push(uncaught),
      () => this.analyzer?.abandon(),
    );
    this.process?.on("line", findErrors);
    this.find = (urn) => context.resources.get(urn);
    this.ready = this.configure().catch((error) => {
      const why = detailsOf(error);
      this.end(isGone(error) ? `The pack did not answer on the port that it printed: ${why}` : why);
    });
  }

  /** Lets the policies of level "remediate" change the inputs, and resolves to the new inputs. */
  async remediate(resource: Resource): Promise<Resource["inputs"]> {
    let { inputs } = resource;
    if (![...this.settings.values()].some(({ level }) => level === "remediate")) return inputs;
    const request = remediateRequest(resource, this.find);
    const response = await this.ask(resource.urn, (analyzer) => analyzer.remediate(request));
    for (const remediation of response?.getRemediationsList() ?? []) {
      const policy = remediation.getPolicyname();
      const message = remediation.getDiagnostic();
      if (message) {
        const description = remediation.getDescription();
        this.result.violations.push({ policy, level: "advisory", description, message, urn: resource.urn });
        continue;
      }
      try {
        const after = toProperties(remediation.getProperties());
        const next = remediated(inputs, after, (text) => this.secrets.isIn(text));
        const names = changedNames(inputs, next);
        if (names.length === 0) continue;
        this.result.remediations.push({ policy, urn: resource.urn, inputs: names });
        inputs = next;
      } catch (error) {
        this.fail(`its remediation could not be applied: ${detailsOf(error)}`, { policy, urn: resource.urn });
      }
    }
    return inputs;
  }

  async analyze(resource: Resource): Promise<void> {
    const request = analyzeRequest(resource, this.find);
    const response = await this.ask(resource.urn, (analyzer) => analyzer.analyze(request));
    for (const diagnostic of response?.getDiagnosticsList() ?? []) {
      this.result.violations.push(violationOf(diagnostic, resource.urn, this.policies));
    }
  }

  /** Asks about the stack, and waits for the rest of the pack's output. */
  async finish(): Promise<PolicyPackResult> {
    await this.analyzeStack();
    await this.process?.end();
    this.close();
    await this.process?.exit;
    return this.result;
  }

  close(): void {
    this.analyzer?.close();
    this.analyzer = undefined;
    this.process?.kill();
  }

  /** A stack policy's violation that names no resource of the stack is the stack's own. */
  private async analyzeStack(): Promise<void> {
    const { stack, project, resources } = this.context.graph;
    const stackUrn = createUrn({ stack, project, type: stackType, name: `${project}-${stack}` });
    const request = analyzeStackRequest(resources, this.find);
    const response = await this.ask(stackUrn, (analyzer) => analyzer.analyzeStack(request));
    for (const diagnostic of response?.getDiagnosticsList() ?? []) {
      const urn = this.find(diagnostic.getUrn())?.external === false ? diagnostic.getUrn() : stackUrn;
      this.result.violations.push(violationOf(diagnostic, urn, this.policies));
    }
  }

  private get process(): PackProcess | undefined {
    return this.started.process instanceof Error ? undefined : this.started.process;
  }

  private async configure(): Promise<void> {
    if (this.started.process instanceof Error) throw this.started.process;
    const analyzer = new Analyzer(await this.started.process.port);
    this.analyzer = analyzer;
    await analyzer.configureStack(stackConfiguration(this.context));
    const { name, version, policies, author } = describePack(await analyzer.info());
    this.policies = policies;
    const file = this.settingsFile();
    const given = readSettings(
      file,
      policies.map((policy) => policy.name),
    );
    const { settings, mistakes } = mergeSettings(policies, author, given);
    this.settings = settings;
    Object.assign(this.result, {
      name,
      version: this.started.version ?? version,
      ...(file !== undefined && { config: file }),
      policies: [...settings.values()].filter(({ level }) => level !== "disabled").length,
    });
    this.result.failures.push(...given.mistakes, ...mistakes);
    for (const message of given.warnings) this.context.report({ severity: "warning", message });
    await analyzer.configure(packConfiguration(settings, new Set()));
  }

  /** The file given, else the stack's in the pack's folder, if it exists. */
  private settingsFile(): string | undefined {
    const { directory, config } = this.started;
    if (config !== undefined) return config;
    const usual = path.join(directory, `policy-config.${this.context.graph.stack}.json`);
    return fs.existsSync(usual) ? usual : undefined;
  }

  /**
   * Asks, and asks again without each policy that throws, as the SDK then drops the answers of the others.
   * One question at a time: another one would be answered with that policy switched off.
   */
  private ask<Response>(
    urn: string,
    question: (analyzer: Analyzer) => Promise<Response>,
  ): Promise<Response | undefined> {
    const answer = this.turn.then(async () => {
      const thrown = new Set<string>();
      try {
        const response = await this.askWithout(thrown, urn, question);
        if (thrown.size > 0) await this.analyzer?.configure(packConfiguration(this.settings, new Set()));
        return response;
      } catch (error) {
        await this.endBy(error, urn);
        return undefined;
      }
    });
    this.turn = answer;
    return answer;
  }

  private async askWithout<Response>(
    thrown: Set<string>,
    urn: string,
    question: (analyzer: Analyzer) => Promise<Response>,
  ): Promise<Response | undefined> {
    while (this.analyzer) {
      try {
        return await question(this.analyzer);
      } catch (error) {
        if (isUnimplemented(error)) return undefined;
        if (isGone(error)) throw error;
        const { policy, message } = this.readError(detailsOf(error));
        this.fail(message, { ...(policy && { policy }), urn });
        if (policy === undefined || thrown.has(policy) || !this.settings.has(policy)) return undefined;
        thrown.add(policy);
        await this.analyzer?.configure(packConfiguration(this.settings, thrown));
      }
    }
    return undefined;
  }

  /** The SDK puts the policy's name before the error that it threw. */
  private readError(details: string): { policy?: string; message: string } {
    const [, policy, thrown = details] =
      /^Error \w+ resource with (?:policy|remediation) '(.+?)' from policy pack '.*?':\n(.*)$/s.exec(details) ?? [];
    const { message } = tidyMessage({ severity: "error", message: thrown }, this.result);
    return { ...(policy !== undefined && { policy }), message };
  }

  private fail(message: string, where: Pick<PolicyFailure, "policy" | "urn"> = {}): void {
    this.result.failures.push({ ...where, message });
  }

  private async endBy(error: unknown, urn: string): Promise<void> {
    if (!this.analyzer) return;
    // The connection may break a moment before the end of the process is known.
    const exit = await Promise.race([this.process?.exit, setTimeout(500, undefined, { ref: false })]);
    const why = exit === undefined ? detailsOf(error) : `its process ended with ${exit}`;
    this.end(`The pack stopped answering when it was asked about ${urn}: ${why}. Nothing after that was checked.`);
  }

  private end(message: string): void {
    this.fail(message);
    this.close();
  }
}
