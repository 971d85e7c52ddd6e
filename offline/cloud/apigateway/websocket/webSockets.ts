import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type * as ws from "ws";
import type { Graph } from "../../../engine/graph";
import type { Answer } from "../../core/answer";
import { compare } from "../../core/changes";
import type { Hosts } from "../../core/hosts";
import type { Caller } from "../../core/iam/caller";
import type { Identities } from "../../core/iam/identities";
import type { Invoker } from "../../core/invoker";
import type { Service } from "../../core/service";
import type { Change } from "../../core/types";
import { createSignatureCheck, type SignatureCheck } from "../authorizers/signature";
import { createRequest, idsOf, messageAnswer, refusalOfHead, responseOver, send, textAnswer } from "../request/http";
import { GatewayResponses, Rejection } from "../responses/responses";
import { authorize } from "./authorize";
import { Connection, QUOTAS, type Quotas } from "./connection";
import type { Occurrence } from "./event";
import { functionIn, IntegrationError, integrate, type Reply } from "./integrations";
import { type RouteModel, readSockets, type ServedSocket } from "./model";
import { SocketStage } from "./stage";

export interface WebSocketOptions {
  /** Whose port they share. */
  gateway: {
    readonly port: number;
    onWebSocket(listener: (message: IncomingMessage, socket: Duplex, head: Buffer) => void): void;
  };
  functions: Invoker;
  hosts: Hosts;
  /** Who may sign requests. */
  identities: Identities;
  /** @default AWS's */
  quotas?: Quotas;
  log(line: string): void;
}

/** Serves the program's WebSocket APIs on the gateway's port. */
export class WebSockets implements Service {
  /** Why some of the program's APIs and routes are not served, one sentence each. */
  problems: string[] = [];
  private stages: SocketStage[] = [];
  private isClosed = false;
  private server?: ws.WebSocketServer;
  private readonly connections = new Map<string, Connection>();
  private readonly protocols = new WeakMap<IncomingMessage, string>();
  private readonly responses = new GatewayResponses({});
  private readonly checkSignature: SignatureCheck;
  private readonly quotas: Quotas;

  constructor(private readonly options: WebSocketOptions) {
    this.checkSignature = createSignatureCheck(options.identities);
    this.quotas = options.quotas ?? QUOTAS;
    options.gateway.onWebSocket((message, socket, head) => void this.upgrade(message, socket, head));
  }

  /** Connections stay open, and their next messages find the new routes; those of APIs that are gone end. */
  reconcile(graph: Graph): Change[] {
    const { functions } = this.options;
    const { sockets, problems } = readSockets(graph);
    const next = sockets.flatMap((api) =>
      api.stages.map(
        (stage) => new SocketStage(api, stage, sockets.length > 1 ? `/${encodeURIComponent(api.name)}` : ""),
      ),
    );
    const described = ({ key, fingerprint }: SocketStage) => ({ name: key, arn: key, fingerprint });
    const changes = compare("api", this.stages.map(described), next.map(described));
    this.stages = next;
    this.problems = [...problems, ...next.flatMap((stage) => stage.problems(functions))];
    for (const connection of this.connections.values())
      if (!this.stageOf(connection)) connection.end(1001, "Going away");
    for (const uri of next.flatMap((stage) => stage.uris)) {
      const target = functionIn(uri, functions, {});
      // Not awaited: a message that arrives sooner waits for its own worker only.
      if (target) void functions.warm(target.name);
    }
    return changes;
  }

  get served(): ServedSocket[] {
    return this.stages
      .filter(({ isFirst }) => isFirst)
      .map((stage) => ({
        name: stage.api.name,
        url: `ws://127.0.0.1:${this.options.gateway.port}${stage.path}`,
        region: stage.api.region,
        auth: stage.own("$connect")?.auth ?? "none",
        routes: stage.api.routes.map(({ key }) => key),
      }));
  }

  find(id: string): Connection | undefined {
    return this.connections.get(id);
  }

  callerOf(accessKeyId: string, region: string): Caller {
    return this.options.identities.callerOf(accessKeyId, region);
  }

  close(): void {
    this.isClosed = true;
    for (const connection of this.connections.values()) connection.terminate();
  }

