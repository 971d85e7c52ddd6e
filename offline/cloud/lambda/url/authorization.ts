import type { IncomingMessage } from "node:http";
import { AwsError } from "../../core/awsError";
import { accessRequest, type Caller } from "../../core/iam/caller";
import type { Identities } from "../../core/iam/identities";
import { effectOf, strongest } from "../../core/iam/policy";
import { readSignature, SignatureError } from "../../core/signature/signature";
import { sha256, type Verifier } from "../../core/signature/verifier";
import { arnOf } from "../reference";
import type { UrlSettings } from "./settings";

/**
 * Checks that a request is signed for Lambda in a URL's region, and that the policies of the caller or the permissions of
 * the function allow it.
 * @throws AwsError
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
export function authorize(
  request: IncomingMessage,
  body: Buffer,
  url: UrlSettings,
  { verifier, identities }: { verifier: Verifier; identities: Identities },
): Caller {
  const { region } = url;
  try {
    const signature = readSignature(request);
    verifier.checkFacts(request, signature, Date.now());
    if (signature.service !== "lambda" || signature.region !== region) {
      const expected = `${signature.scope.slice(0, 8)}/${region}/lambda/aws4_request`;
      throw new SignatureError("malformed", `Credential should be scoped to ${expected}, not ${signature.scope}.`);
    }
    verifier.verify(request, signature, sha256(body));
    const caller = identities.callerOf(signature.accessKeyId, region);
    if (!mayCall(caller, request, url)) throw accessDenied();
    return caller;
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw error.flaw === "missing" ? accessDenied() : new AwsError("InvalidSignatureException", error.message, 403);
  }
}

function mayCall(caller: Caller, { headers, socket }: IncomingMessage, url: UrlSettings): boolean {
  const { functionName: name, qualifier, region, permissions } = url;
  const received = { sourceIp: socket.remoteAddress ?? "", headers, time: Date.now(), region };
  const { facts, ...asked } = accessRequest(
    "lambda:InvokeFunctionUrl",
    arnOf({ name, qualifier }, region),
    received,
    caller,
  );
  const request = { ...asked, facts: { ...facts, "lambda:functionurlauthtype": "AWS_IAM" } };
  return strongest(caller.effectOn(request), effectOf(permissions, request)) === "Allow";
}

export function accessDenied(): AwsError {
  const where = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";
  const message = `Forbidden. For troubleshooting Function URL authorization issues, see: ${where}`;
  return new AwsError("AccessDeniedException", message, 403);
}
