import type { IncomingMessage } from "node:http";
import { headerPairs } from "../core/headerPairs";
import { bodyOf } from "../core/payload/event";
import type { Group } from "./model";

/** Headers that concern only the caller's connection. */
const DROPPED = new Set(["connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"]);

/**
 * The event with which a load balancer calls a function, as JSON.
 * @param trace the header of the request's trace
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export function eventFor(request: IncomingMessage, body: Buffer, group: Group, trace: string): string {
  const { method, url = "/", headers } = request;
  const [, path = "/", query = ""] = /^([^?#]*)\??([^#]*)/s.exec(url) ?? [];
  const parameters = grouped(query.split("&").filter(Boolean).map(parameterIn));
  const received = grouped(headersReceived(request, trace));
  const { multiValueHeaders: isMulti, arn: targetGroupArn } = group;
  // What is compressed is not text.
  const type = headers["content-encoding"] ? "" : headers["content-type"];
  const { body: text = "", isBase64Encoded } = bodyOf(body, type);
  return JSON.stringify({
    requestContext: { elb: { targetGroupArn } },
    httpMethod: method,
    path,
    ...(isMulti
      ? { multiValueQueryStringParameters: parameters, multiValueHeaders: received }
      : { queryStringParameters: lastOf(parameters), headers: lastOf(received) }),
    body: text,
    isBase64Encoded,
  });
}

type Pair = [name: string, value: string];

/** Names and values are as sent: the load balancer does not decode them. */
function parameterIn(text: string): Pair {
  const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(text) ?? [];
  return [name, value];
}

function headersReceived({ rawHeaders, headers, socket }: IncomingMessage, trace: string): Pair[] {
  const added = {
    "x-amzn-trace-id": trace,
    "x-forwarded-for": [headers["x-forwarded-for"] ?? [], socket.remoteAddress ?? "127.0.0.1"].flat().join(", "),
    "x-forwarded-port": String(socket.localPort),
    "x-forwarded-proto": "http",
  };
  const sent = headerPairs(rawHeaders)
    .map(([name, value]): Pair => [name.toLowerCase(), value])
    .filter(([name]) => !DROPPED.has(name) && !Object.hasOwn(added, name));
  return [...sent, ...Object.entries(added)];
}

function grouped(pairs: Pair[]): Record<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) groups.set(name, [...(groups.get(name) ?? []), value]);
  return Object.fromEntries(groups);
}

function lastOf(groups: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values.at(-1) ?? ""]));
}
