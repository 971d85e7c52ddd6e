import type * as http from "node:http";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Credentials } from "../../../offline/cloud/core/types";

export interface SignedRequest {
  /** The signing name. */
  service: string;
  method?: string;
  /** As sent, without the query. */
  path?: string;
  query?: Record<string, string | string[]>;
  headers?: Record<string, string>;
  body?: string;
  /** The signed path, if it differs. */
  signedPath?: string;
  region?: string;
  credentials?: Credentials;
  at?: Date;
  /** Presigns for this many seconds, instead of signing in a header. */
  expiresIn?: number;
}

/** The parameters of `send` for a request signed as by the AWS SDK for JavaScript. */
export async function signed(
  { endpoint, credentials }: { endpoint: string; credentials: Credentials },
  { service, method = "POST", path = "/", query = {}, headers = {}, body, ...options }: SignedRequest,
): Promise<http.RequestOptions & { body?: string }> {
  const { hostname, port, host } = new URL(endpoint);
  const signer = new SignatureV4({
    service,
    region: options.region ?? "eu-west-1",
    credentials: { ...(options.credentials ?? credentials) },
    sha256: Sha256,
    uriEscapePath: service !== "s3",
  });
  const { expiresIn, at: signingDate = new Date(), signedPath = path } = options;
  // The signer takes the body's hash from this header, which is not sent with presigned URLs of S3.
  const unsent: Record<string, string> = service === "s3" && expiresIn ? { [HASH]: "UNSIGNED-PAYLOAD" } : {};
  const request = {
    ...{ method, protocol: "http:", hostname, port: Number(port), path: signedPath, query, body },
    headers: { host, ...headers, ...unsent },
  };
  const kept = { unhoistableHeaders: new Set(Object.keys(headers)), unsignableHeaders: new Set(Object.keys(unsent)) };
  const done = expiresIn
    ? await signer.presign(request, { expiresIn, signingDate, ...kept })
    : await signer.sign(request, { signingDate });
  const search = Object.entries(done.query ?? {})
    .flatMap(([name, values]) => [values ?? ""].flat().map((value) => `${encode(name)}=${encode(value)}`))
    .join("&");
  const sent = Object.entries(done.headers).filter(([name]) => unsent[name] === undefined);
  return { method, path: `${path}${search && `?${search}`}`, headers: Object.fromEntries(sent), body };
}

const HASH = "x-amz-content-sha256";

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
