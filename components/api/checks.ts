import { retentionMistake } from "../observability/rules/retention";
import { autoNameSuffix, listOf, type Mistakes } from "../validation";
import type { CorsArgs, MediaTypeArgs, ServerlessApiArgs, ThrottleArgs } from "./args";
import { ApiAuth, CloudWatchRole, EndpointType, ParameterLocation, PermissionScope, Validation } from "./args";
import { describeApi, stageNameOf } from "./describe";
import { byTarget, type ResolvedRoute, resolveRoutes } from "./routes";
import { schemaMistakes } from "./rules/jsonSchema";
import { documentTemplate, validatesBody } from "./rules/openApi";
import { policyLimit, policySize } from "./rules/permissionBudget";
import { conflictingPaths, methods, parseRoute } from "./rules/routes";

/** Bytes that a mapping template may have. @see "Amazon API Gateway important notes" */
const templateLimit = 300 * 1024;

/** @see https://github.com/api-platform/api-platform/issues/2150, for what API Gateway says of `order[title]` */
const parameterName = /^[\w:.$-]+$/;

/** Every mistake in an API's arguments. */
export function checkApi(mistakes: Mistakes, args: ServerlessApiArgs, name: string): void {
  mistakes.componentName(name, 255, /^[\w-]+$/, "letters, digits, `_` and `-`");
  checkChoices(mistakes, args);
  checkRouteKeys(mistakes, args);
  for (const route of resolveRoutes(args)) checkRoute(mistakes, route);
  checkOperationIds(mistakes, name, args);
  checkBudget(mistakes, name, args);
  checkDocument(mistakes, name, args);
  if (args.cors) checkCors(mistakes, args.cors);
  checkThrottle(mistakes, args.throttle, "throttle");
  if (args.restApiArgs?.body !== undefined) mistakes.add("restApiArgs.body", "write `routes` of the component instead");
}

function checkChoices(mistakes: Mistakes, args: ServerlessApiArgs): void {
  mistakes.oneOf(args.auth, "auth", ApiAuth);
  mistakes.oneOf(args.validation, "validation", Validation);
  mistakes.oneOf(args.endpointType, "endpointType", EndpointType);
  mistakes.oneOf(args.cloudWatchRole, "cloudWatchRole", CloudWatchRole);
  mistakes.oneOf(args.permissions, "permissions", PermissionScope);
  mistakes.range(args.minimumCompressionSize, "minimumCompressionSize", 0, 10_485_760, "bytes");
  const { endpointType, resourcePolicy, vpcEndpointIds } = args;
  const stageName = stageNameOf(args);
  const valid = /^[\w-]{1,128}$/.test(stageName);
  mistakes.check(valid, "stageName", `is "${stageName}"; write 1 to 128 letters, digits, \`_\` and \`-\``);
  const retention = retentionMistake(args.logRetentionDays);
  if (retention) mistakes.add("logRetentionDays", retention);
  if (endpointType === EndpointType.Private && resourcePolicy === undefined) {
    mistakes.add("resourcePolicy", "is missing; a private API answers nobody without one");
  }
  if (vpcEndpointIds !== undefined && endpointType !== EndpointType.Private) {
    mistakes.add("vpcEndpointIds", `does nothing here; write \`endpointType: "${EndpointType.Private}"\` too`);
  }
}

function checkRouteKeys(mistakes: Mistakes, { routes }: ServerlessApiArgs): void {
  const keys = Object.keys(routes);
  mistakes.check(keys.length > 0, "routes", 'is empty; write one route at least, such as "GET /items"');
  const paths: string[] = [];
  for (const key of keys) {
    const parsed = parseRoute(key);
    if (typeof parsed === "string") mistakes.add(routePath(key), parsed);
    else paths.push(parsed.path);
  }
  const conflict = conflictingPaths(paths);
  if (!conflict) return;
  const [one, other] = conflict;
  mistakes.add(
    "routes",
    `"${one}" and "${other}" name one place differently; API Gateway takes one name: write the same`,
  );
}

function checkRoute(mistakes: Mistakes, route: ResolvedRoute): void {
  const path = routePath(route.name);
  const { method, parameters, operation } = route;
  mistakes.check(route.target !== undefined, `${path}.function`, "is missing; write what the route calls");
  mistakes.oneOf(route.auth, `${path}.auth`, ApiAuth);
  mistakes.oneOf(route.validation, `${path}.validation`, Validation);
  checkThrottle(mistakes, route.throttle, `${path}.throttle`);
  for (const [name, parameter] of Object.entries(operation.parameters ?? {})) {
    const place = `${path}.parameters.${name}`;
    const named = parameterName.test(name);
    mistakes.check(named, place, "has a name API Gateway refuses; write letters, digits, `_`, `-`, `.`, `:` and `$`");
    mistakes.oneOf(parameter.in, `${place}.in`, ParameterLocation);
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
    mistakes.check(/^([1-5]\d\d|default)$/.test(status), place, 'is no status; write one such as 200, or "default"');
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
    addSchemaMistakes(mistakes, schema, `${path}.content["${mediaType}"].schema`, model);
  }
}

