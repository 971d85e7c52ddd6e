import type { FunctionTarget, ServerlessApiArgs, ThrottleArgs } from "./args";
import { ApiAuth, Validation } from "./args";
import type { Route } from "./rules/openApi";
import { parseRoute } from "./rules/routes";

/** A route with everything decided, and what it calls. */
export interface ResolvedRoute extends Route {
  /** The key as the program wrote it. */
  name: string;
  target: FunctionTarget;
  throttle?: ThrottleArgs;
}

/** The routes whose keys can be read, in the program's order; `checkApi` reports the others. */
export function resolveRoutes(args: ServerlessApiArgs): ResolvedRoute[] {
  return Object.entries(args.routes).flatMap(([name, route]) => {
    const key = parseRoute(name);
    if (typeof key === "string") return [];
    const { function: target, auth, validation, throttle, ...operation } = route;
    return {
      ...key,
      name,
      target,
      throttle,
      operation,
      auth: auth ?? args.auth ?? ApiAuth.Iam,
      validation: validation ?? args.validation ?? Validation.None,
    };
  });
}

/** The routes of each function. A function is told apart by identity, as its name is known only once it exists. */
export function byTarget(routes: ResolvedRoute[]): Map<FunctionTarget, ResolvedRoute[]> {
  const targets = new Map<FunctionTarget, ResolvedRoute[]>();
  for (const route of routes) targets.set(route.target, [...(targets.get(route.target) ?? []), route]);
  return targets;
}
