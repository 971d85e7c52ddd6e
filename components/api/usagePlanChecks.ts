import { nearest } from "../nearest";
import { below, listOf, type Mistakes } from "../validation";
import type { QuotaArgs, ServerlessApiArgs, UsagePlanArgs } from "./args";
import { ApiKeySource, QuotaPeriod } from "./args";
import { resolveRoutes } from "./routes";

/** Adds the mistakes in the API keys that a REST API asks for, and in its usage plans. */
export function checkUsagePlans(mistakes: Mistakes, args: ServerlessApiArgs, name: string): void {
  const { usagePlans = {}, apiKeySource, authorizers = {} } = args;
  const asking = resolveRoutes(args).find(({ apiKeyRequired }) => apiKeyRequired);
  const own = asking && `${below("routes", asking.name)}.apiKeyRequired`;
  checkPlans(mistakes, args, args.apiKeyRequired && own ? "apiKeyRequired" : own, name);
  // One that is nothing yet may be meant.
  const fromFunction = Object.values(authorizers).some(({ lambda, jwt, cognito }) => lambda || !(jwt || cognito));
  mistakes
    .from("authorizers")
    .check(
      apiKeySource !== ApiKeySource.Authorizer || fromFunction,
      "apiKeySource",
      `is "${ApiKeySource.Authorizer}", but there is no authorizer with \`lambda\` that would give the key; write one`,
    );
  for (const [planName, { methodThrottles = {} }] of Object.entries(usagePlans)) {
    for (const key of Object.keys(methodThrottles)) checkMethod(mistakes, key, below("usagePlans", planName), args);
  }
}

/**
 * Adds the mistakes in the usage plans of any API.
 * @param asking the argument by which the API asks for keys; undefined if it does not
 */
export function checkPlans(
  mistakes: Mistakes,
  { usagePlans }: Pick<ServerlessApiArgs, "usagePlans">,
  asking: string | undefined,
  name: string,
): void {
  if (asking && Object.keys(usagePlans ?? {}).length === 0) {
    mistakes
      .from("usagePlans")
      .add(
        asking,
        'lets nobody in without a usage plan; write one, such as usagePlans: { partners: { keys: ["shop"] } }',
      );
  }
  if (usagePlans && !asking) {
    mistakes
      .from("apiKeyRequired", "routes")
      .add("usagePlans", "count only requests with a key, which no route asks for; write `apiKeyRequired: true`");
  }
  const owners = new Map<string, string>();
  for (const [planName, plan] of Object.entries(usagePlans ?? {})) {
    const path = below("usagePlans", planName);
    mistakes.check(
      /^[\w-]+$/.test(planName),
      path,
      "has characters that AWS refuses; write letters, digits, `_` and `-`",
    );
    mistakes.from("name").autoName(`${name}-${planName}`, path, 255);
    checkPlan(mistakes, plan, path);
    for (const [index, key] of (plan.keys ?? []).entries()) {
      const owner = owners.get(key);
      if (owner)
        mistakes.add(
          `${path}.keys[${index}]`,
          `"${key}" is a key of ${owner} already; a key has one plan for a stage: write another name`,
        );
      owners.set(key, path);
    }
  }
}

function checkPlan(mistakes: Mistakes, { keys = [], keyIds = [], quota }: UsagePlanArgs, path: string): void {
  mistakes.check(keys.length + keyIds.length > 0, path, 'lets nobody in; write `keys`, such as ["shop"], or `keyIds`');
  if (quota) checkOffset(mistakes, quota, `${path}.quota`);
}

function checkMethod(mistakes: Mistakes, key: string, path: string, { routes }: ServerlessApiArgs): void {
  if (key in routes) return;
  const meant = nearest(key, Object.keys(routes)).map((route) => `"${route}"`);
  const instead =
    meant.length > 0 ? `did you mean ${listOf(meant)}?` : 'write the key of a route, such as "GET /items"';
  mistakes
    .from(below("routes", key))
    .add(below(`${path}.methodThrottles`, key), `is not one of the API's \`routes\`; ${instead}`);
}

const mostOffset = { [QuotaPeriod.Day]: 0, [QuotaPeriod.Week]: 6, [QuotaPeriod.Month]: 27 };

/** @see https://github.com/hashicorp/terraform-provider-aws, `validUsagePlanQuotaSettings` */
function checkOffset(mistakes: Mistakes, { period, offset = 0 }: QuotaArgs, path: string): void {
  mistakes.from(`${path}.period`).range(offset, `${path}.offset`, 0, mostOffset[period]);
}
