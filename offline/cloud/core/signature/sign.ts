import type { Credentials } from "../types";
import { canonicalRequest } from "./canonical";
import { onlyKey, sha256, Verifier } from "./verifier";

interface UnsignedRequest {
  method: string;
  /** The path, with the query. */
  url: string;
  host: string;
  region: string;
  /** The signing name. */
  service: string;
  body: string | Buffer;
}

/** The headers that sign a request with version 4. */
export function signatureHeaders(request: UnsignedRequest, credentials: Credentials): Record<string, string> {
  const { method, url, host, region, service, body } = request;
  const now = new Date();
  const timestamp = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request`;
  const contents = service === "s3" ? { "x-amz-content-sha256": sha256(body) } : undefined;
  const headers = { host, ...contents, "x-amz-date": timestamp };
  const signedHeaders = Object.keys(headers);
  const { accessKeyId } = credentials;
  const facts = { accessKeyId, region, service, scope, signedHeaders, timestamp, time: now.getTime(), value: "" };
  const canonical = canonicalRequest(
    { method, url, headers, rawHeaders: Object.entries(headers).flat() },
    facts,
    sha256(body),
  );
  const value = new Verifier(onlyKey(credentials)).sign(facts, "AWS4-HMAC-SHA256", [sha256(canonical)]);
  const fields = `Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders.join(";")}, Signature=${value}`;
  return { ...headers, authorization: `AWS4-HMAC-SHA256 ${fields}` };
}
