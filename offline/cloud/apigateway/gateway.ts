import { randomUUID } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Graph } from "../../engine/graph";
import type { Answer } from "../core/answer";
import { readBody } from "../core/body";
import { compare } from "../core/changes";
import type { Hosts } from "../core/hosts";
import type { Invoker } from "../core/invoker";
import { closeServer } from "../core/listeners";
import { printableUrl } from "../core/printableUrl";
import type { Service } from "../core/service";
import type { Change, Credentials } from "../core/types";
import { answerUnreadable } from "../core/unreadable";
import { ApiStage, type Route } from "./api";
import { createSignatureCheck, type SignatureCheck } from "./authorizers/signature";
import type { Auth, Parameter } from "./definition/document";
import { type ApiModel, readApis } from "./definition/model";
import { createRequest, type Location, messageAnswer, refusalOfHead, send, textAnswer } from "./request/http";

export interface GatewayOptions {
  /** The port on 127.0.0.1; 0 picks a free one. */
  port: number;
  functions: Invoker;
  /** The host names that it answers to. */
  hosts: Hosts;
  credentials: Credentials;
  inspect: boolean;
  log(line: string): void;
}

/** An API as it is served. */
export interface ServedApi {
  name: string;
  /** Of its first stage, without a trailing slash. */
  url: string;
  /** The region that its callers sign for. */
  region: string;
  /** The kinds of authorization that its routes require. */
  auth: Auth[];
  /** The routes of its first stage that answer, in the document's order. */
  routes: ServedRoute[];
}

interface ServedRoute {
  /** In upper case, or `ANY`. */
  method: string;
  /** As in the document, such as `/items/{id}`. */
  path: string;
  auth: Auth;
  /** The parameters that a request must have. */
  required: Pick<Parameter, "name" | "in">[];
}

interface Api {
  model: ApiModel;
  /** Changes whenever the behaviour of its routes does. */
  fingerprint: string;
  stages: ApiStage[];
}

/** API Gateway refuses larger requests before it looks at the document. */
const LIMIT = { bytes: 10 * 2 ** 20, error: new Error("HTTP content length exceeded 10485760 bytes.") };
/** How long a caller may take to send a request. */
const REQUEST_TIMEOUT_MILLISECONDS = 30_000;

/** Serves the program's REST APIs on one loopback port. */
export class Gateway implements Service {
  private apis: Api[] = [];
  /** Why some of the program's APIs and routes are not served, one sentence each. */
  problems: string[] = [];
  private readonly server = http.createServer((request, response) => void this.answer(request, response));
  private readonly checkSignature: SignatureCheck;

  constructor(private readonly options: GatewayOptions) {
    this.server.requestTimeout = REQUEST_TIMEOUT_MILLISECONDS;
    answerUnreadable(this.server, options.log);
    this.checkSignature = createSignatureCheck(options.credentials);
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
    return this.apis.map(({ model, stages }) => ({
      name: model.name,
      url: `http://127.0.0.1:${this.port}${this.prefixOf(model)}/${model.stages[0]?.name}`,
      region: model.region,
      auth: [...new Set(stages.flatMap((stage) => stage.routes.map(({ auth }) => auth)))],
      routes: (stages[0]?.routes ?? [])
        .filter(({ problem }) => problem === undefined)
        .map(({ method, path, auth, required }) => ({ method, path, auth, required })),
    }));
  }

  /** The address of the API that has a host name of its own on AWS, without a stage. */
  addressOf(host: string): string | undefined {
    const model = this.apis.find(({ model }) => host.startsWith(`${model.id}.execute-api.`))?.model;
    return model && `http://127.0.0.1:${this.port}${this.prefixOf(model)}`;
  }

  close(): Promise<void> {
    return closeServer(this.server);
  }

  private get port(): number {
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
    const { apis, problems } = readApis(graph);
    const next = apis.map((model): Api => {
      const old = this.apis.find((api) => api.model.name === model.name);
      const fingerprint = JSON.stringify([model, this.options.functions.names]);
      if (old?.fingerprint === fingerprint) return old;
      const { functions, inspect, log } = this.options;
      const surroundings = { functions, checkSignature: this.checkSignature, enforceTimeout: !inspect, log };
      return { model, fingerprint, stages: model.stages.map((stage) => new ApiStage(model, stage, surroundings)) };
    });
    const described = ({ model: { name }, fingerprint }: Api) => ({ name, arn: name, fingerprint });
    const changes = compare("api", this.apis.map(described), next.map(described));
    this.apis = next;
    const ofResponses = next.flatMap(({ stages }) => stages.flatMap(({ responses }) => responses.problems));
    this.problems = [...problems, ...new Set(ofResponses), ...this.routes.flatMap(describeProblem)];
    return changes;
  }

