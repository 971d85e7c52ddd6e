import type { FunctionTarget, RouteArgs, ServerlessApiArgs, ThrottleArgs } from "./args";
import { ApiAuth, Validation } from "./args";
import type { Route } from "./rules/document";
import { oncePer } from "./rules/oncePer";
import { parseRoute } from "./rules/routes";

/** A route with all defaults applied, and its target: one of these. */
export interface ResolvedRoute extends Route, Pick<RouteArgs, "mock" | "http" | "service"> {
  /** The key as the program wrote it. */
  name: string;
  target?: FunctionTarget;
  throttle?: ThrottleArgs;
}

/** The routes whose keys can be parsed, in the program's order; `checkApi` reports the others. */
export const resolveRoutes: (args: ServerlessApiArgs) => ResolvedRoute[] = oncePer((args) =>
  Object.entries(args.routes).flatMap(([name, route]) => {
    const key = parseRoute(name);
    if (typeof key === "string") return [];
    const {
      function: target,
      mock,
      http,
      service,
      auth,
      scopes,
      apiKeyRequired,
      validation,
      throttle,
      ...described
    } = route;
    const { responseTransferMode, timeoutInMillis, tenantId, cache, ...operation } = described;
    return {
      name,
      target,
      mock,
      http,
      service,
      throttle,
      responseTransferMode,
      timeoutInMillis,
      tenantId,
      cache,
      operation,
      auth: auth ?? args.auth ?? ApiAuth.Iam,
      scopes,
      apiKeyRequired: apiKeyRequired ?? args.apiKeyRequired,
      validation: validation ?? args.validation ?? Validation.None,
      // V8 takes 50 times as long for an object whose literal begins with this.
      ...key,
    };
  }),
);

/**
 * The routes of each function. Functions are compared by identity, because a name is known only once the function
 * exists.
 */
export function byTarget(routes: ResolvedRoute[]): Map<FunctionTarget, ResolvedRoute[]> {
  const targets = new Map<FunctionTarget, ResolvedRoute[]>();
  for (const route of routes) {
    if (!route.target) continue;
    const its = targets.get(route.target);
    if (its) its.push(route);
    else targets.set(route.target, [route]);
  }
  return targets;
}
