/** Queries of the access logs of APIs, in the format that the components write, by their names. */
export const apiQueries: Record<string, string> = {
  "slow requests": `fields @timestamp, httpMethod, coalesce(resourcePath, routeKey) as route, status, responseLatency, integrationLatency, requestId
| filter responseLatency >= 1000
| sort responseLatency desc
| limit 100`,
  "errors by route": `fields coalesce(resourcePath, routeKey) as route
| filter status >= 400
| stats count(*) as responses by httpMethod, route, status, errorType
| sort responses desc`,
};

/**
 * Queries of the logs of functions in JSON, by their names.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 */
export const functionQueries: Record<string, string> = {
  errors: `fields @timestamp, @log, @message
| filter level in ["ERROR", "FATAL"] or (type = "platform.report" and record.status != "success")
| sort @timestamp desc
| limit 100`,
  "cold starts": `filter type = "platform.report" and ispresent(record.metrics.initDurationMs)
| stats count(*) as coldStarts, avg(record.metrics.initDurationMs) as averageMs, max(record.metrics.initDurationMs) as slowestMs by @log
| sort coldStarts desc`,
  "unused memory": `filter type = "platform.report"
| stats max(record.metrics.memorySizeMB) as givenMB, max(record.metrics.maxMemoryUsedMB) as usedMB, givenMB - usedMB as unusedMB, count(*) as calls by @log
| sort unusedMB desc`,
};
