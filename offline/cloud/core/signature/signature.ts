import type { IncomingHttpHeaders } from "node:http";

/** The parts of a request that a signature can cover, except the body. */
export interface SignedRequest {
  method?: string;
  /** As sent. */
  url?: string;
  headers: IncomingHttpHeaders;
  /** Alternating names and values, as sent. */
  rawHeaders: string[];
}

/** The fields of a signature, from the Authorization header or the query of a presigned URL. */
export interface Signature {
  accessKeyId: string;
  region: string;
  /** The service's signing name, such as `dynamodb`. */
  service: string;
  /** `YYYYMMDD/region/service/aws4_request` */
  scope: string;
  signedHeaders: string[];
  value: string;
  /** `YYYYMMDDTHHMMSSZ` */
  timestamp: string;
  /** In milliseconds since 1970. */
  time: number;
  /** In seconds; presigned URLs only. */
  expires?: number;
}

/** What is wrong with a signature; each service has its own error codes for it. */
export type Flaw =
  | "missing"
  | "malformed"
  | "malformed query"
  | "unknown key"
  | "unsigned headers"
  | "expired"
  | "mismatch";

export class SignatureError extends Error {
  constructor(
    readonly flaw: Flaw,
    message: string,
  ) {
    super(message);
  }
}

const ALGORITHM = "AWS4-HMAC-SHA256";
const MAX_EXPIRES = 7 * 24 * 60 * 60;

/**
 * Reads a request's signature of version 4.
 * @throws SignatureError if it is missing or incomplete
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function readSignature({ url = "/", headers }: SignedRequest): Signature {
  if (headers.authorization !== undefined) return readHeader(headers.authorization, headers);
  const query = queryOf(url);
  if (!query.has("X-Amz-Credential") && !query.has("X-Amz-Signature")) {
    throw new SignatureError("missing", "The request is not signed.");
  }
  return readQuery(query);
}

/** A URL that is safe to show: a presigned one would let anybody in. */
export function withoutSignature(url: string): string {
  return url.replace(/([?&](?:X-Amz-Signature|X-Amz-Security-Token|Signature)=)[^&]*/gi, "$1***");
}

export function queryOf(url: string): URLSearchParams {
  return new URLSearchParams(url.replace(/^[^?]*\??/, ""));
}

function readHeader(authorization: string, headers: IncomingHttpHeaders): Signature {
  const algorithm = /^\S*/.exec(authorization)?.[0];
  const fields = new Map(
    [...authorization.matchAll(/(\w+)=([^,\s]*)/g)].map(([, name = "", value = ""]) => [name, value]),
  );
  const missing = ["Credential", "SignedHeaders", "Signature"].filter((name) => !fields.get(name));
  if (algorithm !== ALGORITHM || missing.length > 0) {
    const what = algorithm === ALGORITHM ? missing.join(", ") : ALGORITHM;
    throw new SignatureError("malformed", `Authorization requires ${what}.`);
  }
  const date = String(headers["x-amz-date"] ?? toTimestamp(headers.date));
  return signature(fields, date, "malformed");
}

function readQuery(query: URLSearchParams): Signature {
  const names = ["Algorithm", "Credential", "Signature", "Date", "SignedHeaders", "Expires"];
  const fields = new Map(names.map((name) => [name, query.get(`X-Amz-${name}`) ?? ""]));
  const missing = names.filter((name) => !fields.get(name));
  if (missing.length > 0 || fields.get("Algorithm") !== ALGORITHM) {
    const wanted = names.map((name) => `X-Amz-${name}`).join(", ");
    throw malformedQuery(`Query-string authentication version 4 requires the parameters ${wanted}.`);
  }
  const expires = Number(fields.get("Expires"));
  if (!Number.isInteger(expires) || expires < 0)
    throw malformedQuery("X-Amz-Expires must be a whole number of seconds.");
  if (expires > MAX_EXPIRES) {
    throw malformedQuery(`X-Amz-Expires must be less than a week (in seconds), that is ${MAX_EXPIRES} at most.`);
  }
  return { ...signature(fields, fields.get("Date") ?? "", "malformed query"), expires };
}

function signature(fields: Map<string, string>, timestamp: string, flaw: Flaw): Signature {
  const [accessKeyId = "", ...scope] = (fields.get("Credential") ?? "").split("/");
  const [day, region = "", service = "", end] = scope;
  const time = Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!/^\d{8}T\d{6}Z$/.test(timestamp) || Number.isNaN(time)) {
    throw new SignatureError(flaw, "The X-Amz-Date is missing or malformed.");
  }
  if (scope.length !== 4 || end !== "aws4_request" || day !== timestamp.slice(0, 8) || !region || !service) {
    const expected = `${timestamp.slice(0, 8)}/REGION/SERVICE/aws4_request`;
    throw new SignatureError(flaw, `Credential should be scoped to ${expected}, not ${scope.join("/")}.`);
  }
  return {
    accessKeyId,
    region,
    service,
    scope: scope.join("/"),
    signedHeaders: (fields.get("SignedHeaders") ?? "").toLowerCase().split(";"),
    value: fields.get("Signature") ?? "",
    timestamp,
    time,
  };
}

function malformedQuery(message: string): SignatureError {
  return new SignatureError("malformed query", message);
}

/** An HTTP date in ISO 8601's basic format. */
function toTimestamp(date: string | undefined): string {
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? "" : new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
}
