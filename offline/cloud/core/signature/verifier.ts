import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { Credentials } from "../types";
import { canonicalRequest } from "./canonical";
import { type Signature, SignatureError, type SignedRequest } from "./signature";

/** How far the clocks of the caller and of a service may differ. S3 allows 15 minutes, all others 5. */
const SKEW_MILLISECONDS = 5 * 60_000;
const SKEW_OF_S3_MILLISECONDS = 15 * 60_000;

/** How many keys are cached; callers need only a few. */
const KEPT_KEYS = 100;

export function sha256(data: string | Buffer): string {
  return hash("sha256", data);
}

/**
 * Verifies signatures of version 4 against the only pair of credentials.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export class Verifier {
  /** By scope: a key is for a day, a region and a service. */
  private readonly keys = new Map<string, Buffer>();

  constructor(private readonly credentials: Credentials) {}

  /**
   * Runs the checks that do not need the body.
   * @throws SignatureError for another access key, an expired or future signature, and headers that should be signed
   */
  checkFacts({ headers }: SignedRequest, signature: Signature, now: number): void {
    const { accessKeyId, service, signedHeaders, time, expires } = signature;
    this.checkKey(accessKeyId);
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

  /** @throws SignatureError for another access key than that of the credentials */
  checkKey(accessKeyId: string): void {
    if (accessKeyId === this.credentials.accessKeyId) return;
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
  sign({ timestamp, scope }: Pick<Signature, "timestamp" | "scope">, kind: string, lines: string[]): string {
    const text = [kind, timestamp, scope, ...lines].join("\n");
    return createHmac("sha256", this.keyOf(scope)).update(text).digest("hex");
  }

  /** @throws SignatureError if the version 2 signature of the text does not match */
  verifyV2(text: string, value: string): void {
    const { secretAccessKey } = this.credentials;
    if (!isEqual(createHmac("sha1", secretAccessKey).update(text).digest("base64"), value)) throw mismatch();
  }

  private keyOf(scope: string): Buffer {
    const known = this.keys.get(scope);
    if (known) return known;
    if (this.keys.size >= KEPT_KEYS) this.keys.clear();
    const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
    const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${this.credentials.secretAccessKey}`) as Buffer;
    this.keys.set(scope, key);
    return key;
  }
}

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
