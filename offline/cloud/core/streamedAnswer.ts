import { PassThrough } from "node:stream";
import type { Answer } from "./answer";

/** Between the metadata and the body. */
const DELIMITER = Buffer.alloc(8);

export interface Beginning {
  /** Whether a response of this content type begins with metadata, as `awslambda.HttpResponseStream.from` writes it. */
  hasMetadata(contentType: string | undefined): boolean;
  /**
   * The status and the headers of a response.
   * @param metadata as JSON; undefined if the response has none
   * @throws Error if the metadata describes no response
   */
  head(metadata: string | undefined, contentType: string | undefined): Omit<Answer, "body">;
}

/** The answer of a function that writes its response piece by piece. It begins after the metadata, or with the first piece. */
export class StreamedAnswer {
  /** Rejects if the function fails, or if its metadata describes no response. */
  readonly answer: Promise<Answer>;
  // After an error, the rest is discarded; the caller may also have left.
  private readonly body = new PassThrough().on("error", () => undefined);
  /** As much of the metadata as has arrived; undefined once the answer has begun. */
  private metadata: Buffer | undefined = Buffer.alloc(0);
  private resolve!: (answer: Answer) => void;
  private reject!: (error: Error) => void;

  constructor(private readonly beginning: Beginning) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  write(chunk: Uint8Array, contentType?: string): void {
    if (this.metadata && !this.beginning.hasMetadata(contentType)) this.begin(undefined, contentType);
    if (!this.metadata) return void this.body.write(chunk);
    this.metadata = Buffer.concat([this.metadata, chunk]);
    const end = this.metadata.indexOf(DELIMITER);
    if (end < 0) return;
    const rest = this.metadata.subarray(end + DELIMITER.length);
    this.begin(this.metadata.subarray(0, end).toString(), contentType);
    this.body.write(rest);
  }

  /** @param incomplete the error of a response whose metadata has no end */
  end(incomplete: Error): void {
    const { metadata } = this;
    if (metadata && (metadata.length > 0 || this.beginning.hasMetadata(undefined))) this.fail(incomplete);
    else {
      if (metadata) this.begin(undefined, undefined);
      this.body.end();
    }
  }

  /** Rejects, or breaks the answer off if it has begun. */
  fail(error: Error): void {
    this.body.destroy(error);
    this.reject(error);
  }

  private begin(metadata: string | undefined, contentType: string | undefined): void {
    this.metadata = undefined;
    try {
      this.resolve({ ...this.beginning.head(metadata, contentType), body: this.body });
    } catch (error) {
      this.fail(error as Error);
    }
  }
}