function addSchemaMistakes(mistakes: Mistakes, schema: unknown, path: string, model: boolean): void {
  for (const [place, reason] of schemaMistakes(schema, path, model)) mistakes.add(place, reason);
}

function checkOperationIds(mistakes: Mistakes, name: string, { routes }: ServerlessApiArgs): void {
  const taken = new Map<string, string>();
  for (const [key, { operationId }] of Object.entries(routes)) {
    const path = `${routePath(key)}.operationId`;
    // The statement that lets the API call the function is called by both. @see Lambda API, AddPermission, StatementId
    const valid = /^[\w-]{1,64}$/.test(operationId ?? "");
    mistakes.check(valid, path, `is "${operationId}"; write up to 64 letters, digits, \`_\` and \`-\``);
    mistakes.autoName(`${name}-${operationId}`, path, 100);
    const other = taken.get(operationId);
    if (other) mistakes.add(path, `"${operationId}" is taken by "${other}"; give each route its own`);
    taken.set(operationId, key);
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
      `${routes.length} routes from "${routes[0]?.name}" on would give one function a policy of ${size} bytes; ` +
        `Lambda allows ${policyLimit}: write "${PermissionScope.Api}", one statement for the whole API`,
    );
  }
}

function checkDocument(mistakes: Mistakes, name: string, args: ServerlessApiArgs): void {
  const { documentPath, routes } = args;
  if (documentPath === undefined) return;
  const parsed = parseRoute(`GET ${documentPath}`);
  if (typeof parsed === "string") mistakes.add("documentPath", parsed);
  else mistakes.check(parsed.parameters.length === 0, "documentPath", "has a parameter; write a fixed path");
  const key = `GET ${documentPath}`;
  mistakes.check(!(key in routes), "documentPath", `"${key}" is a route too; write another path`);
  const size = Buffer.byteLength(documentTemplate(describeApi(name, args)));
  mistakes.check(
    size <= templateLimit,
    "documentPath",
    `the document has ${size} bytes; API Gateway answers ${templateLimit} at most: leave the path out and publish the \`document\` output`,
  );
}

function checkCors(mistakes: Mistakes, cors: CorsArgs): void {
  const { allowOrigins, allowCredentials, allowMethods = [], allowHeaders = [], exposeHeaders = [] } = cors;
  mistakes.check(
    allowOrigins.length <= 1,
    "cors.allowOrigins",
    'has several; API Gateway can name one in its own answers: write that, or "*", or answer OPTIONS routes by a function',
  );
  for (const [index, origin] of allowOrigins.entries()) {
    const valid = origin === "*" || /^https?:\/\/[\w.-]+(:\d+)?$/.test(origin);
    const wanted = 'write an origin such as https://example.com, or "*"';
    mistakes.check(valid, `cors.allowOrigins[${index}]`, `is "${origin}"; ${wanted}`);
  }
  const open = allowOrigins.includes("*") && allowCredentials === true;
  mistakes.check(!open, "cors.allowCredentials", 'browsers refuse it with the origin "*"; name the origin');
  mistakes.range(cors.maxAge, "cors.maxAge", 0, 86_400, "seconds");
  const known = methods.filter((method) => method !== "ANY");
  for (const [index, method] of allowMethods.entries()) {
    const path = `cors.allowMethods[${index}]`;
    mistakes.check(
      known.some((one) => one === method),
      path,
      `is "${method}"; write ${listOf([...known])}`,
    );
  }
  for (const [list, names] of Object.entries({ allowHeaders, exposeHeaders })) {
    for (const [index, header] of names.entries()) {
      const token = /^[\w!#$%&*+.^`|~-]+$/.test(header);
      mistakes.check(token, `cors.${list}[${index}]`, `is "${header}"; write the name of one header`);
    }
  }
}

function checkThrottle(mistakes: Mistakes, throttle: ThrottleArgs | undefined, path: string): void {
  if (!throttle) return;
  const { rateLimit } = throttle;
  mistakes.check(rateLimit >= 0, `${path}.rateLimit`, `is ${rateLimit}; write requests a second, 0 or more`);
  mistakes.range(throttle.burstLimit, `${path}.burstLimit`, 0, 2_147_483_647, "requests");
}

function routePath(key: string): string {
  return `routes["${key}"]`;
}
