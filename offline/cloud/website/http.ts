import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
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
  send(response, request.method === "HEAD", answer);
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

function send(response: ServerResponse, isHead: boolean, { status, headers, body = "" }: SiteAnswer): void {
  const length = typeof body === "string" && status !== 304 ? { "Content-Length": Buffer.byteLength(body) } : {};
  try {
    response.writeHead(status, { ...length, ...headers });
  } catch {
    // Metadata of an object that HTTP does not allow.
    response.writeHead(500);
  }
  if (body instanceof Readable && !isHead) pipeline(body, response, () => undefined);
  else {
    if (body instanceof Readable) body.destroy();
    response.end(isHead || body instanceof Readable ? undefined : body);
  }
}
