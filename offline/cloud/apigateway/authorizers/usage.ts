import { KeptFile } from "../../core/keptFile";
import type { ApiKey, Quota, Rate } from "../definition/usagePlans";
import { Throttle } from "../throttle";

/** The requests of a key under a plan, in the period that begins at a time. */
interface Count {
  start: number;
  used: number;
  /** Whether it is the first period, of which the quota's offset is subtracted. */
  isFirst: boolean;
}

/** What the API keys have used of their plans. */
export class Usage {
  private readonly kept: KeptFile<Record<string, Count>>;
  private readonly throttles = new Map<string, { rate: Rate; throttle: Throttle }>();

  /** @param file keeps the quotas for later runs. @default memory */
  constructor(file: string | undefined, log: (line: string) => void) {
    const failed = (reason: string) => log(`error: the use of API keys cannot be written: ${reason}`);
    this.kept = new KeptFile(file, () => ({}), failed);
  }

  /**
   * Takes a request of a key into account. What is throttled does not count towards the quota.
   * @param method its path and method, such as `/items/GET`
   * @param now in milliseconds since 1970
   */
  take({ id, plan }: ApiKey, method: string, now: number): "allowed" | "throttled" | "used up" {
    const own = plan.methodThrottles[method];
    const rate = own ?? plan.throttle;
    const bucket = own ? `${plan.id} ${id} ${method}` : `${plan.id} ${id}`;
    if (rate && !this.throttleOf(bucket, rate).take(now)) return "throttled";
    return plan.quota && !this.count(`${plan.id} ${id}`, plan.quota, now) ? "used up" : "allowed";
  }

  close(): Promise<void> {
    return this.kept.close();
  }

  private throttleOf(bucket: string, rate: Rate): Throttle {
    const known = this.throttles.get(bucket);
    if (known?.rate.rate === rate.rate && known.rate.burst === rate.burst) return known.throttle;
    const throttle = new Throttle(rate.rate, rate.burst);
    this.throttles.set(bucket, { rate, throttle });
    return throttle;
  }

  private count(key: string, { limit, offset, period }: Quota, now: number): boolean {
    const start = startOf(period, now);
    const { contents } = this.kept;
    const known = contents[key];
    const count = known?.start === start ? known : { start, used: 0, isFirst: known === undefined };
    if (count.used >= limit - (count.isFirst ? offset : 0)) return false;
    contents[key] = { ...count, used: count.used + 1 };
    this.kept.changed();
    return true;
  }
}

/** Periods begin at midnight UTC; weeks on Sunday. AWS does not document the day. */
function startOf(period: Quota["period"], now: number): number {
  const date = new Date(now);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (period === "MONTH") return Date.UTC(year, month, 1);
  return Date.UTC(year, month, period === "WEEK" ? day - date.getUTCDay() : day);
}
