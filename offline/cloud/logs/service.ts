import { AwsError } from "../core/awsError";
import { defineService } from "../core/defineService";
import type { JobLogs } from "./logs";

/** The part of CloudWatch Logs for jobs: an attempt's stream, whatever its log group. */
export const logs = defineService<JobLogs>(
  "logs",
  { GetLogEvents: getLogEvents },
  { invalid: "InvalidParameterException" },
);

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html */
function getLogEvents(logs: JobLogs, { logStreamName }: { logStreamName: string }): object {
  const events = logs.read(logStreamName);
  if (!events) {
    const message = `No job has written to the log stream "${logStreamName}", or its log is no longer kept`;
    throw new AwsError("ResourceNotFoundException", message);
  }
  const position = `f/${events.at(-1)?.timestamp}`;
  const shown = events.map((event) => ({ ...event, ingestionTime: event.timestamp }));
  return { events: shown, nextForwardToken: position, nextBackwardToken: position };
}
