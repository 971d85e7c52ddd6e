import type { IncomingHttpHeaders } from "node:http";
import { type Answer, commonLogTime } from "../../core/answer";
import type { Caller } from "../../core/iam/caller";
import type { Trace } from "../../core/trace";

/** A request that a stage of an API has received. */
export interface GatewayRequest {
  /** A UUID, which the caller gets as `x-amzn-RequestId`. */
  id: string;
  /** Time of arrival, in milliseconds since 1970. */
  time: number;
  trace: Trace;
  method: string;
  /** As sent, without the stage, the query, and duplicate slashes at its beginning. */
  path: string;
  /** The stage and the path as sent, such as `/Prod//items`. */
  stagePath: string;
  /** As sent, with everything that the signature covers. */
  url: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Alternating names and values, as sent. */
  rawHeaders: string[];
  body: Buffer;
  sourceIp: string;
  protocol: string;
  stage: { name: string; variables: Record<string, string>; deploymentId?: string; isCanary?: boolean };
  api: { id: string; account: string; region: string; resourceIds: Record<string, string> };
  /** The path of the API's resource, such as `/items/{id}`; `/` until it is found. */
  resourcePath: string;
  pathParameters: Record<string, string>;
  /** The id of the operation that serves it, if the document names one. */
  operationId?: string;
  /** The function that it was passed to. */
  invoked?: string;
  /** The tenant for whom the function is called, if the integration maps one. */
  tenantId?: string;
  /** Who signed the request, if its route requires a signature. */
  caller?: Caller;
  /** What the authorizer said about the caller, if its route has one: a Lambda authorizer's context, or a token's claims. */
  authorizer?: Record<string, string | Record<string, string>>;
  /** The API key that the authorizer named. */
  usageIdentifierKey?: string;
  /** The API key that was used, if its route requires one. */
  apiKey?: { id: string; value: string };
}

/** The headers, and the defaults for names that are missing. */
export function withDefaults(defaults: Answer["headers"], headers: Answer["headers"]): Answer["headers"] {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  return [...defaults.filter(([name]) => !given.has(name.toLowerCase())), ...headers];
}

/**
 * The request's context, as templates, parameter mappings and functions see it.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function contextOf(request: GatewayRequest) {
  const { id, time, method, headers, sourceIp, protocol, stage, api, resourcePath, caller } = request;
  const { apiKey, authorizer, operationId } = request;
  return {
    accountId: api.account,
    apiId: api.id,
    ...(authorizer && { authorizer }),
    deploymentId: stage.deploymentId ?? "offline",
    domainName: headers.host ?? "",
    domainPrefix: api.id,
    extendedRequestId: extendedIdOf(id),
    httpMethod: method,
    identity: {
      accessKey: caller?.accessKeyId ?? null,
      accountId: caller ? api.account : null,
      caller: caller?.userId ?? null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp,
      user: caller?.userId ?? null,
      userAgent: headers["user-agent"] ?? null,
      userArn: caller?.arn ?? null,
      ...(apiKey && { apiKey: apiKey.value, apiKeyId: apiKey.id }),
    },
    ...(stage.isCanary !== undefined && { isCanaryRequest: stage.isCanary }),
    ...(operationId !== undefined && { operationName: operationId }),
    path: request.stagePath,
    protocol,
    requestId: id,
    requestTime: commonLogTime(time),
    requestTimeEpoch: time,
    resourceId: api.resourceIds[resourcePath] ?? resourcePath,
    resourcePath,
    stage: stage.name,
  };
}

/** The id that a caller gets as `x-amz-apigw-id`, such as `JKJaXmPLvHcESHA=`. */
export function extendedIdOf(id: string): string {
  return `${Buffer.from(id.replaceAll("-", "").slice(0, 22), "hex").toString("base64url")}=`;
}
