import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "./awsError";
import { escapeXml } from "./escapeXml";
import { JSON_1_1 } from "./service";
import { type Flaw, SignatureError } from "./signature/signature";

type Protocol = "json" | "query" | "ec2" | "s3";

/**
 * Answers with an error in the form that the caller's AWS SDK reads, so that the message reaches the author of the program.
 * @see https://smithy.io/2.0/aws/protocols/index.html
 */
export function refuse(request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
  const protocol = protocolOf(request);
  const { code, message, status = 400, members } = toAwsError(thrown, protocol, request);
  request.resume();
  const body =
    protocol === "json"
      ? JSON.stringify({ __type: code, message, Message: message, ...members })
      : errorXml(protocol, code, message);
  response.writeHead(status, {
    "Content-Type": protocol === "json" ? JSON_1_1 : "text/xml",
    "Content-Length": Buffer.byteLength(body),
    "x-amzn-errortype": code,
    [protocol === "s3" ? "x-amz-request-id" : "x-amzn-RequestId"]: randomUUID(),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

const IN_SCOPE = /(?:\/|%2F)(s3|s3express|ec2|route53|cloudfront)(?:\/|%2F)aws4_request|[?&]AWSAccessKeyId=/i;

/** JSON, or XML for S3, EC2 and the older services. */
function protocolOf({ headers, url = "" }: IncomingMessage): Protocol {
  const [scope, service] = IN_SCOPE.exec(headers.authorization ?? url) ?? [];
  if (service?.toLowerCase() === "ec2") return "ec2";
  if (scope) return service === undefined || /^s3/i.test(service) ? "s3" : "query";
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  return isForm || /[?&]Action=/.test(url) ? "query" : "json";
}

/** The error codes for flaws of a signature, with the status where it is not 403. */
const CODES: Record<Protocol, Record<Flaw, string | [string, number]>> = {
  json: {
    missing: "MissingAuthenticationTokenException",
    malformed: "IncompleteSignatureException",
    "malformed query": "IncompleteSignatureException",
    "unknown key": "UnrecognizedClientException",
    "unsigned headers": "InvalidSignatureException",
    expired: "InvalidSignatureException",
    mismatch: "InvalidSignatureException",
  },
  query: {
    missing: "MissingAuthenticationToken",
    malformed: "IncompleteSignature",
    "malformed query": "IncompleteSignature",
    "unknown key": "InvalidClientTokenId",
    "unsigned headers": "SignatureDoesNotMatch",
    expired: "SignatureDoesNotMatch",
    mismatch: "SignatureDoesNotMatch",
  },
  ec2: {
    missing: "MissingAuthenticationToken",
    malformed: "IncompleteSignature",
    "malformed query": "IncompleteSignature",
    "unknown key": ["AuthFailure", 401],
    "unsigned headers": ["AuthFailure", 401],
    expired: ["RequestExpired", 400],
    mismatch: ["AuthFailure", 401],
  },
  s3: {
    missing: "AccessDenied",
    malformed: ["AuthorizationHeaderMalformed", 400],
    "malformed query": ["AuthorizationQueryParametersError", 400],
    "unknown key": "InvalidAccessKeyId",
    "unsigned headers": "AccessDenied",
    expired: "AccessDenied",
    mismatch: "SignatureDoesNotMatch",
  },
};

/** The error codes for failures of ours. */
const INTERNAL: Record<Protocol, string> = {
  json: "InternalFailure",
  query: "InternalFailure",
  ec2: "InternalError",
  s3: "InternalError",
};

function toAwsError(thrown: unknown, protocol: Protocol, { headers }: IncomingMessage): AwsError {
  if (thrown instanceof AwsError) return thrown;
  const { message } = thrown as Error;
  if (!(thrown instanceof SignatureError)) return new AwsError(INTERNAL[protocol], message, 500);
  const [code, status] = [CODES[protocol][thrown.flaw], 403].flat() as [string, number];
  // JSON protocols that name the operation in a header answer all errors of the caller with 400.
  const isTargeted = protocol === "json" && headers["x-amz-target"] !== undefined;
  const late = protocol === "s3" && thrown.flaw === "expired" && headers.authorization !== undefined;
  return new AwsError(late ? "RequestTimeTooSkewed" : code, message, isTargeted ? 400 : status);
}

/** The query protocol wraps the error, EC2 in another way; S3 does not. */
function errorXml(protocol: Protocol, code: string, message: string): string {
  const content = `<Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
  if (protocol === "s3") return `<Error>${content}</Error>`;
  if (protocol === "ec2")
    return `<Response><Errors><Error>${content}</Error></Errors><RequestID>offline</RequestID></Response>`;
  const error = `<Error><Type>Sender</Type>${content}</Error>`;
  return `<ErrorResponse>${error}<RequestId>offline</RequestId></ErrorResponse>`;
}
