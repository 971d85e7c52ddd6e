import { type Json, type Mistake, repeatedName, unstorable } from "./json";
import type { HttpRequest } from "./message";
import { Problem, type ProblemType } from "./problem";
import type { Match, Parameter, Route } from "./router";
import { type JsonSchema, mistakesIn } from "./schema";

/** The largest body that is accepted, in bytes. */
const largestBody = 256 * 1024;

/** A body full of mistakes must not lead to a response beyond the 6 MB that Lambda returns. */
const mostMistakes = 100;

/**
 * The parameters that the route declares, by name, checked and with their defaults. Undeclared headers are accepted.
 */
export function readParameters({ route, parameters: path }: Match, request: HttpRequest): Record<string, Json> {
  const { headers, query } = request;
  const declared = route.parameters ?? {};
  const mistakes = [...query.keys()]
    // A presigned request carries its signature in these, whatever the operation.
    .filter((name) => declared[name]?.in !== "query" && !name.startsWith("X-Amz-"))
    .map((name): Mistake => ({ parameter: name, detail: "is not a query parameter of this operation" }));
  const values: Record<string, Json> = {};
  for (const [name, parameter] of Object.entries(declared)) {
    const sent = { path: [path[name]], query: query.get(name) ?? [], header: [headers.get(name.toLowerCase())] };
    const [text, ...more] = sent[parameter.in];
    const value = text === undefined ? parameter.schema.default : typed(text, parameter.schema);
    if (more.length > 0) mistakes.push({ parameter: name, detail: "must not be given twice" });
    mistakes.push(...parameterMistakes(name, parameter, value));
    if (value !== undefined) values[name] = value;
  }
  if (mistakes.length > 0) throw invalid("invalid-parameter", "parameter", mistakes);
  return values;
}

/** Parameters arrive as text; text that is not a number stays text, and the schema refuses it. */
function typed(text: string, { type }: JsonSchema): Json {
  return type === "integer" && /^-?\d+$/.test(text) ? Number(text) : text;
}

function parameterMistakes(name: string, { required, schema }: Parameter, value: Json | undefined): Mistake[] {
  if (value === undefined) return required ? [{ parameter: name, detail: "is required" }] : [];
  return mistakesIn(value, schema).map(({ detail }) => ({ parameter: name, detail }));
}

/** The body as it was sent and as the JSON that the route's schema describes. */
export function readBody({ requestBody }: Route, request: HttpRequest): { content: string; body?: Json } {
  if (!requestBody) return { content: "" };
  const schema = schemaFor(Object.entries(requestBody.content), request.headers);
  const content = textOf(request.body);
  const body = parse(content);
  const unstored = unstorable(body);
  const mistakes = unstored.length > 0 ? unstored : mistakesIn(body, schema);
  rejectMistakes(mistakes);
  return { content, body };
}

/** Refuses a document that has mistakes. */
export function rejectMistakes(mistakes: Mistake[]): void {
  if (mistakes.length > 0) throw invalid("invalid-content", "value", mistakes);
}

function invalid(type: ProblemType, noun: string, mistakes: Mistake[]): Problem {
  const { length } = mistakes;
  const found = `${length} ${noun}${length === 1 ? " is" : "s are"} not valid`;
  const errors = mistakes.slice(0, mostMistakes);
  return new Problem(type, `${found}: see errors${length > mostMistakes ? `, the first ${mostMistakes}` : ""}.`, {
    errors,
  });
}

/** The schema of the request's media type. JSON is UTF-8 (RFC 8259, 8.1), and compressed bodies are not accepted. */
function schemaFor(content: [mediaType: string, { schema: JsonSchema }][], headers: Map<string, string>): JsonSchema {
  const [mediaType, ...parameters] = (headers.get("content-type") ?? "")
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const accepted = content.find(([candidate]) => candidate === mediaType);
  const otherCharset = parameters.some((parameter) => /^charset=(?!"?utf-8"?$)/.test(parameter));
  const encoded = !/^(identity)?$/i.test(headers.get("content-encoding") ?? "");
  if (accepted && !otherCharset && !encoded) return accepted[1].schema;
  const types = content.map(([candidate]) => candidate);
  throw new Problem("unsupported-media-type", `Send ${types.join(" or ")}, in UTF-8, without a Content-Encoding.`, {
    headers: { Accept: types.join(", ") },
  });
}

/**
 * If bytes are not UTF-8, a gateway that passes the body on as text has replaced them with U+FFFD, and the original is
 * lost.
 */
function textOf(bytes: Buffer): string {
  if (bytes.length > largestBody) {
    throw new Problem("content-too-large", `The body has ${bytes.length} bytes; at most ${largestBody} are accepted.`);
  }
  // Windows often begins files with a byte order mark, which RFC 8259 lets us ignore.
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  if (text.includes("\ufffd")) {
    throw new Problem("malformed-request", "The body is not UTF-8 text. (Write the character U+FFFD as \\ufffd.)");
  }
  return text;
}

function parse(text: string): Json {
  if (text === "") throw new Problem("malformed-request", "The body is missing; send JSON.");
  const value = parseJson(text);
  const repeated = repeatedName(text);
  if (repeated === undefined) return value;
  throw new Problem("malformed-request", `An object in the body has the name ${JSON.stringify(repeated)} twice.`);
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem("malformed-request", `The body is not JSON: ${error instanceof Error ? error.message : ""}`);
  }
}
