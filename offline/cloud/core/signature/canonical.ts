import { headerPairs } from "../headerPairs";
import type { Signature, SignedRequest } from "./signature";
import { queryOf } from "./signature";

/**
 * The canonical form of a request, which is what the signature covers.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalRequest(request: SignedRequest, signature: Signature, payloadHash: string): string {
  const { service, signedHeaders } = signature;
  const url = (request.url ?? "/").replace(/^https?:\/\/[^/?#]*/i, "");
  const path = url.replace(/[?#].*$/s, "") || "/";
  return [
    request.method,
    service === "s3" ? encodedOnce(path) : encodedAgain(path),
    canonicalQuery(url),
    ...canonicalHeaders(request, signedHeaders),
    "",
    signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

/** S3 uses keys as they are, with all their slashes and dots. */
function encodedOnce(path: string): string {
  try {
    return path
      .split("/")
      .map((segment) => encode(decodeURIComponent(segment)))
      .join("/");
  } catch {
    // Not UTF-8: S3 refuses it later.
    return path;
  }
}

/** Every other service encodes the encoded path again, without empty and relative segments. */
function encodedAgain(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const end = kept.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${kept.map(encode).join("/")}${end}`;
}

function canonicalQuery(url: string): string {
  if (!url.includes("?")) return "";
  return [...queryOf(url)]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, one], [b, other]) => compare(a, b) || compare(one, other))
    .map((pair) => pair.join("="))
    .join("&");
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function canonicalHeaders({ rawHeaders }: SignedRequest, names: string[]): string[] {
  const values = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const [name, value] of headerPairs(rawHeaders)) {
    values.get(name.toLowerCase())?.push(value.trim().replace(/\s+/g, " "));
  }
  return [...values].map(([name, all]) => `${name}:${all.join(",")}`);
}
