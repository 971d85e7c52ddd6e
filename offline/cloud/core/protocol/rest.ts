import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { AwsError } from "../awsError";
import { type Member, type Model, membersOf, type Operation, type Shape, shapeOf } from "../model";
import { queryOf } from "../signature/signature";
import type { Input } from "../types";
import { payloadOf } from "./json";
import type { Protocol, Sent } from "./protocol";
import { labelsOf, route } from "./routes";
import { fromText, toText } from "./scalars";

/** The bodies of a REST protocol. */
export interface Bodies {
  contentType: string;
  /** The header with the request's id. */
  idHeader: string;
  /** The members of a structure that are in the body. @throws Malformed */
  read(model: Model, shape: Shape, body: Buffer, members: Members): object;
  /** @param name of the document's root, where it has one */
  write(model: Model, name: string, shape: Shape, value: object, members: Members): string;
}

type Members = ReturnType<typeof membersOf>;

/** What the protocols have in common whose operations are methods and paths. */
export function restProtocol(bodies: Bodies, refuse: Protocol["refuse"], codes: Protocol["codes"]): Protocol {
  return {
    codes,
    refuse,
    operationOf: (model, { request, url }) => route(model, request.method ?? "", url, request.headers),
    unknown: (_, { request, url }) =>
      new AwsError("UnknownOperationException", `${request.method} ${url.split("?")[0]} is not an operation`, 404),
    read: (model, { http, input }, { request, url, body }) => {
      if (!input) return {};
      const shape = shapeOf(model, input.shape);
      const sources = { labels: labelsOf(http?.requestUri ?? "", url), query: queryOf(url), headers: request.headers };
      const located = membersOf(shape).flatMap(({ name, sent, member }): [string, unknown][] => {
        const value = readLocated(model, member, sent, sources);
        return value === undefined ? [] : [[name, value]];
      });
      return { ...readBody(model, bodies, input, body), ...Object.fromEntries(located) } as Input;
    },
    write: (model, operation, _, value, requestId) => {
      const body = writeBody(model, bodies, operation, value as Record<string, unknown>);
      const { status, headers } = writeHead(model, operation, value as Record<string, unknown>);
      const type: Record<string, string> = body === "" ? {} : { "Content-Type": bodies.contentType };
      return { status, headers: { ...type, [bodies.idHeader]: requestId, ...headers }, body };
    },
  };
}

interface Sources {
  labels: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
}

function readLocated(model: Model, member: Member, sent: string, { labels, query, headers }: Sources): unknown {
  const shape = { ...shapeOf(model, member.shape), ...format(member) };
  const header = headers[sent.toLowerCase()];
  switch (member.location) {
    case "uri":
      return labels[sent];
    case "querystring":
      if (shape.type === "map") return Object.fromEntries(query);
      return query.has(sent) ? readTexts(model, shape, query.getAll(sent)) : undefined;
    case "header":
      if (header === undefined) return undefined;
      return readTexts(model, shape, shape.type === "list" ? String(header).split(/\s*,\s*/) : [String(header)]);
    case "headers": {
      const prefix = sent.toLowerCase();
      const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
      return found.length > 0
        ? Object.fromEntries(found.map(([name, text]) => [name.slice(prefix.length), String(text)]))
        : undefined;
    }
    default:
      return undefined;
  }
}

function readTexts(model: Model, shape: Shape, texts: string[]): unknown {
  if (shape.type !== "list" || !shape.member) return fromText(shape, texts[0] ?? "");
  const inner = shapeOf(model, shape.member.shape);
  return texts.map((text) => fromText(inner, text));
}

function format({ timestampFormat }: Member): Partial<Shape> {
  return timestampFormat ? { timestampFormat } : {};
}

function inBody(shape: Shape): Members {
  return membersOf(shape).filter(({ member }) => member.location === undefined);
}

function readBody(model: Model, bodies: Bodies, input: Member, body: Buffer): object {
  const payload = payloadOf(model, input);
  const shape = shapeOf(model, input.shape);
  if (!payload) {
    const members = inBody(shape);
    return members.length > 0 ? bodies.read(model, shape, body, members) : {};
  }
  const { name, member } = payload;
  const inner = shapeOf(model, member.shape);
  if (isStreamed(model, input) || body.length === 0) return {};
  if (inner.type === "blob") return { [name]: body };
  if (inner.type === "string") return { [name]: body.toString() };
  return { [name]: bodies.read(model, inner, body, membersOf(inner)) };
}

/** Whether the operation itself reads the body of its input. */
export function isStreamed(model: Model, input: Member | undefined): boolean {
  const { member } = payloadOf(model, input) ?? {};
  return member !== undefined && (member.streaming ?? shapeOf(model, member.shape).streaming ?? false);
}

function writeBody(model: Model, bodies: Bodies, { output }: Operation, value: Record<string, unknown>): Sent["body"] {
  if (!output) return "";
  const shape = shapeOf(model, output.shape);
  const payload = payloadOf(model, output);
  if (!payload) {
    const members = inBody(shape);
    const isEmpty = members.length === 0 && bodies.contentType.endsWith("xml");
    return isEmpty ? "" : bodies.write(model, shape.locationName ?? output.shape, shape, value, members);
  }
  const { name, member } = payload;
  const content = value[name];
  if (content === undefined || content === null) return "";
  if (typeof content === "string" || Buffer.isBuffer(content) || content instanceof Readable) return content;
  if (content instanceof Uint8Array) return Buffer.from(content);
  const inner = shapeOf(model, member.shape);
  return bodies.write(model, member.locationName ?? member.shape, inner, content, membersOf(inner));
}

function writeHead(model: Model, { http, output }: Operation, value: Record<string, unknown>) {
  const headers: Record<string, string> = {};
  let status = http?.responseCode ?? 200;
  for (const { name, sent, member } of output ? membersOf(shapeOf(model, output.shape)) : []) {
    const one = value[name];
    if (one === undefined || one === null) continue;
    const shape = { ...shapeOf(model, member.shape), ...format(member) };
    if (member.location === "statusCode") status = Number(one);
    else if (member.location === "header")
      headers[sent] = [one]
        .flat()
        .map((part) => toText(shape, part, "rfc822"))
        .join(",");
    else if (member.location === "headers") {
      for (const [key, text] of Object.entries(one)) headers[`${sent}${key}`] = String(text);
    }
  }
  return { status, headers };
}
