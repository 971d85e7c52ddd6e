import { inSeconds } from "../times";

/** What a target gets and keeps over a window. @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html */
export interface TumblingState {
  /** Times such as `2026-01-31T12:00:00Z`. */
  window: { start: string; end: string };
  state: unknown;
  isFinalInvokeForWindow: boolean;
  isWindowTerminatedEarly: boolean;
}

/** A window ends early when its state is larger. */
const MAX_STATE_BYTES = 2 ** 20;

/** The windows of a shard that follow each other, and the state of the one that is open. Times are in milliseconds since 1970. */
export class TumblingWindow {
  private readonly length: number;
  private open: { start: number; state: unknown } | undefined;

  constructor(seconds: number) {
    this.length = seconds * 1000;
  }

  /** Whether the open window has ended by a time. */
  isOver(time: number): boolean {
    return this.open !== undefined && time >= this.open.start + this.length;
  }

  /** Until the open window ends; infinite if none is open. */
  millisecondsLeft(): number {
    return this.open ? this.open.start + this.length - Date.now() : Number.POSITIVE_INFINITY;
  }

  /** How many of these times are in the window of the first one. */
  together(times: number[]): number {
    const end = this.startOf(times[0] ?? 0) + this.length;
    const index = times.findIndex((time) => time >= end);
    return index < 0 ? times.length : index;
  }

  /** The state for records of a time, whose window opens if it is not open. */
  enter(time: number): TumblingState {
    this.open ??= { start: this.startOf(time), state: {} };
    return this.describe(this.open, false, false);
  }

  /** Keeps a new state. Returns whether it is too large. */
  keep(state: unknown): boolean {
    if (!this.open || state === undefined || state === null) return false;
    this.open.state = state;
    return Buffer.byteLength(JSON.stringify(state)) > MAX_STATE_BYTES;
  }

  /** Ends the open window; undefined if there is none. */
  close(early: boolean): TumblingState | undefined {
    const { open } = this;
    this.open = undefined;
    return open && this.describe(open, true, early);
  }

  private startOf(time: number): number {
    return time - (time % this.length);
  }

  private describe(
    { start, state }: { start: number; state: unknown },
    isFinalInvokeForWindow: boolean,
    isWindowTerminatedEarly: boolean,
  ): TumblingState {
    const window = { start: inSeconds(start), end: inSeconds(start + this.length) };
    return { window, state, isFinalInvokeForWindow, isWindowTerminatedEarly };
  }
}
