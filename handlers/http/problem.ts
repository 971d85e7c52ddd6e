import { inspect } from "node:util";
import type { Mistake } from "./json";

const problemTypes = {
  "malformed-request": { status: 400, title: "The request cannot be read" },
  "invalid-parameter": { status: 400, title: "A parameter is not valid" },
  "not-found": { status: 404, title: "There is no such resource" },
  "method-not-allowed": { status: 405, title: "The resource does not support this method" },
  conflict: { status: 409, title: "The request conflicts with what is stored" },
  "request-in-progress": { status: 409, title: "A request with this idempotency key is in progress" },
  "precondition-failed": { status: 412, title: "The resource is not in the state that the request requires" },
  "content-too-large": { status: 413, title: "The content is too large" },
  "unsupported-media-type": { status: 415, title: "The content type is not supported" },
  "invalid-content": { status: 422, title: "The content is not valid" },
  "idempotency-key-reused": { status: 422, title: "The idempotency key belongs to another request" },
  "internal-error": { status: 500, title: "The request failed" },
  unavailable: { status: 503, title: "The service is busy" },
} as const;

export type ProblemType = keyof typeof problemTypes;

/** An error response, as defined in RFC 9457. Its `type` is stable: `urn:problem:` and the name above. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;

  constructor(
    readonly type: ProblemType,
    readonly detail: string,
    readonly extra: { errors?: Mistake[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.name = "Problem";
    this.status = problemTypes[type].status;
    this.title = problemTypes[type].title;
  }

  /** The `application/problem+json` document. */
  document(instance: string, requestId: string): object {
    const { type, title, status, detail } = this;
    return { type: `urn:problem:${type}`, title, status, detail, instance, requestId, errors: this.extra.errors };
  }
}

/** For transient problems, in seconds. */
export const tryAgain = { headers: { "Retry-After": "1" } };

/**
 * Transient errors: error names of DynamoDB, Batch, EMR and the SDK, and network error codes. The SDK has already
 * retried them.
 */
const transient = new Set([
  "ThrottlingException",
  "TooManyRequestsException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "InternalServerError",
  "InternalServerException",
  "ServerException",
  "ServiceUnavailable",
  "TimeoutError",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** The problem for whatever was thrown. It reveals nothing that was not meant for the caller. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const { name, code, message } = errorFields(thrown);
  if (transient.has(name) || transient.has(code)) return new Problem("unavailable", "Try again soon.", tryAgain);
  if (name === "ValidationException" && /item size/i.test(message)) {
    return new Problem("content-too-large", "The item would be larger than 400 KB.");
  }
  return new Problem("internal-error", "Something went wrong here. Quote the request id when you report it.");
}

/** A text from AWS without ARNs and account ids. */
export function withoutInternals(text: string): string {
  return text.replaceAll(/\barn:aws[^\s,"')\]]*|\b\d{12}\b/g, "…");
}

/** The fields of whatever was thrown, which need not be an error. */
export function errorFields(thrown: unknown): { name: string; code: string; message: string; stack: string } {
  const fields: Record<string, unknown> = Object(thrown ?? {});
  const text = (key: string) => (typeof fields[key] === "string" ? fields[key] : "");
  return { name: text("name"), code: text("code"), message: text("message") || inspect(thrown), stack: text("stack") };
}
