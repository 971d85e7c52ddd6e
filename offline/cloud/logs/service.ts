import { readBody } from "../core/body";
import { answerJson, JSON_1_1 } from "../core/json";
import { refuse } from "../core/refusal";
import { asMap, asText } from "../core/resources";
import type { Service } from "../core/types";
import type { JobLogs } from "./logs";

/**
 * CloudWatch Logs as far as jobs go: GetLogEvents of the stream that an attempt names. The group is not looked at.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
export function createLogs(logs: JobLogs): Service {
  return async (request, response) => {
    const operation = String(request.headers["x-amz-target"] ?? "").replace(/^Logs_\d+\./, "");
    if (operation !== "GetLogEvents") {
      const message = `logs ${operation} is not emulated offline, only GetLogEvents of jobs is. Point logs elsewhere with --endpoint logs=http://HOST:PORT`;
      return refuse(request, response, 501, "NotEmulated", message);
    }
    const { logStreamName } = asMap(JSON.parse((await readBody(request)).toString()));
    const events = logs.read(asText(logStreamName) ?? "");
    if (!events) {
      const message = `No job has written to the log stream "${logStreamName}", or it is forgotten`;
      return refuse(request, response, 400, "ResourceNotFoundException", message);
    }
    const position = `f/${events.at(-1)?.timestamp}`;
    const shown = events.map((event) => ({ ...event, ingestionTime: event.timestamp }));
    answerJson(response, { events: shown, nextForwardToken: position, nextBackwardToken: position }, JSON_1_1);
  };
}
