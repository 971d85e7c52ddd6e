import { below, type Mistakes } from "../../validation";
import { ApiAuth, ApiKeySource } from "../args";
import { checkCertificate, checkDomainTls } from "../edgeChecks";
import { checkPlans } from "../usagePlanChecks";
import type { WebSocketApiArgs } from "./args";
import { resourceName, routeKeyMistake } from "./rules/routeKeys";

const wiredUp: Record<string, string> = {
  apiKeySelectionExpression: "`apiKeySource`",
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
  checkKeys(mistakes, args, name);
  checkDomain(mistakes, args);
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

function checkKeys(mistakes: Mistakes, args: WebSocketApiArgs, name: string): void {
  const { apiKeyRequired, apiKeySource, authorizer, routes, usagePlans = {} } = args;
  mistakes
    .from("routes")
    .check(
      !apiKeyRequired || "$connect" in routes,
      "apiKeyRequired",
      'needs a "$connect" route, which is where keys are checked; add it to `routes`',
    );
  checkPlans(mistakes, args, apiKeyRequired ? "apiKeyRequired" : undefined, name);
  mistakes
    .from("authorizer")
    .check(
      apiKeySource !== ApiKeySource.Authorizer || authorizer !== undefined,
      "apiKeySource",
      `is "${ApiKeySource.Authorizer}", but there is no \`authorizer\` that would give the key; write one`,
    );
  for (const [plan, { methodThrottles }] of Object.entries(usagePlans)) {
    mistakes.check(
      methodThrottles === undefined,
      `${below("usagePlans", plan)}.methodThrottles`,
      `${notHere}: keys are checked at connections only; write the plan's \`throttle\``,
    );
  }
}

/** @see "Custom domain names for WebSocket APIs"; mutual TLS is documented for REST and HTTP APIs only */
function checkDomain(mistakes: Mistakes, { domain }: WebSocketApiArgs): void {
  checkCertificate(mistakes, domain);
  checkDomainTls(mistakes, domain, notHere);
  mistakes.check(domain?.mutualTls === undefined, "domain.mutualTls", `${notHere}: leave it out, and use \`auth\``);
}

const notHere = "is not for WebSocket APIs";
