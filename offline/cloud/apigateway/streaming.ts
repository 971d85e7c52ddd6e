import { PassThrough } from "node:stream";
import type { Answer } from "../core/answer";
import type { Invoker, Target } from "../core/invoker";
import { eventFor } from "./event";
import type { BinaryTypes } from "./mediaTypes";
import { answerIn, failureOf, malformed } from "./proxy";
import type { GatewayRequest } from "./request";

/** Between the metadata and the body. */
const DELIMITER = Buffer.alloc(8);

const HOW =
  "it does not begin with metadata and eight zero bytes: wrap the handler in awslambda.streamifyResponse, and write to " +
  "awslambda.HttpResponseStream.from(responseStream, { statusCode: 200, headers: {} })";

/**
 * Passes the request to a function, and its response to the caller as it is written. The answer begins with the
 * response's metadata.
 * @throws Rejection if the function fails before that, or writes no metadata
 * @see "Set up a Lambda proxy integration with response streaming in API Gateway"
 */
export async function streamFunction(
  functions: Invoker,
  target: Target,
  request: GatewayRequest,
  isBinary: BinaryTypes,
): Promise<Answer> {
  const event = eventFor(target, request, isBinary);
  return new Promise((resolve, reject) => {
    // An error only ends what is sent; the caller may also have left.
    const body = new PassThrough().on("error", () => undefined);
    let head: Buffer | undefined = Buffer.alloc(0);
    const write = (chunk: Uint8Array) => {
      if (!head) return void body.write(chunk);
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(DELIMITER);
      if (end < 0) return;
      const answer = answerIn(head.subarray(0, end).toString(), target, request, { metadata: true });
      body.write(head.subarray(end + DELIMITER.length));
      head = undefined;
      resolve({ ...answer, body });
    };
    const onChunk = (chunk: Uint8Array) => {
      try {
        write(chunk);
      } catch (error) {
        reject(error);
      }
    };
    void functions.invoke(target, event, { onChunk, tenantId: request.tenantId }).then(({ error, refusal }) => {
      if (error) body.destroy(new Error("the function failed"));
      else body.end();
      if (head) reject(error ? failureOf(refusal) : malformed(target, HOW));
    });
  });
}
