import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../core/awsError";
import { parse, type Call as Request } from "../core/service";
import { mistakeOfChoice, validationError } from "./reference";

/** What a request to invoke a function asks for. */
export interface InvokeRequest {
  /** A name, an ARN or a part of one. */
  reference: string;
  qualifier?: string;
  type: "RequestResponse" | "Event" | "DryRun";
  /** Whether the caller wants the end of the log. */
  tail: boolean;
  /** Whether the response is sent piece by piece. */
  streams: boolean;
  /** The event, as JSON. */
  payload: string;
  requestId: string;
  clientContext?: unknown;
  tenantId?: string;
}

const PATH =
  /^\/(?:2015-03-31\/functions\/([^/]+)\/invocations|2021-11-15\/functions\/([^/]+)\/response-streaming-invocations)$/;

/** The largest event of an asynchronous invocation. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_EVENT_BYTES = 2 ** 20;

/**
 * Reads a request of Invoke or InvokeWithResponseStream; undefined if it is another one.
 * @throws AwsError in Lambda's words
 */
export function readInvokeRequest({ request, body }: Pick<Request, "request" | "body">): InvokeRequest | undefined {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const [found, whole, streamed] = (request.method === "POST" && PATH.exec(pathname)) || [];
  if (found === undefined) return undefined;
  const { headers } = request;
  const types = streamed ? ["RequestResponse", "DryRun"] : ["Event", "RequestResponse", "DryRun"];
  const type = headerOf(headers, "x-amz-invocation-type") ?? "RequestResponse";
  const logType = headerOf(headers, "x-amz-log-type") ?? "None";
  const mistakes = [
    mistakeOfChoice("invocationType", type, types),
    mistakeOfChoice("logType", logType, ["None", "Tail"]),
  ].filter((mistake) => mistake !== undefined);
  if (mistakes.length > 0) throw validationError(mistakes);
  const tooLarge = type === "Event" ? sizeMistake(body) : undefined;
  if (tooLarge) throw tooLarge;
  return {
    reference: parse(() => decodeURIComponent(whole ?? streamed ?? ""), "ValidationException"),
    qualifier: searchParams.get("Qualifier") ?? undefined,
    type: type as InvokeRequest["type"],
    tail: logType === "Tail",
    streams: streamed !== undefined,
    payload: readPayload(body),
    requestId: randomUUID(),
    clientContext: readClientContext(headerOf(headers, "x-amz-client-context")),
    tenantId: headerOf(headers, "x-amz-tenant-id"),
  };
}

/** The error of an event that is too large; undefined for any other. */
export function sizeMistake(payload: string | Buffer): AwsError | undefined {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= MAX_EVENT_BYTES) return undefined;
  const message = `${bytes} byte payload is too large for the Event invocation type (limit ${MAX_EVENT_BYTES} bytes)`;
  return new AwsError("RequestEntityTooLargeException", message, 413, { Type: "User" });
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  return headers[name]?.toString() || undefined;
}

/** Without one, the event is an empty object. */
function readPayload(body: Buffer): string {
  if (body.length === 0) return "{}";
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    JSON.parse(text);
    return text;
  } catch (error) {
    throw invalid(
      `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`,
    );
  }
}

/** JSON in Base64. */
function readClientContext(header: string | undefined): unknown {
  if (header === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(header, "base64").toString());
  } catch {
    throw invalid("Client context must be a valid Base64-encoded JSON object.");
  }
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidRequestContentException", message, 400, { Type: "User" });
}
