import { corsHeaders, mappedHeaders, preflightHeaders } from "./cors";
import {
  type Api,
  byPath,
  header,
  headerParameters,
  isSigned,
  type Paths,
  parametersOf,
  pathParameter,
  type Route,
  securityOf,
  securitySchemes,
} from "./document";
import { gatewayResponses } from "./gatewayResponses";
import { modelOf } from "./jsonSchema";
import type { CorsArgs, RequestBodyArgs } from "./operation";
import { documentTemplate } from "./publicDocument";

/**
 * The document that is deployed: only the parts of each route that API Gateway acts on. Descriptions and schemas that
 * it would only store are left out: they would hit its limits on models and keywords, and changing them would redeploy
 * the API.
 * @param invokeArns the ARN that each route calls, in the order of `api.routes`
 * @see "OpenAPI extensions for API Gateway"
 */
export function deployedBody(api: Api, invokeArns: string[]): object {
  const arns = new Map(api.routes.map((route, index) => [route, invokeArns[index]]));
  const paths = byPath(api.routes, (route) => ({
    operationId: route.operation.operationId,
    parameters: parametersOf(route).map(({ name, in: place, required }) => ({
      name,
      in: place,
      required,
      schema: { type: "string" },
    })),
    requestBody: validatesBody(route) ? modelBody(route.operation.requestBody) : undefined,
    responses: { default: { description: "The function's response" } },
    security: securityOf(route.auth),
    "x-amazon-apigateway-request-validator": route.validation === "none" ? undefined : route.validation,
    "x-amazon-apigateway-integration": integrationOf(route, arns.get(route)),
  }));
  if (api.documentPath) paths[api.documentPath] = { ...paths[api.documentPath], get: documentOperation(api) };
  if (api.cors) addPreflights(api, api.cors, paths);
  return {
    ...header(api),
    paths,
    components: { securitySchemes: securitySchemes(api, { "x-amazon-apigateway-authtype": "awsSigv4" }) },
    "x-amazon-apigateway-request-validators": requestValidators(api.routes),
    "x-amazon-apigateway-gateway-responses": gatewayResponses(api.cors, isSigned(api), api.gatewayResponses),
  };
}

/** Leaves out what has its default, because a new member would deploy the API again. */
function integrationOf({ responseTransferMode, timeoutInMillis, tenantId }: Route, invokeArn = "") {
  const streams = responseTransferMode === "STREAM";
  const uri = streams ? streamingArn(invokeArn) : invokeArn;
  const mode = streams ? { responseTransferMode } : {};
  const requestParameters = tenantId && { "integration.request.header.X-Amz-Tenant-Id": tenantId };
  return { type: "aws_proxy", httpMethod: "POST", uri, timeoutInMillis, ...mode, requestParameters };
}

/** @see "Set up a Lambda proxy integration with response streaming in API Gateway" */
function streamingArn(invokeArn: string): string {
  return invokeArn.replace(
    /\/2015-03-31\/functions\/(.*)\/invocations$/,
    "/2021-11-15/functions/$1/response-streaming-invocations",
  );
}

export function validatesBody({ validation }: Route): boolean {
  return validation === "body" || validation === "all";
}

function modelBody(body: RequestBodyArgs | undefined): RequestBodyArgs | undefined {
  if (!body) return undefined;
  const content = Object.entries(body.content).map(([mediaType, { schema }]) => [
    mediaType,
    { schema: modelOf(schema) },
  ]);
  return { ...body, content: Object.fromEntries(content) };
}

function requestValidators(routes: Route[]) {
  const used = new Set(routes.map(({ validation }) => validation));
  used.delete("none");
  const validators = [...used].map((validation) => [
    validation,
    { validateRequestBody: validation !== "parameters", validateRequestParameters: validation !== "body" },
  ]);
  return used.size > 0 ? Object.fromEntries(validators) : undefined;
}

/** An operation that returns the document from an integration without a backend. */
function documentOperation(api: Api): object {
  const headers = api.cors ? corsHeaders(api.cors) : {};
  return {
    ...mock("200", headers, { "application/json": documentTemplate(api) }),
    security: securityOf(api.auth),
  };
}

function addPreflights({ routes, documentPath }: Api, cors: CorsArgs, paths: Paths): void {
  for (const [path, item] of Object.entries(paths)) {
    if (item.options) continue;
    const own = routes.filter((route) => route.path === path);
    const rules = own.map((route) => ({
      method: route.method,
      headers: headerParameters(route),
    }));
    if (path === documentPath) rules.push({ method: "GET", headers: [] });
    const parameters = own[0]?.parameters.map(pathParameter);
    paths[path] = { ...item, options: { parameters, ...mock("204", preflightHeaders(cors, rules)) } };
  }
}

/**
 * A response that API Gateway returns without calling anything. @see "Mock integrations for REST APIs in API Gateway"
 */
function mock(statusCode: string, headers: Record<string, string>, responseTemplates?: Record<string, string>) {
  const declared = Object.keys(headers).map((name) => [name, { schema: { type: "string" } }]);
  return {
    responses: { [statusCode]: { description: "Returned by API Gateway", headers: Object.fromEntries(declared) } },
    "x-amazon-apigateway-integration": {
      type: "mock",
      // If the request's type has no template the response is 415; passing the body through would make it 500.
      passthroughBehavior: "never",
      // A body that `binaryMediaTypes` turns into bytes has no template. @see
      // https://github.com/aws/chalice/issues/1310
      contentHandling: "CONVERT_TO_TEXT",
      requestTemplates: { "application/json": `{"statusCode": ${statusCode}}` },
      responses: {
        default: {
          statusCode,
          responseParameters: mappedHeaders("method.response.header", headers),
          responseTemplates,
        },
      },
    },
  };
}
