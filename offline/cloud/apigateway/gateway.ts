import { randomUUID } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Graph } from "../../engine/graph";
import type { Answer } from "../core/answer";
import { compare } from "../core/changes";
import type { Hosts } from "../core/hosts";
import type { Identities } from "../core/iam/identities";
import type { Invoker } from "../core/invoker";
import { closeServer } from "../core/listeners";
import { printableUrl } from "../core/printableUrl";
import type { ServedApi } from "../core/served";
import type { Service } from "../core/service";
import type { Change, CodeContext } from "../core/types";
import { answerUnreadable } from "../core/unreadable";
import { KeySets } from "./authorizers/keySets";
import type { LocalKeys } from "./authorizers/localKeys";
import { createSignatureCheck, type SignatureCheck } from "./authorizers/signature";
import type { Tokens } from "./authorizers/tokens";
import { Usage } from "./authorizers/usage";
import { readDeclarations } from "./declarations";
import { locateMapped, type Mapping, mappedUrl, mappingsOf, readMappings } from "./domains";
import { locate, type Stages, startsWithSegment, trimSlashes } from "./locate";
import { idsOf, messageAnswer, refusalOfHead, responseOver, send, textAnswer } from "./request/http";
import type { RouteFacts } from "./routeFacts";
import type { Declaration, Served } from "./stage";

export interface GatewayOptions extends CodeContext {
  /** Who may sign requests. */
  identities: Identities;
  /** The port on 127.0.0.1; 0 picks a free one. */
  port: number;
  functions: Invoker;
  /** The host names that it answers to. */
  hosts: Hosts;
  /** Where the requests of services are sent, by their signing names. */
  endpoints: Record<string, string>;
  /** What the tokens of issuers that are not on this machine are verified with. */
  keys: LocalKeys;
  /** The file that keeps what API keys have used of their quotas. @default memory */
  usageFile?: string;
  inspect: boolean;
}

interface Api extends Pick<Declaration, "name" | "id" | "region" | "refusal">, Stages {
  /** Changes whenever the behaviour of its routes does. */
  fingerprint: string;
}

/** How long a caller may take to send a request. */
const REQUEST_TIMEOUT_MILLISECONDS = 30_000;

/** Serves the program's APIs on one loopback port. */
export class Gateway implements Service {
  private apis: Api[] = [];
  private mappings: Mapping[] = [];
  /** Why some of the program's APIs and routes are not served, one sentence each. */
  problems: string[] = [];
  private readonly server = http.createServer((request, response) => void this.answer(request, response));
  private readonly checkSignature: SignatureCheck;
  private readonly keySets: KeySets;
  readonly usage: Usage;

  constructor(private readonly options: GatewayOptions) {
    this.server.requestTimeout = REQUEST_TIMEOUT_MILLISECONDS;
    answerUnreadable(this.server, options.log);
    this.checkSignature = createSignatureCheck(options.identities);
    this.keySets = new KeySets(options.keys);
    this.usage = new Usage(options.usageFile, options.log);
  }

  /**
   * Switches to the APIs of a graph at once: each request is served entirely by the old ones or by the new ones. It
   * listens from the first graph on.
   * @throws Error when the port is in use
   */
  async reconcile(graph: Graph): Promise<Change[]> {
    const changes = this.replace(graph);
    // Not awaited: a request that arrives sooner waits for its own worker only.
    const targets = new Set(this.routes.flatMap(({ target }) => target ?? []));
    for (const name of targets) void this.options.functions.warm(name);
    if (!this.server.listening) await this.listen();
    return changes;
  }

  get served(): ServedApi[] {
    return this.apis.map((api) => ({
      name: api.name,
      url: `http://127.0.0.1:${this.port}${this.prefixOf(api)}${api.stages[0]?.path}`,
      domainUrl: this.onlyDomainOf(api),
      region: api.region,
      auth: [...new Set(api.stages.flatMap((stage) => stage.routes.map(({ auth }) => auth)))],
      routes: (api.stages[0]?.routes ?? [])
        .filter(({ problem }) => problem === undefined)
        .map(({ method, path, auth, required }) => ({ method, path, auth, required })),
    }));
  }

  /** The address of the API that has a host name of its own on AWS, without a stage. */
  addressOf(host: string): string | undefined {
    const api = this.apis.find(({ id }) => host.startsWith(`${id}.execute-api.`));
    return api && `http://127.0.0.1:${this.port}${this.prefixOf(api)}`;
  }

  /** The tokens that its APIs accept, once for each authorizer. */
  get tokens(): (Tokens & { api: string })[] {
    return this.apis.flatMap(({ name: api, stages }) => {
      const tokens = stages.flatMap(({ routes }) => routes.flatMap((route) => route.tokens ?? []));
      return [...new Map(tokens.map((one) => [one.name, { ...one, api }])).values()];
    });
  }

  async close(): Promise<void> {
    await closeServer(this.server);
    await this.usage.close();
  }