  private async upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    const id = randomUUID();
    const refuse = (answer: Answer) => {
      if (!socket.destroyed) send(responseOver(socket, message), idsOf(id), answer);
    };
    try {
      const answer = await this.connect(id, message, socket, head);
      if (answer) refuse(answer);
    } catch (error) {
      this.options.log(`$connect | ${(error as Error).message}`);
      refuse(messageAnswer(500, "Internal server error"));
    }
  }

  /** @returns the answer with which the handshake is refused */
  private async connect(id: string, message: IncomingMessage, socket: Duplex, head: Buffer) {
    const { hosts } = this.options;
    const foreign = hosts.refusal(message);
    if (foreign) return messageAnswer(421, foreign);
    const page = hosts.refusalOfSocket(message);
    if (page) return messageAnswer(403, page);
    const large = refusalOfHead(message);
    if (large) return textAnswer(431, large);
    const stage = this.locate(message.url ?? "/");
    if (!stage) return messageAnswer(403, "Forbidden");
    const location = { stage: stage.place, path: "/", stagePath: `/${stage.place.stage.name}` };
    const connection = new Connection(createRequest(id, message, location, undefined), this.quotas);
    const reply = await this.askToConnect(stage, connection);
    if ("refusal" in reply) return reply.refusal;
    if (socket.destroyed || this.isClosed) return undefined;
    this.accept(connection, message, socket, head, reply);
    return undefined;
  }

  private async askToConnect(stage: SocketStage, connection: Connection): Promise<Reply | { refusal: Answer }> {
    const route = stage.own("$connect");
    if (!route) return { status: 200, headers: {}, body: "" };
    const { request } = connection;
    const occurrence = occur("CONNECT", "$connect", { requestId: request.id, time: request.time });
    try {
      await authorize(route, connection, occurrence, { ...this.options, checkSignature: this.checkSignature });
      if (!stage.admits(route, request.time)) throw new Rejection("THROTTLED", "Too Many Requests");
      const reply = await this.run(stage, route, connection, occurrence);
      if (!reply) throw new Rejection("DEFAULT_5XX", "Internal server error");
      if (reply.status < 300) return reply;
      return { refusal: { ...messageAnswer(reply.status, "Forbidden"), body: reply.body } };
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      if (error.explanation) this.options.log(`${stage.key} $connect | ${error.explanation}`);
      return { refusal: this.responses.answer(error, request) };
    }
  }

  private accept(
    connection: Connection,
    message: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { headers }: Reply,
  ): void {
    const name = Object.keys(headers).find((header) => header.toLowerCase() === "sec-websocket-protocol");
    if (name) this.protocols.set(message, String(headers[name]));
    this.server ??= this.createServer();
    this.server.handleUpgrade(message, socket, head, (opened) => {
      this.connections.set(connection.id, connection);
      connection.open(opened, {
        onMessage: (text) => void this.receive(connection, text),
        onClose: (end) => void this.leave(connection, end),
      });
      connection.watchFrames(socket);
    });
  }

  private createServer(): ws.WebSocketServer {
    const { WebSocketServer } = require("ws") as typeof ws;
    return new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.quotas.messageBytes,
      handleProtocols: (_, message) => this.protocols.get(message) ?? false,
    });
  }

  private async receive(connection: Connection, body: string): Promise<void> {
    const stage = this.stageOf(connection);
    const route = stage?.routeOf(body);
    const occurrence = occur("MESSAGE", route?.key ?? "$default", { body });
    const fail = (message: string) =>
      connection.send(JSON.stringify({ message, connectionId: connection.id, requestId: occurrence.requestId }));
    if (!stage || !route) return fail("Forbidden");
    if (!stage.admits(route, occurrence.time)) return fail("Too Many Requests");
    const reply = await this.run(stage, route, connection, occurrence).catch(() => "failed" as const);
    if (reply === "failed" || (route.responds && !reply)) fail("Internal server error");
    else if (route.responds && reply?.body) connection.send(reply.body);
  }

  private async leave(connection: Connection, disconnect: { code: number; reason: string }): Promise<void> {
    this.connections.delete(connection.id);
    const stage = this.stageOf(connection);
    const route = stage?.own("$disconnect");
    if (!stage || !route || this.isClosed) return;
    await this.run(stage, route, connection, occur("DISCONNECT", "$disconnect", { disconnect })).catch(() => {});
  }

  /** Runs a route's integration, and logs it. @throws Rejection if it fails */
  private async run(
    stage: SocketStage,
    { key, integration }: RouteModel,
    connection: Connection,
    occurrence: Occurrence,
  ) {
    const started = performance.now();
    const outcome = (text: string) =>
      this.options.log(`${stage.key} ${key} ${text} ${(performance.now() - started).toFixed(1)} ms`);
    try {
      if (!integration) throw new IntegrationError("the route has no integration");
      const reply = await integrate(integration, connection, occurrence, this.options.functions);
      outcome(String(reply?.status ?? "done"));
      return reply;
    } catch (error) {
      outcome(`failed (${(error as Error).message})`);
      throw new Rejection("DEFAULT_5XX", "Internal server error");
    }
  }

  private stageOf({ request: { api, stage } }: Connection): SocketStage | undefined {
    return this.stages.find(({ place }) => place.api.id === api.id && place.stage.name === stage.name);
  }

  /** The stage in `/stage`, after a `/name` if there are several APIs. A URL without a stage is the first one's. */
  private locate(url: string): SocketStage | undefined {
    const path = url.replace(/[?#].*$/s, "").replace(/\/+$/, "");
    return (
      this.stages.find((stage) => stage.path === path) ?? this.stages.find((one) => one.isFirst && one.prefix === path)
    );
  }
}

function occur(type: Occurrence["type"], routeKey: string, more: Partial<Occurrence>): Occurrence {
  return { type, routeKey, requestId: randomUUID(), time: Date.now(), ...more };
}
