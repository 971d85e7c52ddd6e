import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { until } from "./served";

/** A request that a service elsewhere got. */
export interface Sent {
  /** The operation in the header X-Amz-Target, or the path. */
  target: string;
  authorization: string;
  body: string;
}

/** What stands in for services that run elsewhere: it takes what is sent, or fails as often as told. */
export class Elsewhere {
  readonly sent: Sent[] = [];
  failures = 0;
  /** What it answers to failures. */
  refusal = { status: 500, body: '{"message":"not now"}' };
  url = "";
  private readonly server = http.createServer(async (request, response) => {
    const { "x-amz-target": target, authorization = "" } = request.headers;
    const body = await text(request);
    if (this.failures-- > 0) return void response.writeHead(this.refusal.status).end(this.refusal.body);
    this.sent.push({ target: String(target ?? request.url), authorization, body });
    response.end("{}");
  });

  async listen(): Promise<void> {
    await once(this.server.listen(0, "127.0.0.1"), "listening");
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async first(): Promise<Sent> {
    await until(() => this.sent.length > 0);
    return this.sent[0] as Sent;
  }

  /** Waits for that many requests, and takes them away. */
  async take(count: number): Promise<Sent[]> {
    await until(() => this.sent.length >= count);
    return this.sent.splice(0);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
