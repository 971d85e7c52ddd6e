import type { Graph } from "../../../engine/graph";
import { asList, asMap, asNumber, asText, ownResources, type Settings } from "../../core/resources";

export interface ApiKey {
  id: string;
  value: string;
  plan: UsagePlan;
}

/** What a usage plan lets each of its keys do with a stage. */
interface UsagePlan {
  id: string;
  quota?: Quota;
  throttle?: Rate;
  /** By path and method, such as `/items/GET`. */
  methodThrottles: Record<string, Rate>;
}

export interface Quota {
  limit: number;
  /** What the first period has less than the others. */
  offset: number;
  period: "DAY" | "WEEK" | "MONTH";
}

/** Requests per second, and at once. */
export interface Rate {
  rate: number;
  burst: number;
}

/**
 * The enabled API keys of the usage plans that cover a stage.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 */
export function readApiKeys(graph: Graph, api: string, stage: string): ApiKey[] {
  const settingsOf = (type: string) => ownResources(graph, `aws:apigateway/${type}`).map(({ settings }) => settings);
  const plans = settingsOf("usagePlan:UsagePlan").flatMap((settings) => {
    const covered = asList(settings.apiStages).find((one) => one.apiId === api && one.stage === stage);
    return covered ? [planOf(settings, covered)] : [];
  });
  const members = settingsOf("usagePlanKey:UsagePlanKey");
  return settingsOf("apiKey:ApiKey").flatMap(({ id, enabled, value }) => {
    const plan = plans.find((one) => members.some(({ keyId, usagePlanId }) => keyId === id && usagePlanId === one.id));
    const text = asText(value);
    // A key without a value must not be one that everybody has.
    return plan && enabled !== false && text ? [{ id: String(id), value: text, plan }] : [];
  });
}

function planOf({ id, quotaSettings, throttleSettings }: Settings, { throttles }: Settings): UsagePlan {
  const { limit, offset, period } = asMap(quotaSettings);
  const most = asNumber(limit);
  return {
    id: String(id),
    ...(most !== undefined && { quota: { limit: most, offset: asNumber(offset) ?? 0, period: periodOf(period) } }),
    throttle: rateOf(asMap(throttleSettings)),
    methodThrottles: Object.fromEntries(
      asList(throttles).flatMap((one) => {
        const rate = rateOf(one);
        return rate ? [[String(one.path), rate]] : [];
      }),
    ),
  };
}

function periodOf(period: unknown): Quota["period"] {
  return period === "WEEK" || period === "MONTH" ? period : "DAY";
}

/** The provider writes 0 for a limit that is not given. */
function rateOf({ rateLimit, burstLimit }: Settings): Rate | undefined {
  const [rate, burst] = [asNumber(rateLimit) || undefined, asNumber(burstLimit) || undefined];
  if (rate === undefined && burst === undefined) return undefined;
  return { rate: rate ?? Number.MAX_SAFE_INTEGER, burst: burst ?? Number.MAX_SAFE_INTEGER };
}
