import { AwsError } from "../core/awsError";

/** The error of a call that exceeds a function's reserved concurrency. */
export const THROTTLED = new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, {
  Type: "User",
  Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
});

/**
 * Limits how many events a function runs at once. A version's provisioned concurrency is part of the reserved
 * concurrency and is kept for this version; all versions share the rest.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export class Concurrency {
  private readonly running = new Map<string, number>();
  private readonly shared: number;

  constructor(
    private readonly settings: {
      /** @default no limit */
      reservedConcurrency?: number;
      /** By version. */
      provisioned: Record<string, number>;
    },
  ) {
    const provisioned = Object.values(settings.provisioned).reduce((sum, one) => sum + one, 0);
    this.shared = (settings.reservedConcurrency ?? Number.POSITIVE_INFINITY) - provisioned;
  }

  /** Takes a place for an event, and returns how to give it back; undefined if there is none. */
  take(version: string): (() => void) | undefined {
    const running = this.running.get(version) ?? 0;
    const isProvisioned = running < this.provisionedFor(version);
    if (!isProvisioned && this.sharedInUse >= this.shared) return undefined;
    this.running.set(version, running + 1);
    return () => this.running.set(version, (this.running.get(version) ?? 1) - 1);
  }

  private get sharedInUse(): number {
    return [...this.running].reduce(
      (sum, [version, running]) => sum + Math.max(0, running - this.provisionedFor(version)),
      0,
    );
  }

  private provisionedFor(version: string): number {
    return this.settings.provisioned[version] ?? 0;
  }
}
