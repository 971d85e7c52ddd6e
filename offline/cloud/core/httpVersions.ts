import type * as http from "node:http";
import type * as http2 from "node:http2";
import type { Socket } from "node:net";

type Listener = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** What a client of HTTP/2 sends first. */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** The most that the requests and answers of a connection may occupy. Node's default of 10 MB is less than one answer of Kinesis. */
const SESSION_MEGABYTES = 1000;

/**
 * Makes a server of HTTP/1.1 answer HTTP/2 as well, on the same port: without TLS, to clients that begin with it, as the
 * SDK of Kinesis does. They are told apart by the first bytes of a connection, so requests cost nothing.
 * @returns how to end the connections that are not HTTP/1.1
 */
export function answerBothVersions(server: http.Server, listener: Listener): () => void {
  const sockets = new Set<Socket>();
  let second: http2.Http2Server | undefined;
  const connectHttp1 = server.listeners("connection");
  server.removeAllListeners("connection").on("connection", (socket: Socket) => {
    sockets.add(socket.once("close", () => sockets.delete(socket)));
    tellVersion(socket, (isHttp2) => {
      if (isHttp2) {
        second ??= createHttp2(listener);
        second.emit("connection", socket);
      } else {
        sockets.delete(socket);
        for (const connect of connectHttp1) connect.call(server, socket);
      }
    });
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

function createHttp2(listener: Listener): http2.Http2Server {
  // Loaded here, as few programs need it.
  const { createServer } = require("node:http2") as typeof http2;
  return createServer({ maxSessionMemory: SESSION_MEGABYTES }, (request, response) =>
    listener(asHttp1(request), response as unknown as http.ServerResponse),
  );
}

/** Reads as much of a connection as it takes to tell its version, and puts that back. */
function tellVersion(socket: Socket, tell: (isHttp2: boolean) => void): void {
  let head: Buffer = Buffer.alloc(0);
  const ignore = () => undefined;
  const onReadable = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk) head = Buffer.concat([head, chunk]);
    const length = Math.min(head.length, PREFACE.length);
    const isPreface = head.subarray(0, length).equals(PREFACE.subarray(0, length));
    if (chunk && isPreface && length < PREFACE.length) return;
    socket.off("readable", onReadable).off("error", ignore);
    if (head.length > 0) socket.unshift(head);
    tell(isPreface && length === PREFACE.length);
  };
  // A client that goes away is nobody's error.
  socket.on("readable", onReadable).on("error", ignore);
}

/** A request with the headers that it would have in HTTP/1.1; the raw ones, which a signature covers, are as sent. */
function asHttp1(request: http2.Http2ServerRequest): http.IncomingMessage {
  const { ":authority": authority, ...others } = request.headers;
  const named = Object.entries(others).filter(([name]) => !name.startsWith(":"));
  // The address that the request is for, whatever else its headers say. A signature may cover it under either name.
  const headers = { ...Object.fromEntries(named), ...(authority !== undefined && { host: authority }) };
  if (authority !== undefined && others.host === undefined) request.rawHeaders.push("host", authority);
  Object.defineProperty(request, "headers", { value: headers });
  return request as unknown as http.IncomingMessage;
}