  /** Leaves WebSocket connections to a listener. Other protocols that clients offer, such as h2c, are not taken up. */
  onWebSocket(listener: (message: http.IncomingMessage, socket: Duplex, head: Buffer) => void): void {
    this.server.on("upgrade", (message, socket, head) => {
      if (message.headers.upgrade?.toLowerCase() === "websocket") return listener(message, socket, head);
      void this.answer(message, responseOver(socket, message));
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  private async listen(): Promise<void> {
    const { port } = this.options;
    await once(this.server.listen(port, "127.0.0.1"), "listening").catch((error: NodeJS.ErrnoException) => {
      const way = "choose another port with --port (0 picks a free one)";
      if (error.code === "EACCES") throw new Error(`Port ${port} is reserved for administrators: ${way}`);
      if (error.code !== "EADDRINUSE") throw error;
      throw new Error(`Port ${port} is in use: stop what listens there, or ${way}`);
    });
  }

  private replace(graph: Graph): Change[] {
    const { declarations, problems } = readDeclarations(graph);
    const next = declarations.map((declaration): Api => {
      const { name, id, region, model, isDefault, refusal } = declaration;
      const old = this.apis.find((api) => api.name === name);
      const fingerprint = JSON.stringify([model, this.options.functions.names]);
      if (old?.fingerprint === fingerprint) return old;
      const { inspect, identities: _, ...options } = this.options;
      const { checkSignature, keySets, usage } = this;
      const surroundings = { ...options, checkSignature, keySets, usage, enforceTimeout: !inspect };
      const stages = declaration.compile(surroundings);
      const fallback = isDefault ? stages.find(isDefault) : stages[0];
      return { name, id, region, fingerprint, refusal, stages, fallback };
    });
    const described = ({ name, fingerprint }: Api) => ({ name, arn: name, fingerprint });
    const changes = compare("api", this.apis.map(described), next.map(described));
    this.apis = next;
    this.mappings = readMappings(graph);
    const stages = next.flatMap((api) => api.stages);
    for (const stage of stages) stage.forget?.();
    const ofStages = new Set(stages.flatMap((stage) => stage.problems));
    this.problems = [...problems, ...ofStages, ...this.routes.flatMap(describeProblem)];
    return changes;
  }

  private get routes(): RouteFacts[] {
    return this.apis.flatMap(({ stages }) => stages.flatMap((stage) => stage.routes));
  }

  /** A single API has the port to itself; several share it under their names. */
  private prefixOf({ name }: Api): string {
    return this.apis.length > 1 ? `/${encodeURIComponent(name)}` : "";
  }

  private async answer(message: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const started = performance.now();
    const { method = "GET", url = "/" } = message;
    const id = randomUUID();
    const line = `${method} ${printableUrl(url)}`;
    const { answer, ids, invoked } = await this.serve(message, id).catch((error: Error): Served => {
      if (!message.socket.destroyed) this.options.log(`${line} | ${error.message}`);
      return { answer: messageAnswer(500, "Internal server error") };
    });
    const left = message.socket.destroyed;
    if (!left) send(response, ids ?? idsOf(id), answer);
    const time = (performance.now() - started).toFixed(1);
    const outcome = left ? "unanswered, the caller left," : response.statusCode;
    this.options.log(`${line} ${outcome} ${time} ms${invoked ? ` → ${invoked}` : ""}`);
  }

  private async serve(message: http.IncomingMessage, id: string): Promise<Served> {
    const { hosts } = this.options;
    const mappings = mappingsOf(this.mappings, message.headers.host);
    // A name of the program's own is not one that a foreign page has.
    const foreign = mappings.length > 0 ? undefined : hosts.refusal(message);
    if (foreign) return { answer: messageAnswer(421, foreign) };
    const page = hosts.refusalOfPage(message);
    if (page) return { answer: messageAnswer(403, page) };
    const head = refusalOfHead(message);
    if (head) return { answer: textAnswer(431, head) };
    const target = trimSlashes((message.url ?? "/").replace(/^https?:\/\/[^/?#]*/i, "").replace(/[?#].*$/s, ""));
    if (mappings.length > 0) {
      const { stage, ...paths } = locateMapped(mappings, this.apis, target);
      return stage?.serve({ id, message, ...paths }) ?? { answer: messageAnswer(403, "Forbidden") };
    }
    const api = this.apis.find((one) => startsWithSegment(target, this.prefixOf(one)));
    if (!api) return { answer: this.describeApis() };
    if (api.refusal && this.onlyDomainOf(api)) return { answer: api.refusal };
    const { stage, ...paths } = locate(api, trimSlashes(target.slice(this.prefixOf(api).length)));
    return stage?.serve({ id, message, ...paths }) ?? { answer: messageAnswer(404, "Not Found") };
  }

  /** An API whose own endpoint is disabled is refused there only if the program gives it a domain. */
  private onlyDomainOf(api: Api): string | undefined {
    const mapping = api.refusal && this.mappings.find(({ apiId }) => apiId === api.id);
    return mapping && mappedUrl(mapping, api, this.port);
  }

  private describeApis(): Answer {
    const message =
      this.apis.length > 0
        ? `The APIs are at ${this.served.map(({ url, domainUrl }) => domainUrl ?? url).join(", ")}`
        : "The program has no API that can be served";
    const problem = { type: "about:blank", title: "No API is served here", status: 404, detail: message };
    return { status: 404, headers: [["Content-Type", "application/problem+json"]], body: JSON.stringify(problem) };
  }
}

function describeProblem({ method, path, problem }: RouteFacts): string[] {
  return problem ? [`${method} ${path} answers 501: ${problem}`] : [];
}
