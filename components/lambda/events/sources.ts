import type { FunctionEventArgs } from "./args";
import { bucketSource } from "./bucket";
import { cognitoSource } from "./cognito";
import { iotSource } from "./iot";
import { kafkaSource } from "./kafka";
import { loadBalancerSource } from "./loadBalancer";
import { logsSource } from "./logs";
import { mqSource } from "./mq";
import { queueSource } from "./queue";
import { ruleSource } from "./rule";
import { scheduleSource } from "./schedule";
import type { DeadLetterArgs, EventSource } from "./source";
import { streamSource } from "./stream";
import { topicSource } from "./topic";

type Sources = { [Kind in keyof FunctionEventArgs]-?: EventSource<NonNullable<FunctionEventArgs[Kind]>> };

/** The source behind each property of an event's arguments. */
const sources: Sources = {
  stream: streamSource,
  queue: queueSource,
  topic: topicSource,
  bucket: bucketSource,
  rule: ruleSource,
  schedule: scheduleSource,
  logs: logsSource,
  cognito: cognitoSource,
  iot: iotSource,
  kafka: kafkaSource,
  mq: mqSource,
  loadBalancer: loadBalancerSource,
};

/** One event of a function, with its source. */
export interface FunctionEvent {
  /** Its name. */
  event: string;
  /** The property that it is given with. */
  kind: string;
  source: EventSource<DeadLetterArgs>;
  args: DeadLetterArgs;
}

/** What events of a function consist of: one of each, unless there is a mistake. */
export function eventsOf(events: Record<string, FunctionEventArgs> = {}): FunctionEvent[] {
  return Object.entries(events).flatMap(([event, given]) =>
    kindsOf(given).map((kind) => ({
      event,
      kind,
      source: sources[kind] as EventSource<DeadLetterArgs>,
      args: given[kind] as DeadLetterArgs,
    })),
  );
}

/** The properties that are given, in the order of the sources. */
export function kindsOf(given: FunctionEventArgs): (keyof FunctionEventArgs)[] {
  return eventKinds.filter((kind) => given[kind] !== undefined);
}

export const eventKinds = Object.keys(sources) as (keyof FunctionEventArgs)[];
