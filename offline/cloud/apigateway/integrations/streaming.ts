import type { Answer } from "../../core/answer";
import type { Invoker, Target } from "../../core/invoker";
import { StreamedAnswer } from "../../core/streamedAnswer";
import type { BinaryTypes } from "../request/mediaTypes";
import type { GatewayRequest } from "../request/request";
import { eventFor } from "./event";
import { answerIn, failureOf, malformed } from "./proxy";

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
  const streamed = new StreamedAnswer({
    hasMetadata: () => true,
    head: (metadata = "") => answerIn(metadata, target, request, { metadata: true }),
  });
  const onChunk = (chunk: Uint8Array) => streamed.write(chunk);
  void functions.invoke(target, event, { onChunk, tenantId: request.tenantId }).then(({ error, refusal }) => {
    if (error) streamed.fail(failureOf(refusal));
    else streamed.end(malformed(target, HOW));
  });
  return streamed.answer;
}
