import { asMap, asNumber, type Settings } from "../core/resources";

/**
 * A token bucket.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 */
export class Throttle {
  private tokens: number;
  private filled = 0;

  /**
   * @param rate requests per second
   * @param burst requests allowed at once
   */
  constructor(
    private readonly rate: number,
    private readonly burst: number,
  ) {
    this.tokens = burst;
  }

  /** @param now in milliseconds */
  take(now: number): boolean {
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filled) / 1000) * this.rate);
    this.filled = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}

/**
 * Finds the throttle of a route in the stage's method settings: its own, or else the stage's, `*\/*`.
 * @param settings the inputs of `aws.apigateway.MethodSettings` resources
 */
export function throttlesOf(settings: Settings[]): (path: string, method: string) => Throttle | undefined {
  const throttles = new Map<string, Throttle>();
  for (const { methodPath, settings: values } of settings) {
    const rate = asNumber(asMap(values).throttlingRateLimit) ?? -1;
    const burst = asNumber(asMap(values).throttlingBurstLimit) ?? -1;
    if (rate < 0 && burst < 0) continue;
    const key = String(methodPath).replaceAll("~1", "/").replace(/^\/+/, "");
    throttles.set(
      key,
      new Throttle(rate < 0 ? Number.MAX_SAFE_INTEGER : rate, burst < 0 ? Number.MAX_SAFE_INTEGER : burst),
    );
  }
  return (path, method) => throttles.get(`${path.replace(/^\//, "")}/${method}`) ?? throttles.get("*/*");
}