  private get routes(): Route[] {
    return this.apis.flatMap(({ stages }) => stages.flatMap((stage) => stage.routes));
  }

  /** A single API has the port to itself; several share it under their names. */
  private prefixOf({ name }: ApiModel): string {
    return this.apis.length > 1 ? `/${encodeURIComponent(name)}` : "";
  }

  private async answer(message: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const started = performance.now();
    const { method = "GET", url = "/" } = message;
    const id = randomUUID();
    const line = `${method} ${printableUrl(url)}`;
    const { answer, invoked } = await this.serve(message, id).catch((error: Error): Served => {
      if (!message.socket.destroyed) this.options.log(`${line} | ${error.message}`);
      return { answer: messageAnswer(500, "Internal server error") };
    });
    const left = message.socket.destroyed;
    if (!left) send(response, id, answer);
    const time = (performance.now() - started).toFixed(1);
    const outcome = left ? "unanswered, the caller left," : response.statusCode;
    this.options.log(`${line} ${outcome} ${time} ms${invoked ? ` → ${invoked}` : ""}`);
  }

  private async serve(message: http.IncomingMessage, id: string): Promise<Served> {
    const { hosts } = this.options;
    const foreign = hosts.refusal(message);
    if (foreign) return { answer: messageAnswer(421, foreign) };
    const page = hosts.refusalOfPage(message);
    if (page) return { answer: messageAnswer(403, page) };
    const head = refusalOfHead(message);
    if (head) return { answer: textAnswer(431, head) };
    const location = this.locate(message.url ?? "/");
    if (!location) return { answer: this.describeApis() };
    const { stage, path } = location;
    const found = stage.find(message.method ?? "GET", path);
    const request = createRequest(id, message, location, found);
    try {
      request.body = await readBody(message, LIMIT);
    } catch (error) {
      if (error !== LIMIT.error) throw error;
      const answer = textAnswer(413, LIMIT.error.message);
      return { answer: { ...answer, headers: [...answer.headers, ["Connection", "close"]] } };
    }
    const answer = await stage.answer(request, found?.route);
    return { answer, invoked: request.invoked };
  }

  /**
   * Finds the stage in `/stage/path` or `/path`, after a `/name` if there are several APIs. Duplicate slashes before the
   * stage and before the path make no difference.
   */
  private locate(url: string): Location<ApiStage> | undefined {
    const target = trimSlashes(url.replace(/^https?:\/\/[^/?#]*/i, "").replace(/[?#].*$/s, ""));
    const api = this.apis.find(({ model }) => startsWithSegment(target, this.prefixOf(model)));
    const path = api ? trimSlashes(target.slice(this.prefixOf(api.model).length)) : target;
    const named = api?.stages.find(({ stage }) => startsWithSegment(path, `/${stage.name}`));
    const stage = named ?? api?.stages[0];
    const sent = (named ? path.slice(named.stage.name.length + 1) : path) || "/";
    return stage && { stage, path: trimSlashes(sent), stagePath: `/${stage.stage.name}${sent}` };
  }

  private describeApis(): Answer {
    const message =
      this.apis.length > 0
        ? `The APIs are at ${this.served.map(({ url }) => url).join(", ")}`
        : "The program has no API that can be served";
    const problem = { type: "about:blank", title: "No API is served here", status: 404, detail: message };
    return { status: 404, headers: [["Content-Type", "application/problem+json"]], body: JSON.stringify(problem) };
  }
}

interface Served {
  answer: Answer;
  /** The function that it was passed to. */
  invoked?: string;
}

function trimSlashes(path: string): string {
  return path.replace(/^\/*/, "/");
}

function startsWithSegment(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

function describeProblem({ method, path, problem }: Route): string[] {
  return problem ? [`${method} ${path} answers 501: ${problem}`] : [];
}
