/** The routes that API Gateway itself chooses, and when. */
const ownRoutes = ["$connect", "$disconnect", "$default"];

/** A route's key as a part of its resources' names: `$connect` is `connect` there. */
export function resourceName(routeKey: string): string {
  return routeKey.replace(/^\$/, "").replace(/[^\w-]/g, "_");
}

/** What is wrong with a route's key, if anything. */
export function routeKeyMistake(key: string): string | undefined {
  if (ownRoutes.includes(key)) return undefined;
  if (key.startsWith("$"))
    return `is not one of API Gateway's own routes; write ${ownRoutes.join(", ")} or a name of your own`;
  if (/^[A-Z]+ \//.test(key))
    return "is a route of a REST API; write it in a ServerlessApi, or the value that selects the route";
  if (/^[\w.:/-]{1,128}$/.test(key)) return undefined;
  return "has characters that are refused here; write 1 to 128 letters, digits, `_`, `-`, `.`, `:` and `/`";
}
