import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { Credentials } from "../types";
import { canonicalRequest } from "./canonical";
import { queryOf, type Signature, SignatureError, type SignedRequest } from "./signature";

/** How far the clocks of the caller and of a service may differ. S3 allows 15 minutes, all others 5. */
const SKEW_MILLISECONDS = 5 * 60_000;
const SKEW_OF_S3_MILLISECONDS = 15 * 60_000;

/** How many keys are cached; callers need only a few. */
const KEPT_KEYS = 100;

export function sha256(data: string | Buffer): string {
  return hash("sha256", data);
}

/** What belongs to an access key. */
export interface Key {
  secretAccessKey: string;
  /** What requests must also have, in a session. @default nothing is asked for */
  sessionToken?: string;
}

/** Finds the key for requests to a service, by its signing name. */
export type KeyOf = (accessKeyId: string, service: string) => Key | undefined;

/** Finds the only pair of credentials. */
export function onlyKey({ accessKeyId, secretAccessKey }: Credentials): KeyOf {
  return (given) => (given === accessKeyId ? { secretAccessKey } : undefined);
}

/**
 * Verifies signatures of version 4.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export class Verifier {
  /** By secret and scope: a key is for a day, a region and a service. */
  private readonly keys = new Map<string, Buffer>();

  constructor(private readonly keyOf: KeyOf) {}

  /**
   * Runs the checks that do not need the body.
   * @throws SignatureError for an unknown access key, an expired or future signature, and headers that should be signed
   */
  checkFacts({ url = "/", headers }: SignedRequest, signature: Signature, now: number): void {
    const { accessKeyId, service, signedHeaders, time, expires } = signature;
    const { sessionToken } = this.keyFor(accessKeyId, service);
    const token = headers["x-amz-security-token"] ?? queryOf(url).get("X-Amz-Security-Token");
    if (sessionToken !== undefined && token !== sessionToken) {
      throw new SignatureError("unknown key", "The security token included in the request is invalid.");
    }
    // HTTP/2 has a name of its own for it.
    if (!["host", ":authority"].some((name) => signedHeaders.includes(name)))
      throw new SignatureError("mismatch", "'Host' must be a signed header.");
    // Such as the header that turns the PutObject of a presigned URL into CopyObject.
    const uncovered = Object.keys(headers).filter((name) => /^x-amz-/.test(name) && !signedHeaders.includes(name));
    if (service === "s3" && uncovered.length > 0) {
      const message = `There were headers present in the request which were not signed: ${uncovered.join(", ")}`;
      throw new SignatureError("unsigned headers", message);
    }
    const skew = service === "s3" ? SKEW_OF_S3_MILLISECONDS : SKEW_MILLISECONDS;
    const lifetime = expires === undefined ? skew : expires * 1000;
    const moment = `it was signed at ${signature.timestamp}, and it is ${new Date(now).toISOString()} now.`;
    if (now - time > lifetime) throw new SignatureError("expired", `Signature expired: ${moment}`);
    if (time - now > skew) throw new SignatureError("expired", `Signature not yet current: ${moment}`);
  }

  /** @throws SignatureError for an unknown access key */
  private keyFor(accessKeyId: string, service: string): Key {
    const key = this.keyOf(accessKeyId, service);
    if (key) return key;
    throw new SignatureError("unknown key", `The access key ${accessKeyId} is not the one that start printed.`);
  }

  /**
   * @param payloadHash of the body, or its substitute in S3
   * @throws SignatureError if the signature does not match
   */
  verify(request: SignedRequest, signature: Signature, payloadHash: string): void {
    const canonical = sha256(canonicalRequest(request, signature, payloadHash));
    if (!this.isValid(signature, "AWS4-HMAC-SHA256", [canonical], signature.value)) throw mismatch();
  }

  /** Whether `value` is the signature of these lines, which are a request or a part of its body. */
  isValid(signature: Signature, kind: string, lines: string[], value: string): boolean {
    return isEqual(this.sign(signature, kind, lines), value);
  }

  /** The signature of lines, in hex. */
  sign({ accessKeyId, service, timestamp, scope }: Signer, kind: string, lines: string[]): string {
    const text = [kind, timestamp, scope, ...lines].join("\n");
    const { secretAccessKey } = this.keyFor(accessKeyId, service);
    return createHmac("sha256", this.signingKey(secretAccessKey, scope)).update(text).digest("hex");
  }

  /** @throws SignatureError for an unknown access key, or if the version 2 signature of the text does not match */
  verifyV2(accessKeyId: string, text: string, value: string): void {
    const { secretAccessKey } = this.keyFor(accessKeyId, "s3");
    if (!isEqual(createHmac("sha1", secretAccessKey).update(text).digest("base64"), value)) throw mismatch();
  }

  private signingKey(secret: string, scope: string): Buffer {
    const name = `${secret}/${scope}`;
    const known = this.keys.get(name);
    if (known) return known;
    if (this.keys.size >= KEPT_KEYS) this.keys.clear();
    const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
    const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${secret}`) as Buffer;
    this.keys.set(name, key);
    return key;
  }
}

type Signer = Pick<Signature, "accessKeyId" | "service" | "timestamp" | "scope">;

function isEqual(computed: string, given: string): boolean {
  const [one, other] = [Buffer.from(computed), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function mismatch(): SignatureError {
  const message =
    "The request signature we calculated does not match the signature you provided. " +
    "Check your AWS Secret Access Key and signing method.";
  return new SignatureError("mismatch", message);
}
