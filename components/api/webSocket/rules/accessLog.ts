/**
 * The fields of an access log line: as for REST APIs, each is quoted, and none has text that callers can choose, because
 * API Gateway does not escape the values.
 * @see "Monitor the performance of WebSocket API execution", under "Set up WebSocket API logging"
 */
const fields = {
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  requestTime: "$context.requestTime",
  sourceIp: "$context.identity.sourceIp",
  caller: "$context.identity.userArn",
  connectionId: "$context.connectionId",
  eventType: "$context.eventType",
  routeKey: "$context.routeKey",
  status: "$context.status",
  errorType: "$context.error.responseType",
  integrationRequestId: "$context.integration.requestId",
  integrationStatus: "$context.integration.status",
  integrationLatency: "$context.integration.latency",
};

/** The format of access logs: JSON, one line per message, connection and disconnection. */
export const accessLogFormat = JSON.stringify(fields);
