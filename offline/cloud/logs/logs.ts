/** The characters kept of one stream. */
const MAX_CHARACTERS = 128 * 1024;
const MAX_STREAMS = 500;

export interface LogEvent {
  /** Milliseconds since 1970. */
  timestamp: number;
  message: string;
}

/** The output of the newest 500 runs of jobs by log stream, and of each the newest 128 KB at most. */
export class JobLogs {
  private readonly streams = new Map<string, { events: LogEvent[]; size: number }>();

  add(stream: string, message: string): void {
    const kept = this.streams.get(stream) ?? this.open(stream);
    kept.events.push({ timestamp: Date.now(), message });
    kept.size += message.length;
    while (kept.size > MAX_CHARACTERS && kept.events.length > 1) kept.size -= kept.events.shift()?.message.length ?? 0;
  }

  /** Undefined for a stream that nothing was written to. */
  read(stream: string): LogEvent[] | undefined {
    return this.streams.get(stream)?.events;
  }

  private open(stream: string) {
    const opened = { events: [], size: 0 };
    this.streams.set(stream, opened);
    const [oldest] = this.streams.keys();
    if (this.streams.size > MAX_STREAMS && oldest) this.streams.delete(oldest);
    return opened;
  }
}
