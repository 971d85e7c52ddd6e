import { autoNameSuffix, below, type Mistakes } from "../validation";
import type { MediaTypeArgs, ServerlessApiArgs } from "./args";
import { ParameterLocation, PermissionScope } from "./args";
import { checkAuthorizers } from "./authorizerChecks";
import { describeApi } from "./describe";
import { checkEdge, checkStage } from "./edgeChecks";
import { checkEndpoint, checkTransfer } from "./endpointChecks";
import { byTarget, type ResolvedRoute, resolveRoutes } from "./routes";
import type { Api } from "./rules/document";
import { schemaMistakes } from "./rules/jsonSchema";
import { validatesBody } from "./rules/openApi";
import { policyLimit, policySize } from "./rules/permissionBudget";
import { ambiguousTitles, documentTemplate } from "./rules/publicDocument";
import { conflictingPaths, parseRoute } from "./rules/routes";
import { checkTarget, templateLimit } from "./targetChecks";
import { checkUsagePlans } from "./usagePlanChecks";

/** @see https://github.com/api-platform/api-platform/issues/2150, for API Gateway's error for `order[title]` */
const parameterName = /^[\w:.$-]+$/;

/** Adds every mistake in a REST API's arguments. */
export function checkApi(mistakes: Mistakes, args: ServerlessApiArgs, name: string): void {
  mistakes.componentName(name, 255, ...nameCharacters);
  checkEndpoint(mistakes, args);
  checkEdge(mistakes, args, name);
  for (const route of resolveRoutes(args)) {
    checkTransfer(mistakes, route, args);
  }
  const api = describeApi(name, args);
  checkRoutes(mistakes, name, args, api);
  checkDocument(mistakes, args, api);
  checkUsagePlans(mistakes, args, name);
  if (args.restApiArgs?.body !== undefined) mistakes.add("restApiArgs.body", "write the component's `routes` instead");
}

/** The characters that the names of an API's resources may have. */
export const nameCharacters = [/^[\w-]+$/, "letters, digits, `_` and `-`"] as const;

/** Adds the mistakes in what all kinds of API have in common. */
export function checkRoutes(mistakes: Mistakes, name: string, args: ServerlessApiArgs, api: Api): void {
  checkRouteKeys(mistakes, args);
  checkStage(mistakes, args);
  const isHttp = api.isHttp === true;
  for (const route of resolveRoutes(args)) {
    checkRoute(mistakes, route);
    const own = args.routes[route.name];
    if (own) checkTarget(mistakes, route, own, isHttp);
  }
  checkAuthorizers(mistakes, args, isHttp);
  checkOperationIds(mistakes, name, args);
  checkBudget(mistakes, name, args);
  checkTitles(mistakes, api);
  const open = args.cors?.allowOrigins.includes("*") && args.cors.allowCredentials === true;
  mistakes.check(!open, "cors.allowCredentials", 'browsers refuse it with the origin "*"; name the origin');
}

function checkRouteKeys(mistakes: Mistakes, { routes }: ServerlessApiArgs): void {
  const keys = new Map<string, string>();
  for (const key of Object.keys(routes)) {
    const parsed = parseRoute(key);
    if (typeof parsed === "string") mistakes.add(below("routes", key), parsed);
    else if (!keys.has(parsed.path)) keys.set(parsed.path, key);
  }
  for (const [earlier, path] of conflictingPaths([...keys.keys()])) {
    const place = below("routes", keys.get(path) ?? "");
    mistakes.add(
      place,
      `names a parameter of "${earlier}" differently; API Gateway allows one name: write the same name`,
    );
  }
}

