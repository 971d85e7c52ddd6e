import type * as pulumi from "@pulumi/pulumi";
import type { ThrottleArgs } from "./routeArgs";

/** Where API Gateway finds a caller's API key. */
export const ApiKeySource = {
  /** In the header `x-api-key`. */
  Header: "HEADER",
  /** In what a `lambda` authorizer answers, as `usageIdentifierKey`. */
  Authorizer: "AUTHORIZER",
} as const;
export type ApiKeySource = (typeof ApiKeySource)[keyof typeof ApiKeySource];

/** How often a quota begins again. */
export const QuotaPeriod = { Day: "DAY", Week: "WEEK", Month: "MONTH" } as const;
export type QuotaPeriod = (typeof QuotaPeriod)[keyof typeof QuotaPeriod];

/** How many requests an API key may send in a period; API Gateway answers those beyond with 429. */
export interface QuotaArgs {
  /** Requests, 1–2,147,483,647. @minimum 1 @maximum 2147483647 @unit requests */
  limit: number;
  /** How often it begins again. */
  period: QuotaPeriod;
  /**
   * Requests that are subtracted in the first period: 0 for a day, at most 6 for a week and 27 for a month.
   * @minimum 0 @maximum 27 @unit requests @default 0
   */
  offset?: number;
}

/**
 * The name of an API key that the component creates; its value is generated.
 * @pattern `^[\w-]{1,64}$` @write up to 64 letters, digits, `_` and `-`
 */
export type ApiKeyName = string;

/** Who may call the routes with `apiKeyRequired`, and how often. */
export interface UsagePlanArgs {
  /** What the plan is for. @default none */
  description?: string;
  /** Keys that are created for this plan. Give these or `keyIds`, or both. @default none */
  keys?: ApiKeyName[];
  /** The ids of keys that exist already. @default none */
  keyIds?: pulumi.Input<string>[];
  /** Limits on the requests of each key. @default those of the routes */
  throttle?: ThrottleArgs;
  /** Limits on those of each key to single routes, such as `"GET /items"`. @default those of the plan */
  methodThrottles?: Record<string, ThrottleArgs>;
  /** How many requests each key may send in a period. @default any number */
  quota?: QuotaArgs;
}
