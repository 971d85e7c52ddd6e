import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { sendAnswer } from "../core/answer";
import type { Hosts } from "../core/hosts";
import type { Site, SiteAnswer } from "./site";

export interface ListenerOptions {
  /** Which host names it answers to. */
  hosts: Hosts;
  log(line: string): void;
}

const MAX_PORT = 65_535;

/** A port of this machine with one site, so that its absolute paths work. */
export class Listener {
  private readonly server = http.createServer((request, response) => void this.answer(request, response));

  constructor(
    private readonly name: string,
    /** Requests that arrive from now on see whatever it is changed to. */
    public site: Site,
    private readonly options: ListenerOptions,
  ) {}

  /** @param port the preferred one; a free one if it cannot be had */
  async listen(port: number): Promise<void> {
    const listening = (wanted: number) => once(this.server.listen(wanted, "127.0.0.1"), "listening");
    await listening(port > MAX_PORT ? 0 : port).catch(() => listening(0));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(message: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const started = performance.now();
    const answer = await this.serve(message).catch((error: Error): SiteAnswer => {
      return { status: 500, headers: {}, body: "Internal error", explanation: error.message };
    });
    send(response, answer);
    const time = (performance.now() - started).toFixed(1);
    const why = answer.explanation ? ` | ${answer.explanation}` : "";
    this.options.log(
      `${this.name} ${message.method} ${printable(message.url)} ${response.statusCode} ${time} ms${why}`,
    );
  }

  private async serve(message: http.IncomingMessage): Promise<SiteAnswer> {
    const { hosts } = this.options;
    const foreign = hosts.refusal(message);
    if (foreign) return text(421, foreign);
    const page = hosts.refusalOfPage(message);
    if (page) return text(403, page);
    const { method = "GET", headers } = message;
    const [, path = "/", query = ""] = /^(?:https?:\/\/[^/?#]*)?([^?#]*)([^#]*)/i.exec(message.url ?? "") ?? [];
    return this.site.answer({ method, path: path || "/", query, headers, body: message });
  }
}

function text(status: number, body: string): SiteAnswer {
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8" }, body };
}

function send(response: http.ServerResponse, { status, headers, body = "" }: SiteAnswer): void {
  const all = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  try {
    sendAnswer(response, { status, headers: all, body });
  } catch {
    // Metadata of an object that HTTP does not allow.
    sendAnswer(response, { status: 500, headers: [], body });
  }
}

/** Keeps control characters away from the terminal. */
function printable(url = ""): string {
  return url.replace(/[^\x20-\x7e]/g, (character) => encodeURIComponent(character));
}
