import { readFileSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { replaceFile } from "./replaceFile";

/** Changes that come within this time of each other are written together; a process that is killed loses them. */
const WRITE_MILLISECONDS = 100;

/** Contents in memory that a file keeps for later runs, if there is one. */
export class KeptFile<Contents extends object> {
  private read: Contents | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  /**
   * @param file JSON
   * @param empty what is there before anything was kept
   * @param onFailure takes the reason why the file cannot be written
   */
  constructor(
    private readonly file: string | undefined,
    private readonly empty: () => Contents,
    private readonly onFailure: (reason: string) => void,
  ) {}

  /** Whoever changes it calls `changed`. */
  get contents(): Contents {
    this.read ??= this.load();
    return this.read;
  }

  changed(): void {
    if (this.file) this.timer ??= setTimeout(() => this.write(), WRITE_MILLISECONDS).unref();
  }

  async close(): Promise<void> {
    if (this.timer) this.write();
    await this.writing;
  }

  private load(): Contents {
    try {
      return this.file ? JSON.parse(readFileSync(this.file, "utf8")) : this.empty();
    } catch {
      return this.empty();
    }
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { file = "" } = this;
    this.writing = this.writing
      .then(() => fs.mkdir(path.dirname(file), { recursive: true }))
      .then(() => replaceFile(file, JSON.stringify(this.contents)))
      .catch(({ message }) => this.onFailure(message));
  }
}
