import { hasScopes } from "./authorizer";
import {
  type Api,
  byPath,
  header,
  parametersOf,
  publicSchemes,
  type Route,
  securityOf,
  securitySchemes,
} from "./document";
import { gatewayStatuses, type NamedResponse } from "./gatewayResponses";
import { httpStatuses } from "./httpResponses";
import { NamedSchemas } from "./jsonSchema";
import { oncePer } from "./oncePer";
import type { HeaderArgs, MediaTypeArgs, ResponseArgs } from "./operation";

/** The document for callers, without API Gateway's extensions. */
export function publicDocument(api: Api): object {
  return describe(api).document;
}

/** The titles that schemas of the API share although they differ: a name can stand for one schema only. */
export function ambiguousTitles(api: Api): string[] {
  return [...describe(api).named.ambiguous];
}

/**
 * The document as a Velocity template. `$` and `#` have a meaning there, and as JSON contains them only in strings,
 * they can be written as JSON escapes.
 */
export function documentTemplate(api: Api): string {
  return JSON.stringify(publicDocument(api)).replace(/\$/g, "\\u0024").replace(/#/g, "\\u0023");
}

interface Description {
  document: object;
  named: NamedSchemas;
}

/** Once for an API: its document is checked, deployed and an output. */
const describe = oncePer((api: Api): Description => {
  const named = new NamedSchemas();
  const gateway: Record<string, object> = {};
  const routes = api.routes
    .filter(({ method }) => method !== "ANY")
    // The plus of a greedy parameter is API Gateway's own syntax.
    .map((route) => ({ ...route, path: route.path.replace("+}", "}") }));
  const statusesOf = api.isHttp ? httpStatuses : gatewayStatuses;
  const schemes = publicSchemes(api);
  const paths = byPath(routes, (route) => ({
    ...describeOperation(route, statusesOf(route), named, gateway),
    security: publicSecurity(route, schemes),
  }));
  const { info, ...head } = header(api);
  const document = {
    ...head,
    info: { ...info, license: api.license, contact: api.contact },
    servers: [{ url: api.url ?? (api.stageName === "$default" ? "/" : `/${api.stageName}`) }],
    tags: tagsOf(routes, api.tagDescriptions),
    paths,
    components: { schemas: named.schemas, responses: gateway, securitySchemes: securitySchemes(api, schemes) },
  };
  return { document, named };
});

/**
 * @param statuses what API Gateway may answer by itself
 * @param gateway receives those of them that the route does not describe
 */
function describeOperation(
  route: Route,
  statuses: Record<string, NamedResponse>,
  named: NamedSchemas,
  gateway: Record<string, object>,
): object {
  const { requestBody, responses = { default: { description: "The response" } }, ...operation } = route.operation;
  const content = (byType: Record<string, MediaTypeArgs> | undefined) =>
    mapValues(byType, (media) => ({ ...media, schema: named.refer(media.schema) }));
  const described = mapValues(responses, (response: ResponseArgs) => ({
    ...response,
    headers: mapValues(response.headers, (one: HeaderArgs) => ({ ...one, schema: named.refer(one.schema) })),
    content: content(response.content),
  }));
  const own = Object.entries(statuses).filter(([status]) => !(status in responses));
  for (const [, { name, response }] of own) {
    gateway[name] ??= { ...response, content: content(response.content) };
  }
  const references = own.map(([status, { name }]) => [status, { $ref: `#/components/responses/${name}` }]);
  return {
    ...operation,
    parameters: parametersOf(route).map((parameter) => ({ ...parameter, schema: named.refer(parameter.schema) })),
    requestBody: requestBody && { ...requestBody, content: content(requestBody.content) },
    responses: { ...described, ...Object.fromEntries(references) },
  };
}

/** All that a caller must present, in one requirement, with scopes where OpenAPI 3.0 allows them. */
function publicSecurity(route: Route, schemes: Record<string, object>): object[] {
  const requirements = securityOf(route) ?? [];
  if (requirements.length === 0) return [];
  const together = Object.entries(Object.assign({}, ...requirements) as Record<string, string[]>);
  return [Object.fromEntries(together.map(([name, scopes]) => [name, hasScopes(schemes[name]) ? scopes : []]))];
}

function tagsOf(routes: Route[], descriptions: Record<string, string>): object[] | undefined {
  const names = new Set(routes.flatMap(({ operation }) => operation.tags ?? []));
  return names.size > 0 ? [...names].map((name) => ({ name, description: descriptions[name] })) : undefined;
}

function mapValues<One, Other>(map: Record<string, One> | undefined, change: (value: One) => Other) {
  return map && Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
