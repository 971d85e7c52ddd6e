import type { ServerResponse } from "node:http";

/** Answers with a document of JSON. */
export function answerJson(response: ServerResponse, document: object, contentType = "application/json"): void {
  const text = JSON.stringify(document);
  response.writeHead(200, { "Content-Type": contentType, "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}

/** The content type of the JSON 1.1 protocol, whose operation is in the header X-Amz-Target. */
export const JSON_1_1 = "application/x-amz-json-1.1";
