import { below, type Mistakes } from "../../validation";
import { ApiAuth } from "../args";
import type { WebSocketApiArgs } from "./args";
import { resourceName, routeKeyMistake } from "./rules/routeKeys";

const wiredUp: Record<string, string> = {
  body: "`routes`",
  disableExecuteApiEndpoint: "`disableExecuteApiEndpoint`",
  protocolType: "place (it is always WEBSOCKET; a ServerlessApi is for HTTP)",
  routeKey: "`routes`",
  routeSelectionExpression: "`routeSelectionExpression`",
  target: "`routes`",
};

/** Adds every mistake in a WebSocket API's arguments. */
export function checkWebSocketApi(mistakes: Mistakes, args: WebSocketApiArgs, name: string): void {
  mistakes.componentName(name, 128, /^[\w-]+$/, "letters, digits, `_` and `-`");
  checkRoutes(mistakes, args, name);
  checkAuth(mistakes, args);
  for (const key of Object.keys(args.apiArgs ?? {})) {
    const own = wiredUp[key];
    if (own) mistakes.add(`apiArgs.${key}`, `write the component's ${own} instead`);
  }
}

function checkRoutes(mistakes: Mistakes, { routes, authorizer }: WebSocketApiArgs, name: string): void {
  const taken = new Map<string, string>(authorizer ? [["authorizer", "authorizer"]] : []);
  for (const [key, { routeResponse }] of Object.entries(routes)) {
    const path = below("routes", key);
    const mistake = routeKeyMistake(key);
    if (mistake) {
      mistakes.add(path, `"${key}" ${mistake}`);
      continue;
    }
    mistakes.autoName(`${name}-${resourceName(key)}`, path, 100);
    const other = taken.get(resourceName(key));
    if (other) mistakes.add(path, `would share the names of its resources with "${other}"; write another key`);
    taken.set(resourceName(key), key);
    const answers = routeResponse !== true || key !== "$disconnect";
    mistakes.check(answers, `${path}.routeResponse`, "reaches nobody, as the caller has left; leave it out");
  }
}

function checkAuth(mistakes: Mistakes, { auth, authorizer, routes }: WebSocketApiArgs): void {
  const known = mistakes.from("authorizer");
  if (auth !== undefined && authorizer !== undefined)
    known.add("auth", "is set beside an `authorizer`; write one of them");
  const isOpen = auth === ApiAuth.None && authorizer === undefined;
  mistakes
    .from("auth", "authorizer")
    .check(
      isOpen || "$connect" in routes,
      "routes",
      `has no "$connect", without which anybody may connect; add it, or write \`auth: "${ApiAuth.None}"\``,
    );
}
