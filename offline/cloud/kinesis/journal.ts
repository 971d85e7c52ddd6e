import * as fs from "node:fs";
import type { Entry, Store } from "./state";

const LINE_FEED = 10;

/**
 * The file of a stream, to which each change is appended as a line of JSON. What `append` has written has reached the
 * operating system, so it survives if the process is killed. It may not survive a power failure.
 */
export class Journal implements Store {
  private size = 0;
  private readonly descriptor: number;

  /** Begins the journal of a new stream, in place of any that has its name. */
  constructor(private file: string) {
    this.descriptor = fs.openSync(file, "w");
  }

  /**
   * Opens the journal of a stream, and writes it anew with what is still of use.
   * @param replay takes the entries, in order, without a last one that a killed process has not completed
   * @param contents what is of use, once everything has been replayed
   * @throws Error if the file cannot be read or written
   */
  static open(file: string, replay: (entry: Entry) => void, contents: () => Iterable<Entry>): Journal {
    const lines = fs.readFileSync(file);
    for (let from = 0, to = lines.indexOf(LINE_FEED); to >= 0; from = to + 1, to = lines.indexOf(LINE_FEED, from)) {
      replay(parse(lines.toString("utf8", from, to)));
    }
    const journal = new Journal(`${file}.new`);
    for (const entry of contents()) journal.append([entry]);
    fs.renameSync(journal.file, file);
    journal.file = file;
    return journal;
  }

  /** @throws Error if the file cannot be written; none of the entries is kept then */
  append(entries: Entry[]): void {
    const lines = Buffer.from(entries.map(print).join(""));
    try {
      for (let done = 0; done < lines.length; ) {
        done += fs.writeSync(this.descriptor, lines, done, lines.length - done, this.size + done);
      }
    } catch (error) {
      fs.ftruncateSync(this.descriptor, this.size);
      throw error;
    }
    this.size += lines.length;
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }

  remove(): void {
    this.close();
    fs.rmSync(this.file, { force: true });
  }
}

function print(entry: Entry): string {
  if ("stream" in entry) return `${JSON.stringify(entry)}\n`;
  const { shard, index, record } = entry;
  const { arrived, data, partitionKey, encrypted } = record;
  return `${JSON.stringify({ shard, index, arrived, partitionKey, encrypted, data: data.toString("base64") })}\n`;
}

function parse(line: string): Entry {
  const entry = JSON.parse(line);
  if ("stream" in entry) return entry;
  const { shard, index, data, ...record } = entry;
  return { shard, index, record: { sequenceNumber: "", ...record, data: Buffer.from(data, "base64") } };
}
