import { AwsError } from "../core/awsError";
import { asText } from "../core/resources";
import { JSON_1_1, type Service, speakJson, targetOf } from "../core/service";
import type { Input } from "../core/types";
import { JobLogs } from "./logs";

/**
 * The part of CloudWatch Logs for jobs: GetLogEvents of an attempt's stream. The log group is ignored.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
export class LogsService extends JobLogs implements Service {
  readonly signingNames = ["logs"];
  readonly handle = speakJson<JobLogs>(this, {
    name: "logs",
    operations: { GetLogEvents: getLogEvents },
    read: (request) => ({ operation: targetOf(request) }),
    malformed: "SerializationException",
    contentType: JSON_1_1,
  });
}

function getLogEvents(logs: JobLogs, { logStreamName }: Input): object {
  const events = logs.read(asText(logStreamName) ?? "");
  if (!events) {
    const message = `No job has written to the log stream "${logStreamName}", or its log is no longer kept`;
    throw new AwsError("ResourceNotFoundException", message);
  }
  const position = `f/${events.at(-1)?.timestamp}`;
  const shown = events.map((event) => ({ ...event, ingestionTime: event.timestamp }));
  return { events: shown, nextForwardToken: position, nextBackwardToken: position };
}
