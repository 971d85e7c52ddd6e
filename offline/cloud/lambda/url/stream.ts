import { PassThrough } from "node:stream";
import type { Answer } from "../../core/answer";
import type { Result } from "../functions";
import { headOf } from "./response";

/** The content type of a stream that begins with metadata, as `awslambda.HttpResponseStream.from` writes it. */
const WITH_METADATA = "application/vnd.awslambda.http-integration-response";
/** Between the metadata and the body. */
const DELIMITER = Buffer.alloc(8);

/**
 * The answer of a function whose URL streams. It begins with the metadata if the handler writes some, and otherwise with
 * the first piece. What a handler returns is the body, whatever it looks like.
 * @param run calls the function
 * @throws Error if the function fails before that, or writes metadata that describes no response
 */
export function streamAnswer(
  run: (onChunk: (chunk: Uint8Array, contentType?: string) => void) => Promise<Result>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // An error only ends what is sent; the caller may also have left.
    const body = new PassThrough().on("error", () => undefined);
    let metadata: Buffer | undefined = Buffer.alloc(0);
    const begin = (settings: Record<string, unknown>, contentType?: string) => {
      metadata = undefined;
      resolve({ ...headOf(settings, contentType), body });
    };
    const write = (chunk: Uint8Array, contentType = "application/octet-stream") => {
      if (metadata && contentType !== WITH_METADATA) begin({}, contentType);
      if (!metadata) return void body.write(chunk);
      metadata = Buffer.concat([metadata, chunk]);
      const end = metadata.indexOf(DELIMITER);
      if (end < 0) return;
      body.write(metadata.subarray(end + DELIMITER.length));
      begin(JSON.parse(metadata.subarray(0, end).toString()));
    };
    const onChunk = (chunk: Uint8Array, contentType?: string) => {
      try {
        write(chunk, contentType);
      } catch (error) {
        reject(error);
      }
    };
    void run(onChunk).then(({ payload, error, refusal }) => {
      if (payload !== undefined) onChunk(Buffer.from(payload), "application/json");
      if (error) {
        body.destroy(new Error("the function failed"));
        return reject(refusal ?? new Error("the function failed"));
      }
      if (metadata && metadata.length > 0) return reject(new Error("its metadata does not end in eight zero bytes"));
      if (metadata) begin({}, "application/octet-stream");
      body.end();
    });
  });
}
