import type { IncomingMessage, ServerResponse } from "node:http";
import { sendAnswer } from "../core/answer";
import type { Hosts } from "../core/hosts";
import { printableUrl } from "../core/printableUrl";
import type { Site, SiteAnswer } from "./site";

export interface HttpOptions {
  /** The host names that it answers to. */
  hosts: Hosts;
  log(line: string): void;
}

/** A site with the name that it has in the log. */
export interface NamedSite {
  name: string;
  site: Site;
}

/** Answers a request over HTTP. Never rejects. */
export async function answerRequest(
  { name, site }: NamedSite,
  request: IncomingMessage,
  response: ServerResponse,
  { hosts, log }: HttpOptions,
): Promise<void> {
  const started = performance.now();
  const answer = await serve(site, request, hosts).catch((error: Error): SiteAnswer => {
    return { status: 500, headers: {}, body: "Internal error", explanation: error.message };
  });
  send(response, answer);
  const time = (performance.now() - started).toFixed(1);
  const why = answer.explanation ? ` | ${answer.explanation}` : "";
  log(`${name} ${request.method} ${printableUrl(request.url)} ${response.statusCode} ${time} ms${why}`);
}

async function serve(site: Site, request: IncomingMessage, hosts: Hosts): Promise<SiteAnswer> {
  const foreign = hosts.refusal(request);
  if (foreign) return text(421, foreign);
  const page = hosts.refusalOfPage(request);
  if (page) return text(403, page);
  const { method = "GET", headers, url = "" } = request;
  const [, path = "/", query = ""] = /^(?:https?:\/\/[^/?#]*)?([^?#]*)([^#]*)/i.exec(url) ?? [];
  return site.answer({ method, path: path || "/", query, headers, body: request });
}

function text(status: number, body: string): SiteAnswer {
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8" }, body };
}

function send(response: ServerResponse, { status, headers, body = "" }: SiteAnswer): void {
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
