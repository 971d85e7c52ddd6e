import * as fs from "node:fs";
import * as path from "node:path";
import type { Graph } from "../../../engine/graph";
import { asList, asMap, asNumber, asStrings, asText, asTexts, isGiven, type Settings } from "../../core/resources";
import type { Document, Integration, LocalFiles, Operation, SecurityScheme } from "./document";
import { parseDocument } from "./document";
import { API_KEY, apiKeyScheme, documentMethod } from "./resources";

/** What the component answers for paths that it does not have, and to callers that an authorizer refuses. */
const NOT_FOUND = {
  statusCode: 404,
  responseTemplates: { "application/json": '{"message": "404 Not found" }' },
};

const VALIDATORS = {
  ALL: { validateRequestBody: true, validateRequestParameters: true },
  BODY_ONLY: { validateRequestBody: true, validateRequestParameters: false },
  PARAMS_ONLY: { validateRequestBody: false, validateRequestParameters: true },
};

/**
 * The document that `RestAPI` of `@pulumi/aws-apigateway` would make of its inputs. Why it cannot is returned as text.
 * @param problems gets what is wrong with its routes
 * @see https://www.pulumi.com/registry/packages/aws-apigateway/api-docs/restapi/
 */
export function documentOfComponent(
  name: string,
  inputs: Settings,
  graph: Graph,
  problems: string[],
): Document | string {
  const { swaggerString, routes, gatewayResponses, requestValidator, apiKeySource } = inputs;
  if (asText(swaggerString)) return parseDocument(String(swaggerString));
  if (!Array.isArray(routes)) return "it has neither routes nor a swaggerString";
  const builder = new Builder(name, graph, problems);
  for (const route of asList(routes)) builder.add(route);
  return {
    info: { title: name },
    paths: builder.paths as Document["paths"],
    securityDefinitions: builder.schemes,
    "x-amazon-apigateway-binary-media-types": ["*/*"],
    "x-amazon-apigateway-api-key-source": asText(apiKeySource) ?? "HEADER",
    "x-amazon-apigateway-request-validators": VALIDATORS,
    ...(asText(requestValidator) && { "x-amazon-apigateway-request-validator": asText(requestValidator) }),
    "x-amazon-apigateway-gateway-responses": {
      MISSING_AUTHENTICATION_TOKEN: NOT_FOUND,
      ACCESS_DENIED: NOT_FOUND,
      ...asMap(gatewayResponses),
    },
  };
}

/** Collects the paths and authorizers of routes. */
class Builder {
  readonly paths: Record<string, Record<string, Operation>> = {};
  readonly schemes: Record<string, SecurityScheme> = { [API_KEY]: apiKeyScheme };

  constructor(
    private readonly name: string,
    private readonly graph: Graph,
    private readonly problems: string[],
  ) {}

  add(route: Settings): void {
    const at = `/${asText(route.path) ?? ""}`.replace(/^\/\//, "/");
    const method = documentMethod(asText(route.method) ?? "ANY");
    if (route.eventHandler !== undefined) this.addOperation(at, method, route, functionIntegration(route.eventHandler));
    else if (asText(route.localPath)) this.addFiles(at, route);
    else if (isGiven(route.target)) this.addTarget(at, route);
    else this.paths[at] = { ...this.paths[at], [method]: asMap(route.data) as Operation };
  }

  private addOperation(at: string, method: string, route: Settings, integration: Integration): void {
    const operation = { ...this.settingsOf(route), "x-amazon-apigateway-integration": integration };
    this.paths[at] = { ...this.paths[at], [method]: operation };
  }

  private settingsOf(route: Settings): Operation {
    const { iamAuthEnabled, apiKeyRequired, requestValidator, requiredParameters } = route;
    const security = [
      ...asList(route.authorizers).map((authorizer) => ({ [this.nameOf(authorizer)]: [] })),
      ...(apiKeyRequired === true ? [{ [API_KEY]: [] }] : []),
    ];
    return {
      ...(security.length > 0 && { security }),
      ...(iamAuthEnabled === true && { "x-amazon-apigateway-auth": { type: "AWS_IAM" } }),
      ...(asText(requestValidator) && { "x-amazon-apigateway-request-validator": asText(requestValidator) }),
      parameters: asList(requiredParameters).map(({ name, in: place }) => ({
        name: String(name),
        in: place === "querystring" ? "query" : (place as "query"),
        required: true,
      })),
    };
  }

  private nameOf(authorizer: Settings): string {
    const name = asText(authorizer.authorizerName) ?? `${this.name}-authorizer-${Object.keys(this.schemes).length}`;
    this.schemes[name] = schemeOf(authorizer);
    return name;
  }

  /** A file at its path, or a folder below it, with an index document at the path itself. */
  private addFiles(at: string, route: Settings): void {
    const file = path.resolve(this.graph.workingDirectory, String(route.localPath));
    const stats = fs.statSync(file, { throwIfNoEntry: false });
    if (!stats) this.problems.push(`GET ${at} answers 400: its localPath ${route.localPath} does not exist (${file})`);
    if (!stats?.isDirectory()) {
      const files: LocalFiles = { path: file, contentType: asText(route.contentType) };
      this.addOperation(at, "get", route, { files });
      return;
    }
    const folder = at.endsWith("/") ? at : `${at}/`;
    const index = path.join(file, asText(route.index) ?? "index.html");
    if (route.index !== false && fs.existsSync(index))
      this.addOperation(folder, "get", route, { files: { path: index } });
    this.addOperation(`${folder}{proxy+}`, documentMethod("ANY"), route, { files: { path: file } });
  }

  /** An integration at the path and everything below it. */
  private addTarget(at: string, route: Settings): void {
    const { uri, type, passthroughBehaviour, ...target } = asStrings(route.target);
    const folder = at.endsWith("/") ? at : `${at}/`;
    const base = uri === undefined || uri.endsWith("/") ? (uri ?? "") : `${uri}/`;
    const integration: Integration = {
      ...target,
      type: type ?? "http_proxy",
      httpMethod: "ANY",
      passthroughBehavior: passthroughBehaviour ?? "when_no_match",
    };
    const any = documentMethod("ANY");
    this.addOperation(folder, any, route, { ...integration, uri: base });
    this.addOperation(`${folder}{proxy+}`, any, route, {
      ...integration,
      uri: `${base}{proxy}`,
      requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" },
    });
  }
}

function functionIntegration(functionName: unknown): Integration {
  return { type: "aws_proxy", httpMethod: "POST", uri: invocationsOf(functionName) };
}

function invocationsOf(functionName: unknown): string {
  return `arn:aws:apigateway:region:lambda:path/2015-03-31/functions/${functionName}/invocations`;
}

function schemeOf(authorizer: Settings): SecurityScheme {
  const { authType, handler, identitySource, parameterLocation, parameterName, type, providerARNs } = authorizer;
  const sources = Array.isArray(identitySource) ? identitySource.join(", ") : "";
  return {
    type: "apiKey",
    in: asText(parameterLocation) ?? "header",
    name: asText(parameterName),
    "x-amazon-apigateway-authtype": asText(authType) ?? "custom",
    "x-amazon-apigateway-authorizer": {
      type: Array.isArray(providerARNs) ? "cognito_user_pools" : asText(type),
      authorizerUri: handler === undefined ? undefined : invocationsOf(handler),
      identitySource: sources,
      identityValidationExpression: asText(authorizer.identityValidationExpression),
      authorizerResultTtlInSeconds: asNumber(authorizer.authorizerResultTtlInSeconds),
      providerARNs: providerARNs === undefined ? undefined : asTexts(providerARNs),
    },
  };
}
