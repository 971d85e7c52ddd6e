/** A record that has been read from a shard and is not done with. */
export interface Reading {
  /** The sequence number of the record before it, if one has been read. */
  after?: string;
}

/** How far a shard has been processed, when several of its records are processed at once. */
export class Progress {
  private readonly unfinished = new Set<Reading>();
  private last: string | undefined;

  /** Takes note of a record. */
  begin(sequenceNumber: string): Reading {
    const reading = { after: this.last };
    this.last = sequenceNumber;
    this.unfinished.add(reading);
    return reading;
  }

  finish(reading: Reading): void {
    this.unfinished.delete(reading);
  }

  get isIdle(): boolean {
    return this.unfinished.size === 0;
  }

  /** The last sequence number up to which everything is done; undefined if nothing is. */
  get done(): string | undefined {
    const [first] = this.unfinished;
    return first ? first.after : this.last;
  }
}
