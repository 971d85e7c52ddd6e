import type { Graph } from "../../../engine/graph";
import { asList, asText, ownResources } from "../../core/resources";

export interface ApiKey {
  id: string;
  value: string;
}

/**
 * The enabled API keys of the usage plans that cover a stage. Quotas and throttles of usage plans are not emulated.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 */
export function readApiKeys(graph: Graph, api: string, stage: string): ApiKey[] {
  const settingsOf = (type: string) => ownResources(graph, `aws:apigateway/${type}`).map(({ settings }) => settings);
  const plans = settingsOf("usagePlan:UsagePlan")
    .filter(({ apiStages }) => asList(apiStages).some((one) => one.apiId === api && one.stage === stage))
    .map(({ id }) => id);
  const allowed = settingsOf("usagePlanKey:UsagePlanKey")
    .filter(({ usagePlanId }) => plans.includes(usagePlanId))
    .map(({ keyId }) => keyId);
  return settingsOf("apiKey:ApiKey")
    .filter(({ id, enabled }) => enabled !== false && allowed.includes(id))
    .map(({ id, value }) => ({ id: String(id), value: asText(value) ?? "" }));
}
