import type { Hash } from "node:crypto";
import { AwsError } from "../awsError";
import type { Signature, SignedRequest } from "./signature";
import { sha256, type Verifier } from "./verifier";

const EMPTY = sha256("");

/** What a signature says about the body. */
export interface Payload {
  /** The body's SHA-256 in hex; absent if it is not signed. */
  sha256?: string;
  /** Present if each chunk of the body has a signature of its own. */
  chunks?: ChunkSignatures;
}

/**
 * The body's hash or its substitute, which S3 callers send ahead of the body.
 * @throws AwsError if it is missing
 */
export function announcedPayload({ headers }: SignedRequest, { expires }: Signature): string {
  const announced = headers["x-amz-content-sha256"] ?? (expires === undefined ? undefined : "UNSIGNED-PAYLOAD");
  if (announced !== undefined) return String(announced);
  throw new AwsError("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
}

export function payloadOf(announced: string, verifier: Verifier, signature: Signature): Payload {
  if (/^[0-9a-f]{64}$/.test(announced)) return { sha256: announced };
  return announced.startsWith("STREAMING-AWS4-HMAC-SHA256") ? { chunks: new ChunkSignatures(verifier, signature) } : {};
}

/** @param hash of the body @throws AwsError if the body is not the one that was signed */
export function checkPayload({ sha256 }: Payload, hash: Hash): void {
  if (sha256 === undefined || hash.digest("hex") === sha256) return;
  const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
  throw new AwsError("XAmzContentSHA256Mismatch", message);
}

/**
 * The signatures of a body's chunks: each covers its chunk and the signature before it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export class ChunkSignatures {
  /** False once the signature of a part did not match. */
  valid = true;
  private previous: string;

  constructor(
    private readonly verifier: Verifier,
    private readonly seed: Signature,
  ) {
    this.previous = seed.value;
  }

  /** @param hash of its data */
  checkChunk(hash: string, signature: string): void {
    this.check("AWS4-HMAC-SHA256-PAYLOAD", [EMPTY, hash], signature);
  }

  /** @param trailers `name:value`, with a line feed each */
  checkTrailers(trailers: string, signature: string): void {
    this.check("AWS4-HMAC-SHA256-TRAILER", [sha256(trailers)], signature);
  }

  private check(kind: string, lines: string[], value: string): void {
    this.valid &&= this.verifier.isValid(this.seed, kind, [this.previous, ...lines], value);
    this.previous = value;
  }
}
