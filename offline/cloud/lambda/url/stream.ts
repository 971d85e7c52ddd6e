import type { Answer } from "../../core/answer";
import { headOf } from "../../core/payload/response";
import { type Beginning, StreamedAnswer } from "../../core/streamedAnswer";
import type { Result } from "../functions";

/** The content type of a stream that begins with metadata, as `awslambda.HttpResponseStream.from` writes it. */
const WITH_METADATA = "application/vnd.awslambda.http-integration-response";

const beginning: Beginning = {
  hasMetadata: (contentType) => contentType === WITH_METADATA,
  head: (metadata, contentType = "application/octet-stream") =>
    metadata === undefined ? headOf({}, contentType) : headOf(JSON.parse(metadata)),
};

/**
 * The answer of a function whose URL streams. It begins with the metadata if the handler writes some, and otherwise with
 * the first piece. What a handler returns is the body, whatever it looks like.
 * @param run calls the function
 * @throws Error if the function fails before that, or writes metadata that describes no response
 */
export function streamAnswer(
  run: (onChunk: (chunk: Uint8Array, contentType?: string) => void) => Promise<Result>,
): Promise<Answer> {
  const streamed = new StreamedAnswer(beginning);
  void run((chunk, contentType) => streamed.write(chunk, contentType)).then(({ payload, error, refusal }) => {
    if (error) return streamed.fail(refusal ?? new Error("the function failed"));
    if (payload !== undefined) streamed.write(Buffer.from(payload), "application/json");
    streamed.end(new Error("its metadata does not end in eight zero bytes"));
  });
  return streamed.answer;
}
