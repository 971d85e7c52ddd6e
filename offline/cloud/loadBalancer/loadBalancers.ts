import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Graph } from "../../engine/graph";
import { type Answer, sendAnswer } from "../core/answer";
import { readBody } from "../core/body";
import { compare } from "../core/changes";
import type { Hosts } from "../core/hosts";
import type { Invoker } from "../core/invoker";
import { Listeners, stablePort } from "../core/listeners";
import { printableUrl } from "../core/printableUrl";
import { asMap, asTexts } from "../core/resources";
import type { ServedSite } from "../core/served";
import type { Service } from "../core/service";
import { traceOf } from "../core/trace";
import type { Change } from "../core/types";
import { covers } from "../core/wildcards";
import { answerIn, fixedResponse, MOST_BYTES, page, redirection } from "./answers";
import { meets, nameOf } from "./conditions";
import { eventFor } from "./event";
import { forwardsOf, type Group, type Listener, type Model, readModel, resourcesOf } from "./model";

export interface LoadBalancersOptions {
  /** The port of the APIs. With 0, listeners get any free ports too. */
  port: number;
  functions: Invoker;
  /** The host names that listeners answer to besides those of their own rules. */
  hosts: Hosts;
  log(line: string): void;
}

/** How a request ended, and for the log which function it called, or why there is no answer of one. */
interface Outcome {
  answer: Answer;
  invoked?: string;
  explanation?: string;
}

const TOO_LARGE = new Error(`the body has more than ${MOST_BYTES} bytes`);

/** Serves the listeners of Application Load Balancers that reach functions, each on a port of its own. */
export class LoadBalancers implements Service {
  problems: string[] = [];
  private model: Model = { listeners: [], groups: [] };
  private readonly listeners: Listeners<Listener>;

  constructor(private readonly options: LoadBalancersOptions) {
    this.listeners = new Listeners(
      (listener, request, response) => this.answer(listener, request, response),
      options.log,
    );
  }

  /** Switches to the listeners of a graph. One that stays keeps its port. */
  async reconcile(graph: Graph): Promise<Change[]> {
    const { port, functions } = this.options;
    const model = readModel(graph);
    const preferred = (arn: string) => (port === 0 ? 0 : stablePort(arn));
    await this.listeners.reconcile(model.listeners.map((site) => ({ key: site.arn, site, port: preferred(site.arn) })));
    const changes = compare("load balancer", describe(this.model), describe(model));
    this.model = model;
    this.problems = this.problemsOf(graph);
    for (const { target } of model.groups) {
      const called = functions.find(target ?? "");
      // Not awaited: a request that arrives sooner waits for its own worker only.
      if (called) void functions.warm(called.name);
    }
    return changes;
  }

  get served(): ServedSite[] {
    return this.model.listeners.flatMap(({ arn, name }) => {
      const url = this.listeners.urlOf(arn);
      return url ? { name, kind: "load balancer" as const, url } : [];
    });
  }

  close(): Promise<void> {
    return this.listeners.close();
  }

  private problemsOf(graph: Graph): string[] {
    const { listeners, groups } = this.model;
    const served = resourcesOf(graph, "listener:Listener")
      .filter(({ settings }) => listeners.some(({ arn }) => arn === settings.arn))
      .map(({ settings }) => settings.loadBalancerArn);
    const others = resourcesOf(graph, "loadBalancer:LoadBalancer").filter(
      ({ settings }) => !served.includes(settings.arn),
    );
    return [
      ...others.map(({ name }) => {
        return `load balancer ${name} is not served: none of its listeners reaches a function; call its targets directly`;
      }),
      ...listeners.flatMap(({ rules }) =>
        rules.flatMap(({ name, unserved }) =>
          unserved ? `requests that meet the rule ${name} are answered with 501: ${unserved} is not emulated` : [],
        ),
      ),
      ...groups.flatMap(({ name, target }) => {
        if (target === undefined) return `target group ${name} answers 503: no function is attached to it`;
        return this.options.functions.find(target)
          ? []
          : `target group ${name} answers 502: the program has no function ${target}`;
      }),
    ];
  }

  private async answer(listener: Listener, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const outcome = await this.serve(listener, request).catch((error: Error): Outcome => {
      return { answer: page(error === TOO_LARGE ? 413 : 502), explanation: error.message };
    });
    const { answer, invoked, explanation } = outcome;
    const left = request.socket.destroyed;
    if (!left) sendAnswer(response, answer);
    const status = left ? "unanswered, the caller left," : response.statusCode;
    const time = (performance.now() - started).toFixed(1);
    const line = `${request.method} ${listener.name} ${printableUrl(request.url)} ${status} ${time} ms`;
    this.options.log(`${line}${invoked ? ` → ${invoked}` : ""}${explanation ? ` | ${explanation}` : ""}`);
  }

  /** @throws Error that says why there is no answer of a function */
  private async serve({ rules }: Listener, request: IncomingMessage): Promise<Outcome> {
    const { hosts } = this.options;
    // A name that the program's own rules have is not one that a foreign page has.
    const foreign = rules.some(({ conditions }) => isNamed(conditions, request)) ? undefined : hosts.refusal(request);
    if (foreign) return { answer: { ...page(421), body: foreign } };
    const refused = hosts.refusalOfPage(request);
    if (refused) return { answer: { ...page(403), body: refused } };
    const rule = rules.find(({ conditions }) => meets(request, conditions));
    if (!rule) return { answer: page(404) };
    const { action, unserved } = rule;
    if (unserved) return { answer: page(501), explanation: `${unserved} of ${rule.name} is not emulated` };
    if (action.type === "fixed-response") return { answer: fixedResponse(action) };
    if (action.type === "redirect") return { answer: redirection(action, request) };
    const arn = choose(forwardsOf(action));
    const group = this.model.groups.find((one) => one.arn === arn);
    return group
      ? this.forward(group, request)
      : { answer: page(503), explanation: `${arn} is not a group of functions` };
  }

  private async forward(group: Group, request: IncomingMessage): Promise<Outcome> {
    const { functions } = this.options;
    if (group.target === undefined) return { answer: page(503), explanation: `${group.name} has no function` };
    const target = functions.find(group.target);
    if (!target) throw new Error(`the program has no function ${group.target}`);
    const body = await readBody(request, { bytes: MOST_BYTES, error: TOO_LARGE });
    const { received } = traceOf({ id: randomUUID(), headers: request.headers });
    const { payload, error } = await functions.invoke(target, eventFor(request, body, group, received));
    if (error || payload === undefined) throw new Error(`the function ${target.name} failed`);
    return { answer: answerIn(payload, group), invoked: target.name };
  }
}

/** Whether a rule's own host names include that of a request; names that anybody could have do not count. */
function isNamed(conditions: Listener["rules"][number]["conditions"], { headers }: IncomingMessage): boolean {
  const names = conditions.flatMap(({ hostHeader }) => asTexts(asMap(hostHeader).values));
  return covers(
    names.filter((name) => /^(?:\*\.)?[\w-]+(?:\.[\w-]+)+$/.test(name)),
    nameOf(headers.host),
  );
}

/** One of the target groups at random, by their weights. */
function choose(groups: { arn: string; weight: number }[]): string | undefined {
  let rest = Math.random() * groups.reduce((sum, { weight }) => sum + weight, 0);
  for (const { arn, weight } of groups) {
    rest -= weight;
    if (rest < 0) return arn;
  }
  return undefined;
}

function describe({ listeners, groups }: Model) {
  return listeners.map(({ arn, name, rules }) => ({ name, arn, fingerprint: JSON.stringify([rules, groups]) }));
}
