import { Router } from "../cloud/apigateway/router";
import { groupBy } from "./grouping";
import { type RouteDiff, routeName } from "./model";
import type { Api, Route } from "./routes";

/**
 * Compares routes as their callers see them: another name of a path parameter makes no difference, and a route that is gone
 * may be answered by a less specific one that is new.
 * @param nameNow The current URN of an earlier resource; undefined if it is gone
 */
export function routeDiffs(before: Api[], after: Api[], nameNow: (urn: string) => string | undefined): RouteDiff[] {
  const earlier = new Map(before.map((api) => [nameNow(api.urn) ?? api.urn, api]));
  const current = new Map(after.map((api) => [api.urn, api]));
  const kept = after.flatMap((api) => apiDiffs(earlier.get(api.urn), api));
  const gone = [...earlier].flatMap(([urn, api]) => (current.has(urn) ? [] : apiDiffs(api, { ...api, routes: [] })));
  return [...gone, ...kept];
}

function apiDiffs(before: Api | undefined, after: Api): RouteDiff[] {
  const about = ({ method, path }: Route) => ({ api: after.urn, apiName: after.name, method, path });
  const earlier = before?.routes ?? [];
  const known = new Set(earlier.map(keyOf));
  const lost = earlier.flatMap((route): RouteDiff[] => {
    const now = answering(route, after);
    const diff = { ...about(route), before: route.auth };
    if (!now) return [{ kind: "removed", ...diff }];
    // One that was there before took the other requests; a new one may have been made for these.
    const isOther = keyOf(now) !== keyOf(route) && known.has(keyOf(now));
    if (isOther) return [{ kind: "removed", ...diff, takenOver: routeName(now) }];
    if (now.auth === route.auth) return [];
    return [{ kind: now.auth === "none" ? "opened" : "closed", ...diff, after: now.auth }];
  });
  const added = after.routes
    .filter((route) => !known.has(keyOf(route)))
    .map((route): RouteDiff => ({ kind: "added", ...about(route), after: route.auth }));
  return [...lost, ...added];
}

function keyOf({ method, path }: Route): string {
  return `${method} ${path.replace(/\{[^}+]*/g, "{")}`;
}

/** The route of an API that takes the requests of another version's route. */
function answering(given: Route, { routes, fallsBack }: Api): Route | undefined {
  const { method, path } = given;
  const takes = (route: Route) => route.method === method || route.method === "ANY";
  const router = new Router<Route[]>();
  const candidates = routes.filter((route) => route.path.startsWith("/") && (takes(route) || !fallsBack));
  for (const [place, group] of groupBy(candidates, ({ path: place }) => place)) router.add(place, group);
  const found = path.startsWith("/") ? router.find(path)?.resource.filter(takes) : undefined;
  const exact = found?.find((route) => route.method === method) ?? found?.[0];
  const named = routes.find((route) => keyOf(route) === keyOf(given));
  const fallback = fallsBack ? routes.find((route) => route.path === "$default") : undefined;
  // One segment does not take what any number of them did.
  const isNarrower = /\+\}$/.test(path) && exact !== undefined && !/\+\}$/.test(exact.path);
  return (isNarrower ? undefined : exact) ?? named ?? fallback;
}
