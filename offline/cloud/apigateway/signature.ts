import { createHash, timingSafeEqual } from "node:crypto";
import type { Credentials } from "../core/types";
import type { GatewayRequest } from "./request";
import { Rejection } from "./responses";

/** Checks that a request is signed with the credentials, and says who signed it. */
export type SignatureCheck = (request: GatewayRequest) => Promise<NonNullable<GatewayRequest["caller"]>>;

/** What a signature says of itself, from the header or a presigned URL's query. */
interface Signature {
  accessKeyId: string;
  /** date/region/service/aws4_request */
  scope: string[];
  signedHeaders: string[];
  value: string;
  date: Date;
  /** In seconds; only of a presigned URL. */
  expires?: number;
}

const SKEW_MILLISECONDS = 5 * 60_000;

/**
 * Verifies Signature Version 4 by signing the request anew.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export async function createSignatureCheck(credentials: Credentials): Promise<SignatureCheck> {
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
    import("@smithy/signature-v4"),
    import("@aws-crypto/sha256-js"),
  ]);
  return async (request) => {
    const signature = readSignature(request);
    checkFacts(signature, request, credentials);
    const [, region = "", service = ""] = signature.scope;
    const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: false });
    const options = { signingDate: signature.date, signableHeaders: new Set(signature.signedHeaders) };
    const unsigned = unsignedRequest(request, signature);
    const signed = signature.expires
      ? String(
          (await signer.presign(unsigned, { ...options, expiresIn: signature.expires })).query?.["X-Amz-Signature"],
        )
      : /Signature=(\w+)/.exec((await signer.sign(unsigned, options)).headers.authorization ?? "")?.[1];
    if (!equal(signed ?? "", signature.value)) throw mismatch();
    const { accessKeyId } = signature;
    return { accessKeyId, arn: `arn:aws:iam::${request.api.account}:user/offline` };
  };
}

function readSignature({ headers, query }: GatewayRequest): Signature {
  const { authorization } = headers;
  const fields = authorization ? fieldsOf(authorization) : fieldsOfQuery(query);
  const date = authorization ? headers["x-amz-date"]?.toString() : (query.get("X-Amz-Date") ?? undefined);
  if (!authorization && !fields.Signature) {
    throw new Rejection("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
  }
  const missing = ["Credential", "SignedHeaders", "Signature"].filter((name) => !fields[name]);
  if (missing.length > 0) {
    throw new Rejection("INVALID_SIGNATURE", `Authorization requires ${missing.join(", ")} parameter.`);
  }
  const [accessKeyId = "", ...scope] = (fields.Credential ?? "").split("/");
  return {
    accessKeyId,
    scope,
    signedHeaders: (fields.SignedHeaders ?? "").split(";"),
    value: fields.Signature ?? "",
    date: parseDate(date ?? ""),
    expires: authorization ? undefined : Number(query.get("X-Amz-Expires")),
  };
}

function fieldsOf(authorization: string): Record<string, string | undefined> {
  const text = authorization.replace(/^AWS4-HMAC-SHA256\s+/, "");
  return Object.fromEntries(text.split(/\s*,\s*/).map((field) => field.split(/=(.*)/s).slice(0, 2)));
}

function fieldsOfQuery(query: URLSearchParams): Record<string, string | undefined> {
  const names = ["Credential", "SignedHeaders", "Signature"];
  return Object.fromEntries(names.map((name) => [name, query.get(`X-Amz-${name}`) ?? undefined]));
}

/** ISO 8601's basic format, as in `20260102T030405Z`. */
function parseDate(text: string): Date {
  const date = new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (Number.isNaN(date.getTime())) throw new Rejection("INVALID_SIGNATURE", "The X-Amz-Date is missing or malformed.");
  return date;
}

function checkFacts(signature: Signature, request: GatewayRequest, credentials: Credentials): void {
  const { accessKeyId, scope, signedHeaders, date, expires } = signature;
  if (accessKeyId !== credentials.accessKeyId) {
    throw new Rejection("INVALID_SIGNATURE", "The security token included in the request is invalid.");
  }
  const [day, region, service, end] = scope;
  if (service !== "execute-api" || region !== request.api.region || end !== "aws4_request" || day !== dayOf(date)) {
    const expected = `${dayOf(date)}/${request.api.region}/execute-api/aws4_request`;
    throw new Rejection("INVALID_SIGNATURE", `Credential should be scoped to ${expected}, not ${scope.join("/")}.`);
  }
  if (!signedHeaders.includes("host")) {
    throw new Rejection("INVALID_SIGNATURE", "'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const age = request.time - date.getTime();
  const lifetime = expires === undefined ? SKEW_MILLISECONDS : expires * 1000;
  if (!(age <= lifetime) || age < -SKEW_MILLISECONDS) {
    throw new Rejection("EXPIRED_TOKEN", `Signature expired or not yet valid: it was made at ${date.toISOString()}.`);
  }
  const claimed = request.headers["x-amz-content-sha256"];
  if (claimed && claimed !== createHash("sha256").update(request.body).digest("hex")) throw mismatch();
}

/** The request as it was before it was signed, with nothing in it that the signature does not cover. */
function unsignedRequest({ method, url, query, headers, body }: GatewayRequest, signature: Signature) {
  const ownParameters =
    signature.expires === undefined ? [] : [...query.keys()].filter((name) => /^X-Amz-/i.test(name));
  const names = [...new Set(query.keys())].filter((name) => !ownParameters.includes(name));
  return {
    method,
    protocol: "http:",
    hostname: "127.0.0.1",
    path: url.replace(/\?.*$/s, ""),
    query: Object.fromEntries(names.map((name) => [name, query.getAll(name)])),
    headers: Object.fromEntries(signature.signedHeaders.map((name) => [name, headers[name]?.toString() ?? ""])),
    body: body.length > 0 ? body : undefined,
  };
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10).replaceAll("-", "");
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function mismatch(): Rejection {
  const message =
    "The request signature we calculated does not match the signature you provided. " +
    "Check your AWS Secret Access Key and signing method.";
  return new Rejection("INVALID_SIGNATURE", message);
}
