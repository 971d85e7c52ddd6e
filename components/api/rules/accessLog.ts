/**
 * The fields of an access log line. API Gateway puts values into the format as they are, without escaping, so that a
 * quote in a value breaks the line. Only values are here that no caller can word: the path is the route's, not the
 * request's, and the user agent, the messages of errors and the validation's findings are left out; a caller may choose
 * the request's id, but only as a UUID. Each value stands in quotes, as one that is absent is written `-`.
 * @see "Variables for access logging for API Gateway" and "Access logging for REST APIs"
 * @see https://github.com/DataBiosphere/azul/issues/4348
 */
const fields = {
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  requestTime: "$context.requestTime",
  sourceIp: "$context.identity.sourceIp",
  caller: "$context.identity.userArn",
  httpMethod: "$context.httpMethod",
  resourcePath: "$context.resourcePath",
  status: "$context.status",
  errorType: "$context.error.responseType",
  protocol: "$context.protocol",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  integrationRequestId: "$context.integration.requestId",
  integrationStatus: "$context.integration.status",
  integrationLatency: "$context.integration.latency",
  traceId: "$context.xrayTraceId",
};

/** The format of access logs: JSON, one line a request. */
export const accessLogFormat = JSON.stringify(fields);
