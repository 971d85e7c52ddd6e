import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** Statuses for errors of Node's parser; any other error is a 400. */
const statuses: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers bytes that never become a request (a malformed line, too many headers, CONNECT) with a problem document. */
export function answerUnreadable(server: Server, log: (line: string) => void): void {
  const refuse = (socket: Duplex, status: number, reason: string) => {
    log(`unreadable request ${status} | ${reason}`);
    if (!socket.writable) return socket.destroy();
    const body = JSON.stringify({ type: "about:blank", title: STATUS_CODES[status], status, detail: reason });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      "Content-Type: application/problem+json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Connection: close",
    ];
    socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  };
  server.on("clientError", ({ code = "", message }: NodeJS.ErrnoException, socket) => {
    if (code === "ECONNRESET") socket.destroy();
    else refuse(socket, statuses[code] ?? 400, message);
  });
  server.on("connect", (_: IncomingMessage, socket) => refuse(socket, 405, "This is not a proxy"));
  server.on("checkExpectation", ({ socket }: IncomingMessage) => refuse(socket, 417, "Expect must be 100-continue"));
}
