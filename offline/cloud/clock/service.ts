import { AwsError } from "../core/awsError";
import type { Advance, Clock } from "../core/clock";
import { asMap, asNumber } from "../core/resources";
import type { Call, Service } from "../core/service";

/** Where to move the clock of schedules, in milliseconds: a time since 1970, or how far from what it shows. */
export type Tick = { to: number } | { by: number };

/** The latest that a schedule can be due, and so the furthest that the clock goes. */
const LAST = Date.UTC(2200, 0, 1);

/** Moves the clock of schedules: a service of our own, for `pulumi-offline tick`. */
export class ClockService implements Service {
  readonly signingNames = ["offline"];

  constructor(private readonly clock: Clock) {}

  /** Answers once everything that was due has been called. */
  async handle({ body, response }: Call): Promise<void> {
    const { to, by } = asMap(JSON.parse(body.toString()));
    const now = this.clock.now();
    const time = asNumber(to) ?? now + (asNumber(by) ?? Number.NaN);
    const shows = `The schedules' clock shows ${new Date(now).toISOString()}`;
    if (!(time >= now)) throw new AwsError("ValidationException", `${shows} and cannot be moved back`);
    if (time > LAST) throw new AwsError("ValidationException", `${shows} and cannot be moved beyond the year 2199`);
    const advance: Advance = await this.clock.advance(time);
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(advance));
  }

  close(): void {
    this.clock.close();
  }
}
