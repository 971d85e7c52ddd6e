import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type * as ws from "ws";
import type { Graph } from "../../../engine/graph";
import type { Answer } from "../../core/answer";
import type { Hosts } from "../../core/hosts";
import type { Caller } from "../../core/iam/caller";
import type { Identities } from "../../core/iam/identities";
import type { Invoker } from "../../core/invoker";
import type { ServedSocket } from "../../core/served";
import type { Service } from "../../core/service";
import type { Change } from "../../core/types";
import { createSignatureCheck, type SignatureCheck } from "../authorizers/signature";
import type { Usage } from "../authorizers/usage";
import { createRequest, idsOf, messageAnswer, refusalOfHead, responseOver, send, textAnswer } from "../request/http";
import { GatewayResponses, Rejection } from "../responses/responses";
import { authorize } from "./authorize";
import { Connection, QUOTAS } from "./connection";
import type { Occurrence } from "./event";
import { functionIn, IntegrationError, integrate, type Reply } from "./integrations";
import type { RouteModel } from "./model";
import type { SocketStage } from "./stage";
import { SocketStages } from "./stages";

export interface WebSocketOptions {
  /** Whose port they share. */
  gateway: {
    readonly port: number;
    /** What API keys have used of their plans, which may be for several APIs. */
    readonly usage: Usage;
    onWebSocket(listener: (message: IncomingMessage, socket: Duplex, head: Buffer) => void): void;
  };
  functions: Invoker;
  hosts: Hosts;
  /** Who may sign requests. */
  identities: Identities;
  /** Whether a debugger may attach to the functions; their calls then have no timeout. */
  inspect: boolean;
  log(line: string): void;
}

const INTERNAL_ERROR = "Internal server error";

/** Serves the program's WebSocket APIs on the gateway's port. */
export class WebSockets implements Service {
  private readonly stages: SocketStages;
  private isClosed = false;
  private server?: ws.WebSocketServer;
  private readonly connections = new Map<string, Connection>();
  private readonly protocols = new WeakMap<IncomingMessage, string>();
  private readonly responses = new GatewayResponses({});
  private readonly checkSignature: SignatureCheck;

  constructor(private readonly options: WebSocketOptions) {
    this.stages = new SocketStages(options.functions);
    this.checkSignature = createSignatureCheck(options.identities);
    options.gateway.onWebSocket((message, socket, head) => void this.upgrade(message, socket, head));
  }

  /** Connections stay open, and their next messages take the new routes, unless their API is gone. */
  reconcile(graph: Graph): Change[] {
    const { functions } = this.options;
    const changes = this.stages.replace(graph);
    for (const connection of this.connections.values())
      if (!this.stages.of(connection.request)) connection.end(1001, "Going away");
    for (const uri of this.stages.uris) {
      const target = functionIn(uri, functions, {});
      // Not awaited: a message that arrives sooner waits for its own worker only.
      if (target) void functions.warm(target.name);
    }
    return changes;
  }

  /** Why some of the program's APIs and routes are not served, one sentence each. */
  get problems(): string[] {
    return this.stages.problems;
  }

  get served(): ServedSocket[] {
    return this.stages.served(this.options.gateway.port);
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
      refuse(messageAnswer(500, INTERNAL_ERROR));
    }
  }

  /** @returns the answer with which the handshake is refused */
  private async connect(id: string, message: IncomingMessage, socket: Duplex, head: Buffer) {
    const { hosts } = this.options;
    const foreign = this.stages.hasDomainOf(message) ? undefined : hosts.refusal(message);
    if (foreign) return messageAnswer(421, foreign);
    const page = hosts.refusalOfSocket(message);
    if (page) return messageAnswer(403, page);
    const large = refusalOfHead(message);
    if (large) return textAnswer(431, large);
    const stage = this.stages.locate(message);
    if (!stage) return messageAnswer(403, "Forbidden");
    const location = { stage: stage.place, path: "/", stagePath: `/${stage.place.stage.name}` };
    const connection = new Connection(createRequest(id, message, location, undefined));
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
      // Last, as the authorizer may be what names the key.
      if (route.keyRequired) stage.checkKey(request, this.options.gateway.usage);
      if (!stage.admits(route, request.time)) throw new Rejection("THROTTLED", "Too Many Requests");
      const reply = await this.run(stage, route, connection, occurrence);
      if (!reply) throw new Rejection("DEFAULT_5XX", INTERNAL_ERROR);
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
      maxPayload: QUOTAS.messageBytes,
      handleProtocols: (_, message) => this.protocols.get(message) ?? false,
    });
  }

  private async receive(connection: Connection, body: string): Promise<void> {
    const stage = this.stages.of(connection.request);
    const route = stage?.routeOf(body);
    const occurrence = occur("MESSAGE", route?.key ?? "$default", { body });
    const fail = (message: string) =>
      connection.send(JSON.stringify({ message, connectionId: connection.id, requestId: occurrence.requestId }));
    if (!stage || !route) return fail("Forbidden");
    if (!stage.admits(route, occurrence.time)) return fail("Too Many Requests");
    try {
      const reply = await this.run(stage, route, connection, occurrence);
      if (!route.responds) return;
      if (!reply) fail(INTERNAL_ERROR);
      else if (reply.body) connection.send(reply.body);
    } catch (error) {
      fail((error as Rejection).message);
    }
  }

  private async leave(connection: Connection, disconnect: { code: number; reason: string }): Promise<void> {
    this.connections.delete(connection.id);
    const stage = this.stages.of(connection.request);
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
      const { functions, inspect } = this.options;
      const limited = inspect ? { ...integration, timeout: undefined } : integration;
      const reply = await integrate(limited, connection, occurrence, functions);
      outcome(String(reply?.status ?? "done"));
      return reply;
    } catch (error) {
      outcome(`failed (${(error as Error).message})`);
      throw error instanceof Rejection ? error : new Rejection("DEFAULT_5XX", INTERNAL_ERROR);
    }
  }
}

function occur(type: Occurrence["type"], routeKey: string, more: Partial<Occurrence>): Occurrence {
  return { type, routeKey, requestId: randomUUID(), time: Date.now(), ...more };
}
