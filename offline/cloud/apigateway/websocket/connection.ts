import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";
import type { GatewayRequest } from "../request/request";
import type { Connected } from "./event";
import { FrameSizes } from "./frames";

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
export const QUOTAS = {
  messageBytes: 128 * 1024,
  frameBytes: 32 * 1024,
  idleMilliseconds: 600_000,
  lifeMilliseconds: 7_200_000,
};
export type Quotas = typeof QUOTAS;

/** The reasons that API Gateway gives for close codes that come without one. */
const REASONS: Record<number, string> = {
  1001: "Going away",
  1005: "Client-side close frame status not set",
  1006: "Connection Closed Abnormally",
};

interface Listener {
  onMessage(text: string): void;
  onClose(end: { code: number; reason: string }): void;
}

/** A connection, from its request on. */
export class Connection implements Connected {
  /** Such as `L0SM9cOFvHcCIhw=`. */
  readonly id = `${randomBytes(11).toString("base64url")}=`;
  readonly connectedAt = Date.now();
  lastActiveAt = this.connectedAt;
  private socket?: WebSocket;
  private idle?: NodeJS.Timeout;
  private life?: NodeJS.Timeout;

  constructor(
    readonly request: GatewayRequest,
    private readonly quotas: Quotas = QUOTAS,
  ) {}

  /** Starts listening, once the handshake is done. */
  open(socket: WebSocket, { onMessage, onClose }: Listener): void {
    this.socket = socket;
    const end = () => this.end(1001, REASONS[1001]);
    this.idle = setTimeout(end, this.quotas.idleMilliseconds).unref();
    this.life = setTimeout(end, this.quotas.lifeMilliseconds).unref();
    socket.on("message", (data, isBinary) => {
      if (socket.readyState !== socket.OPEN) return;
      this.noteActivity();
      // API Gateway does not support binary frames from clients.
      if (isBinary) socket.close(1003, "Binary messages are not supported");
      else onMessage(data.toString());
    });
    socket.on("ping", () => this.noteActivity());
    // The library closes a connection that breaks the protocol, with the code for it.
    socket.on("error", () => {});
    socket.on("close", (code, reason) => {
      clearTimeout(this.idle);
      clearTimeout(this.life);
      onClose({ code, reason: reason.toString() || (REASONS[code] ?? "") });
    });
  }

  /** Closes the connection if a frame is too large, even if the whole message would not be. */
  watchFrames(socket: NodeJS.EventEmitter): void {
    const sizes = new FrameSizes();
    // Ahead of the library's own listener, which would accept the message.
    socket.prependListener("data", (chunk: Buffer) => {
      if (sizes.largestIn(chunk) > this.quotas.frameBytes) this.socket?.close(1009, "Frame is too large");
    });
  }

  /** Sends text, or bytes that are not UTF-8. */
  send(data: string | Buffer): void {
    this.noteActivity();
    const text = data.toString();
    this.socket?.send(Buffer.from(text).equals(Buffer.from(data)) ? text : data);
  }

  end(code: number, reason = ""): void {
    this.socket?.close(code, reason);
  }

  /** Drops the connection without a closing handshake, as when the server is gone. */
  terminate(): void {
    this.socket?.terminate();
  }

  private noteActivity(): void {
    this.lastActiveAt = Date.now();
    this.idle?.refresh();
  }
}
