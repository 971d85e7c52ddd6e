import type { IncomingMessage, ServerResponse } from "node:http";
import type { AwsError } from "./awsError";

/**
 * Answers with an error in the form that the caller's AWS SDK reads: JSON, or XML for the older query and REST-XML
 * protocols, so that the message reaches the author of the program.
 * @see https://smithy.io/2.0/aws/protocols/index.html
 */
export function refuse(request: IncomingMessage, response: ServerResponse, error: AwsError): void {
  const { code, message, status, members } = error;
  request.resume();
  const xml = speaksXml(request);
  const body = xml ? errorXml(code, message) : JSON.stringify({ __type: code, message, Message: message, ...members });
  response.writeHead(status, {
    "Content-Type": xml ? "text/xml" : "application/x-amz-json-1.1",
    "Content-Length": Buffer.byteLength(body),
    "x-amzn-errortype": code,
  });
  response.end(body);
}

const XML_SERVICES = /\/(?:s3|s3express|route53|cloudfront)\/aws4_request/;

function speaksXml({ headers }: IncomingMessage): boolean {
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return true;
  return XML_SERVICES.test(headers.authorization ?? "");
}

/** The query protocol wraps the error, REST-XML does not; SDKs look for both. */
function errorXml(code: string, message: string): string {
  const error = `<Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
  return `<ErrorResponse><Error><Type>Sender</Type>${error}</Error>${error}<RequestId>offline</RequestId></ErrorResponse>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
