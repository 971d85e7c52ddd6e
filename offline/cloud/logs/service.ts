import { ownArn } from "../core/arns";
import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { defineService } from "../core/defineService";
import { filterPattern } from "./filterPattern";
import { type LogEvent, type LogStream, type Logs, textOf } from "./logs";

type GroupInput = { logGroupName?: string; logGroupIdentifier?: string };
type StreamInput = GroupInput & { logStreamName: string };
type EventsInput = StreamInput & { startTime?: number; endTime?: number; limit?: number; startFromHead?: boolean };
type FilterInput = GroupInput & {
  logStreamNames?: string[];
  logStreamNamePrefix?: string;
  startTime?: number;
  endTime?: number;
  filterPattern?: string;
  limit?: number;
};

const MOST_EVENTS = 10_000;

/**
 * CloudWatch Logs, with what functions and jobs print and what callers put.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
 */
export const logs = defineService<Logs>(
  "logs",
  {
    CreateLogGroup: createLogGroup,
    CreateLogStream: createLogStream,
    DescribeLogGroups: describeLogGroups,
    DescribeLogStreams: describeLogStreams,
    FilterLogEvents: filterLogEvents,
    GetLogEvents: getLogEvents,
    PutLogEvents: putLogEvents,
  },
  { invalid: "InvalidParameterException" },
);

function createLogGroup(logs: Logs, { logGroupName = "" }: GroupInput): void {
  if (logs.createGroup(logGroupName)) return;
  throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
}

function createLogStream(logs: Logs, input: StreamInput): void {
  const group = demandGroup(logs, input);
  if (logs.find(group, input.logStreamName)) {
    throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
  }
  logs.open(group, input.logStreamName);
}

function describeLogGroups(
  logs: Logs,
  { logGroupNamePrefix = "", logGroupNamePattern = "" }: { logGroupNamePrefix?: string; logGroupNamePattern?: string },
  { page, scope }: OperationCall,
): object {
  const found = logs
    .listGroups()
    .filter(({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern));
  return page(found, {
    positionOf: ({ name }) => name,
    show: ({ name, created }) => ({
      logGroupName: name,
      creationTime: created,
      arn: `${arnOf(scope.region, name)}:*`,
      logGroupArn: arnOf(scope.region, name),
      storedBytes: logs.streamsOf(name).reduce((sum, { size }) => sum + size, 0),
    }),
  });
}

function describeLogStreams(
  logs: Logs,
  input: GroupInput & { logStreamNamePrefix?: string },
  { page, scope }: OperationCall,
): object {
  const group = demandGroup(logs, input);
  const found = logs.streamsOf(group).filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ""));
  return page(found, {
    positionOf: ({ name }) => name,
    show: ({ name, created, events }: LogStream) => ({
      logStreamName: name,
      creationTime: created,
      arn: `${arnOf(scope.region, group)}:log-stream:${name}`,
      firstEventTimestamp: events[0]?.timestamp,
      lastEventTimestamp: events.at(-1)?.timestamp,
      lastIngestionTime: events.at(-1)?.timestamp,
    }),
  });
}

/** The stream of a job is found whatever its group. */
function getLogEvents(logs: Logs, input: EventsInput): object {
  const { logStreamName, startTime = 0, endTime = Number.POSITIVE_INFINITY, limit = MOST_EVENTS } = input;
  const stream = logs.find(groupOf(input), logStreamName) ?? logs.findByName(logStreamName);
  if (!stream) {
    const message = `Nothing has written to the log stream "${logStreamName}", or its log is no longer kept`;
    throw new AwsError("ResourceNotFoundException", message);
  }
  const within = stream.events.filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
  const position = `f/${stream.events.at(-1)?.timestamp}`;
  const events = (input.startFromHead ? within.slice(0, limit) : within.slice(-limit)).map((event) => {
    return { timestamp: event.timestamp, message: textOf(event), ingestionTime: event.timestamp };
  });
  return { events, nextForwardToken: position, nextBackwardToken: position };
}

function filterLogEvents(logs: Logs, input: FilterInput, { page }: OperationCall): object {
  const group = demandGroup(logs, input);
  const { logStreamNames, logStreamNamePrefix = "", startTime = 0, endTime = Number.POSITIVE_INFINITY } = input;
  const matches = patternOf(input.filterPattern);
  const found = logs
    .streamsOf(group)
    .filter(({ name }) => name.startsWith(logStreamNamePrefix) && (logStreamNames?.includes(name) ?? true))
    .flatMap(({ name, events }) => events.map((event) => ({ event, logStreamName: name })))
    .filter(({ event }) => event.timestamp >= startTime && event.timestamp <= endTime && matches(textOf(event)));
  return page(found, {
    most: MOST_EVENTS,
    positionOf: ({ event }) => event.id,
    show: ({ logStreamName, event }) => ({
      logStreamName,
      timestamp: event.timestamp,
      message: textOf(event),
      ingestionTime: event.timestamp,
      eventId: eventIdOf(event.id),
    }),
  });
}

function putLogEvents(logs: Logs, input: StreamInput & { logEvents: LogEvent[] }): object {
  const { logEvents, logStreamName } = input;
  const group = demandGroup(logs, input);
  if (!logs.find(group, logStreamName)) {
    throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  }
  if (logEvents.some((event, index) => event.timestamp < (logEvents[index - 1]?.timestamp ?? 0))) {
    const message = "Log events in a single PutLogEvents request must be in chronological order.";
    throw new AwsError("InvalidParameterException", message);
  }
  logs.add(group, logStreamName, logEvents);
  return { nextSequenceToken: eventIdOf(0) };
}

/** The id of an event, which grows with each event. */
export function eventIdOf(id: number): string {
  return String(id).padStart(56, "0");
}

/** @throws AwsError InvalidParameterException */
function patternOf(text: string | undefined): (message: string) => boolean {
  try {
    return filterPattern(text ?? "");
  } catch (error) {
    throw new AwsError("InvalidParameterException", `Invalid filter pattern: ${(error as Error).message}`);
  }
}

/** The group's name, which may be given as an ARN. */
function groupOf({ logGroupName, logGroupIdentifier = "" }: GroupInput): string {
  return logGroupName ?? logGroupIdentifier.replace(/^arn:[^:]*:logs:[^:]*:\d*:log-group:/, "").replace(/:\*$/, "");
}

function demandGroup(logs: Logs, input: GroupInput): string {
  const group = groupOf(input);
  if (logs.listGroups().some(({ name }) => name === group)) return group;
  throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
}

function arnOf(region: string, group: string): string {
  return ownArn("logs", region, `log-group:${group}`);
}
