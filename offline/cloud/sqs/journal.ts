import * as fs from "node:fs";
import * as path from "node:path";
import { asMap } from "../core/resources";
import type { Message } from "./message";

/** A queue that no program declares, as it was created. */
export interface StoredQueue {
  arn: string;
  attributes: Record<string, string>;
  tags: Record<string, string>;
  /** In milliseconds since 1970. */
  createdAt: number;
}

/** A deduplication ID that a FIFO queue has seen. */
export interface Seen {
  id: string;
  sequenceNumber: string;
  /** In milliseconds since 1970. */
  at: number;
}

type Receipt = Pick<Message, "id" | "receiveCount" | "firstReceivedAt" | "visibleAt">;

/** Something that happened to a queue, which is named by its ARN. */
export type Happening =
  | { queue: StoredQueue }
  | { gone: string }
  | { purged: string }
  | { sent: Message; to: string }
  | { received: Receipt[]; from: string }
  | { deleted: string; from: string }
  | { seen: [key: string, Seen][]; by: string };

/** A journal is rewritten once it has grown to this size and to four times what it had to hold then. */
const REWRITE_BYTES = 64 * 1024 * 1024;
const GROWTH = 4;

/**
 * The file that keeps queues across runs: what happened, one line each. A line has reached the operating system before
 * its caller gets an answer, so it survives if the process is killed. What happened together is one line, which counts
 * as a whole or not at all.
 */
export class Journal {
  private descriptor: number | undefined;
  private bytes = 0;
  private bytesAtFirst = 0;

  /**
   * @param file undefined keeps nothing
   * @param state what a new journal has to hold
   */
  constructor(
    private readonly file: string | undefined,
    private readonly state: () => Iterable<Happening>,
  ) {}

  /** @throws Error when the file cannot be read */
  read(): Happening[] {
    if (this.file === undefined || !fs.existsSync(this.file)) return [];
    const lines = fs.readFileSync(this.file, "utf8").split("\n");
    return lines.flatMap((line): Happening[] => {
      try {
        return JSON.parse(line, reviveBytes);
      } catch {
        // A process that was killed, or a full disk, has left a part of a line, which nobody was told of.
        return [];
      }
    });
  }

  /** Notes what happens together, before it does. @throws Error when the file cannot be written */
  add(...happenings: Happening[]): void {
    if (this.descriptor === undefined) return;
    if (this.bytes > REWRITE_BYTES && this.bytes > this.bytesAtFirst * GROWTH) this.rewrite();
    this.write(happenings);
  }

  /** Replaces all that was noted with what it has come to. @throws Error when the file cannot be written */
  rewrite(): void {
    if (this.file === undefined) return;
    this.close();
    fs.mkdirSync(path.dirname(this.file), { recursive: true });
    const fresh = `${this.file}.new`;
    this.descriptor = fs.openSync(fresh, "w", 0o600);
    this.bytes = 0;
    for (const happening of this.state()) this.write([happening]);
    fs.renameSync(fresh, this.file);
    this.bytesAtFirst = this.bytes;
  }

  close(): void {
    if (this.descriptor !== undefined) fs.closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private write(happenings: Happening[]): void {
    // The line break comes first: it ends what a failed write may have left.
    const line = Buffer.from(`\n${JSON.stringify(happenings)}`);
    for (let written = 0; written < line.length; ) {
      written += fs.writeSync(this.descriptor as number, line, written);
    }
    this.bytes += line.length;
  }
}

/** Buffers are objects in JSON. */
function reviveBytes(_: string, value: unknown): unknown {
  const { type, data } = asMap(value);
  return type === "Buffer" && Array.isArray(data) ? Buffer.from(data) : value;
}