function checkRoute(mistakes: Mistakes, route: ResolvedRoute): void {
  const path = below("routes", route.name);
  const { method, parameters, operation } = route;
  for (const [name, parameter] of Object.entries(operation.parameters ?? {})) {
    const place = below(`${path}.parameters`, name);
    const named = parameterName.test(name);
    mistakes.check(
      named,
      place,
      "has a name that API Gateway refuses; write letters, digits, `_`, `-`, `.`, `:` and `$`",
    );
    const inPath = parameter.in !== ParameterLocation.Path || parameters.includes(name);
    mistakes.check(inPath, place, `is not in the path; write {${name}} there, or \`in: "query"\``);
    addSchemaMistakes(mistakes, parameter.schema, `${place}.schema`, false);
  }
  for (const name of parameters) {
    const place = operation.parameters?.[name]?.in ?? ParameterLocation.Path;
    const inPath = place === ParameterLocation.Path;
    mistakes.check(
      inPath,
      `${path}.parameters.${name}.in`,
      `is "${place}", but {${name}} is in the path; write "path"`,
    );
  }
  const bodiless = method === "GET" || method === "HEAD";
  const { requestBody } = operation;
  mistakes.check(
    !(bodiless && requestBody),
    `${path}.requestBody`,
    `a ${method} has no body; leave it out, or write POST`,
  );
  checkContent(mistakes, requestBody?.content, `${path}.requestBody`, validatesBody(route));
  for (const [status, response] of Object.entries(operation.responses ?? {})) {
    const place = `${path}.responses.${status}`;
    const known = /^([1-5]\d\d|default)$/.test(status);
    mistakes.check(known, place, 'is not a status; write one such as 200, or "default"');
    checkContent(mistakes, response.content, place, false);
  }
}

function checkContent(
  mistakes: Mistakes,
  content: Record<string, MediaTypeArgs> | undefined,
  path: string,
  model: boolean,
): void {
  for (const [mediaType, { schema }] of Object.entries(content ?? {})) {
    addSchemaMistakes(mistakes, schema, `${below(`${path}.content`, mediaType)}.schema`, model);
  }
}

function addSchemaMistakes(mistakes: Mistakes, schema: unknown, path: string, model: boolean): void {
  for (const [place, reason] of schemaMistakes(schema, path, model)) mistakes.add(place, reason);
}

function checkOperationIds(mistakes: Mistakes, name: string, { routes }: ServerlessApiArgs): void {
  const taken = new Map<string, string>();
  for (const [key, { operationId }] of Object.entries(routes)) {
    const path = `${below("routes", key)}.operationId`;
    mistakes.autoName(`${name}-${operationId}`, path, 100);
    const other = taken.get(operationId);
    if (other) mistakes.add(path, `"${operationId}" is taken by "${other}"; give each route its own`);
    taken.set(operationId, key);
  }
}

function checkTitles(mistakes: Mistakes, api: Api): void {
  for (const title of ambiguousTitles(api)) {
    mistakes.add("routes", `have different schemas with the title "${title}", which names one; write another title`);
  }
}

function checkBudget(mistakes: Mistakes, name: string, args: ServerlessApiArgs): void {
  if (args.permissions !== PermissionScope.Route) return;
  for (const routes of byTarget(resolveRoutes(args)).values()) {
    const statements = routes.map(({ operation, method, path }) => ({
      id: `${name}-${operation.operationId}${autoNameSuffix}`,
      method,
      path,
    }));
    const size = policySize(statements);
    mistakes.check(
      size <= policyLimit,
      "permissions",
      `${routes.length} routes, "${routes[0]?.name}" first, would give one function a policy of ${size} bytes; ` +
        `Lambda allows ${policyLimit}: write "${PermissionScope.Api}", one statement for the whole API`,
    );
  }
}

function checkDocument(mistakes: Mistakes, { documentPath, documentAuth, routes }: ServerlessApiArgs, api: Api): void {
  if (documentPath === undefined) {
    mistakes.check(documentAuth === undefined, "documentAuth", "does nothing without `documentPath`; leave it out");
    return;
  }
  const parsed = parseRoute(`GET ${documentPath}`);
  if (typeof parsed === "string") mistakes.add("documentPath", parsed);
  else mistakes.check(parsed.parameters.length === 0, "documentPath", "has a parameter; write a fixed path");
  const key = `GET ${documentPath}`;
  mistakes.check(!(key in routes), "documentPath", `"${key}" is a route too; write another path`);
  const size = Buffer.byteLength(documentTemplate(api));
  mistakes.check(
    size <= templateLimit,
    "documentPath",
    `the document has ${size} bytes; API Gateway returns at most ${templateLimit}: leave the path out and ` +
      `publish the \`document\` output`,
  );
}
