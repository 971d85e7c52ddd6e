import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { allStatements, policyDocument, trustPolicy } from "../access";
import type { HttpTargetArgs, MockTargetArgs, ServerlessApiArgs, ServiceTargetArgs } from "./args";
import { ResponseTransferMode } from "./args";
import type { ResolvedRoute } from "./routes";
import { corsHeaders, quoted } from "./rules/cors";
import type { Api } from "./rules/document";
import { type Called, type Mapping, mappedCall, mock, placeholders, requestMapping } from "./rules/integration";
import { known } from "./targetChecks";

/** What the routes of an API call, in their order: a function's ARN, or what the document says of another target. */
interface Integrations {
  called: pulumi.Output<(string | Called)[]>;
  /** What must exist before a route is called. */
  dependsOn: pulumi.Resource[];
}

/** The integrations of a REST API, with the role in which it calls AWS services. */
export function createIntegrations(
  name: string,
  routes: ResolvedRoute[],
  api: Api,
  { tags }: ServerlessApiArgs,
  opts: pulumi.CustomResourceOptions,
): Integrations {
  const services = routes.flatMap(({ service }) => service ?? []);
  const shared = api.cors ? quoted(corsHeaders(api.cors)) : {};
  if (services.length === 0) return { called: calledBy(routes, shared), dependsOn: [] };
  const assumeRolePolicy = trustPolicy("apigateway.amazonaws.com");
  const role = new iam.Role(`${name}-integrations`, { assumeRolePolicy, tags }, opts);
  const policy = policyDocument(allStatements(services.flatMap(({ access }) => access)));
  const rolePolicy = new iam.RolePolicy(`${name}-integrations`, { role: role.id, policy }, opts);
  return { called: calledBy(routes, shared, role), dependsOn: [rolePolicy] };
}

function calledBy(routes: ResolvedRoute[], shared: Record<string, string>, role?: iam.Role) {
  return pulumi.all(
    routes.map((route): pulumi.Input<string | Called> => {
      const { target, mock, http } = route;
      if (target) return target.invokeArn;
      if (mock) return known(route, "mock").apply((mock) => mocked(mock as MockTargetArgs, shared));
      if (http) return known(route, "http").apply((http) => httpCall(http as HttpTargetArgs, route, shared));
      return serviceCall(route, shared, role);
    }),
  );
}

function mocked(
  { status = 200, headers, contentType = "application/json", template }: MockTargetArgs,
  shared: Record<string, string>,
): Called {
  return mock(status, { ...shared, ...headers }, { [contentType]: (template as string | undefined) ?? "" });
}

/** @param args in which nothing is an output */
function httpCall(args: HttpTargetArgs, route: ResolvedRoute, shared: Record<string, string>): Called {
  const { url, method = route.method, vpcLinkId, integrationTarget, proxy = true, ...mapping } = args;
  const own = placeholders(url as string).map((name) => [`path.${name}`, `method.request.path.${name}`]);
  const requestParameters = { ...Object.fromEntries(own), ...mapping.requestParameters };
  const target = {
    type: proxy ? "http_proxy" : "http",
    httpMethod: method,
    uri: url,
    ...(vpcLinkId !== undefined && { connectionType: "VPC_LINK", connectionId: vpcLinkId, integrationTarget }),
    timeoutInMillis: route.timeoutInMillis,
    ...(route.responseTransferMode === ResponseTransferMode.Stream && { responseTransferMode: "STREAM" }),
  };
  if (!proxy) return mappedCall(target, { ...(mapping as Mapping), requestParameters }, shared);
  const { requestTemplates: _, ...passed } = requestMapping({ requestParameters });
  const responses = { default: { description: "The server's response" } };
  return { responses, "x-amazon-apigateway-integration": { ...target, ...passed } };
}

function serviceCall(route: ResolvedRoute, shared: Record<string, string>, role?: iam.Role): pulumi.Output<Called> {
  const { partition } = getPartitionOutput();
  const { region } = getRegionOutput();
  return pulumi
    .all([partition, region, role?.arn, known(route, "service")])
    .apply(([partition, region, credentials, service]) => {
      const { access: _, service: name, action, path, method = "POST", ...mapping } = service as ServiceTargetArgs;
      const place = action === undefined ? `path/${path}` : `action/${action}`;
      const uri = `arn:${partition}:apigateway:${region}:${name}:${place}`;
      const target = { type: "aws", httpMethod: method, uri, credentials, timeoutInMillis: route.timeoutInMillis };
      return mappedCall(target, mapping as Mapping, shared);
    });
}

/** The integrations of an HTTP API's routes: functions, and web servers as they are. */
export function httpIntegrations(routes: ResolvedRoute[]): pulumi.Output<(string | object)[]> {
  return pulumi.all(
    routes.map(({ target, http, method, timeoutInMillis }): pulumi.Input<string | object> => {
      if (target) return target.invokeArn;
      const { url, vpcLinkId, method: other } = http ?? { url: "" };
      const link = vpcLinkId !== undefined && { connectionType: "VPC_LINK", connectionId: vpcLinkId };
      const integration = { type: "http_proxy", httpMethod: other ?? method, uri: url, ...link };
      return pulumi.output({ ...integration, payloadFormatVersion: "1.0", timeoutInMillis });
    }),
  );
}
