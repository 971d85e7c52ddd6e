import * as apigateway from "@pulumi/aws/apigateway";
import type * as types from "@pulumi/aws/types";
import * as pulumi from "@pulumi/pulumi";
import type { ServerlessApiArgs, UsagePlanArgs } from "./args";
import { type Api, methodsOfAny, type Route } from "./rules/document";
import { parseRoute } from "./rules/routes";

/** The keys that the plans of an API create, by name. */
type ApiKeys = Record<string, apigateway.ApiKey>;

/** The stage that a plan is for, as the plan names it. */
type CoveredStage = types.input.apigateway.UsagePlanApiStage;

/**
 * Creates usage plans, and their keys.
 * @param stageOf the API's stage, with what a plan says of single routes
 */
export function createUsagePlans(
  name: string,
  { usagePlans = {}, tags }: Pick<ServerlessApiArgs, "usagePlans" | "tags">,
  stageOf: (plan: UsagePlanArgs) => CoveredStage,
  opts: pulumi.CustomResourceOptions,
): ApiKeys {
  const keys: ApiKeys = {};
  for (const [planName, plan] of Object.entries(usagePlans)) {
    const { description, throttle: throttleSettings, quota: quotaSettings } = plan;
    const planArgs = { description, apiStages: [stageOf(plan)], throttleSettings, quotaSettings, tags };
    const created = new apigateway.UsagePlan(`${name}-${planName}`, planArgs, opts);
    const join = (key: string, keyId: pulumi.Input<string>) => {
      const joined = { usagePlanId: created.id, keyId, keyType: "API_KEY" };
      new apigateway.UsagePlanKey(`${name}-${planName}-${key}`, joined, opts);
    };
    for (const key of plan.keys ?? []) {
      const apiKey = new apigateway.ApiKey(
        `${name}-${key}`,
        { description: `For the usage plan ${planName}`, tags },
        opts,
      );
      keys[key] = apiKey;
      join(key, apiKey.id);
    }
    for (const [index, id] of (plan.keyIds ?? []).entries()) join(`${index}`, id);
  }
  return keys;
}

/** What programs may know of keys that were created: whoever has a value can call the API. */
export function keyOutputs(keys: ApiKeys) {
  if (Object.keys(keys).length === 0) return {};
  const each = <T>(read: (key: apigateway.ApiKey) => T) =>
    Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, read(key)]));
  return {
    apiKeyIds: pulumi.output(each(({ id }) => id)),
    apiKeyValues: pulumi.secret(each(({ value }) => value)),
  };
}

/** What a plan says of the methods of a REST API. */
export function methodThrottles({ methodThrottles }: UsagePlanArgs, api: Api): CoveredStage["throttles"] {
  if (!methodThrottles) return undefined;
  return Object.entries(methodThrottles).flatMap(([key, throttle]) => {
    const route = routeOf(key, api);
    if (!route) return [];
    const methods = route.method === "ANY" ? methodsOfAny(route, api) : [route.method];
    return methods.map((method) => ({ path: `${route.path}/${method}`, ...throttle }));
  });
}

function routeOf(key: string, { routes }: Api): Route | undefined {
  const parsed = parseRoute(key);
  if (typeof parsed === "string") return undefined;
  return routes.find(({ method, path }) => method === parsed.method && path === parsed.path);
}
