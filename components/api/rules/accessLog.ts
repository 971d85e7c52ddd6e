/**
 * The fields of an access log line, without the route. API Gateway inserts values without escaping them, so a quote in a value breaks the
 * line. The fields therefore hold no text that callers can choose: the path is the route's, not the request's, and the
 * user agent, error messages and validation errors are left out; callers may choose the request's id, but only as a
 * UUID. Each value is quoted, because an absent one is written as `-`.
 * @see "Variables for access logging for API Gateway" and "Access logging for REST APIs"
 * @see https://github.com/DataBiosphere/azul/issues/4348
 */
const caller = {
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  requestTime: "$context.requestTime",
  sourceIp: "$context.identity.sourceIp",
  caller: "$context.identity.userArn",
  httpMethod: "$context.httpMethod",
};

const outcome = {
  status: "$context.status",
  errorType: "$context.error.responseType",
  protocol: "$context.protocol",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  integrationRequestId: "$context.integration.requestId",
  integrationStatus: "$context.integration.status",
  integrationLatency: "$context.integration.latency",
};

/** The format of a REST API's access logs: JSON, one line per request. */
export const accessLogFormat = JSON.stringify({
  ...caller,
  resourcePath: "$context.resourcePath",
  ...outcome,
  traceId: "$context.xrayTraceId",
});

/** The same for an HTTP API. @see "Customize HTTP API access logs" */
export const httpAccessLogFormat = JSON.stringify({ ...caller, routeKey: "$context.routeKey", ...outcome });
