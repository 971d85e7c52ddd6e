import { bucketInHost } from "../hosts";
import type { Scope } from "../types";
import { queryOf, SignatureError, type SignedRequest } from "./signature";
import type { Verifier } from "./verifier";

/** The query parameters that the signature covers. */
const RESOURCES = new Set(
  `acl cors delete lifecycle location logging notification partNumber policy requestPayment response-cache-control
  response-content-disposition response-content-encoding response-content-language response-content-type
  response-expires restore tagging torrent uploadId uploads versionId versioning versions website`.split(/\s+/),
);

/** Whether a URL is presigned with version 2, which only S3 still accepts, and which boto3 uses by default. */
export function isSignedByV2({ url = "/" }: SignedRequest): boolean {
  return /[?&]AWSAccessKeyId=/.test(url);
}

/**
 * Verifies a URL presigned with version 2, and returns who presigned it.
 * @throws SignatureError for another access key, an expired URL, or a signature that does not match
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
 */
export function verifyV2(request: SignedRequest, verifier: Verifier, now: number): Scope {
  const query = queryOf(request.url ?? "/");
  const expires = query.get("Expires") ?? "";
  const accessKeyId = query.get("AWSAccessKeyId") ?? "";
  if (!/^\d+$/.test(expires) || !query.has("Signature")) {
    const wanted = "Signature, Expires and AWSAccessKeyId";
    throw new SignatureError("missing", `Query-string authentication requires the parameters ${wanted}.`);
  }
  if (now > Number(expires) * 1000) throw new SignatureError("expired", "Request has expired");
  verifier.verifyV2(accessKeyId, stringToSign(request, query, expires), query.get("Signature") ?? "");
  // Version 2 has no scope.
  return { accessKeyId, region: "", service: "s3" };
}

function stringToSign({ method, url = "/", headers }: SignedRequest, query: URLSearchParams, expires: string): string {
  const own = Object.keys(headers).filter((name) => name.startsWith("x-amz-"));
  const bucket = bucketInHost(headers.host);
  const chosen = [...query].filter(([name]) => RESOURCES.has(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  const resource = chosen.map(([name, value]) => (value === "" ? name : `${name}=${value}`)).join("&");
  return [
    method,
    headers["content-md5"] ?? "",
    headers["content-type"] ?? "",
    expires,
    ...own.sort().map((name) => `${name}:${headers[name]}`),
    `${bucket === undefined ? "" : `/${bucket}`}${url.replace(/\?.*$/s, "")}${resource && `?${resource}`}`,
  ].join("\n");
}
