import type { IncomingMessage } from "node:http";
import { callerArn } from "../../../engine/context";
import { AwsError } from "../../core/awsError";
import { readSignature, SignatureError } from "../../core/signature/signature";
import { sha256, type Verifier } from "../../core/signature/verifier";

/** Who signed a request. */
export interface Caller {
  accessKeyId: string;
  arn: string;
}

/**
 * Checks that a request is signed for Lambda in a region.
 * @throws AwsError
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
export function authorize(request: IncomingMessage, body: Buffer, region: string, verifier: Verifier): Caller {
  try {
    const signature = readSignature(request);
    verifier.checkFacts(request, signature, Date.now());
    if (signature.service !== "lambda" || signature.region !== region) {
      const expected = `${signature.scope.slice(0, 8)}/${region}/lambda/aws4_request`;
      throw new SignatureError("malformed", `Credential should be scoped to ${expected}, not ${signature.scope}.`);
    }
    verifier.verify(request, signature, sha256(body));
    return { accessKeyId: signature.accessKeyId, arn: callerArn(region) };
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw error.flaw === "missing" ? accessDenied() : new AwsError("InvalidSignatureException", error.message, 403);
  }
}

export function accessDenied(): AwsError {
  const where = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";
  const message = `Forbidden. For troubleshooting Function URL authorization issues, see: ${where}`;
  return new AwsError("AccessDeniedException", message, 403);
}
