import { gzipSync } from "node:zlib";
import { account } from "../../engine/context";
import type { Graph } from "../../engine/graph";
import { serviceOf } from "../core/arns";
import type { Events } from "../core/events";
import { asText, ownResources } from "../core/resources";
import type { Service } from "../core/service";
import type { Change } from "../core/types";
import { filterPattern } from "./filterPattern";
import { functionGroups, type LogStream, type Logs, textOf } from "./logs";
import { eventIdOf } from "./service";

interface SubscriptionOptions {
  logs: Logs;
  events: Pick<Events, "deliver">;
}

interface Subscription {
  name: string;
  group: string;
  arn: string;
  matches(message: string): boolean;
}

/** What is written within this time goes to a subscriber together. */
const BATCH_MILLISECONDS = 50;

/**
 * The subscription filters of log groups: functions get what is written, as CloudWatch Logs sends it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export class Subscriptions implements Service {
  problems: string[] = [];
  private subscriptions: Subscription[] = [];
  private readonly waiting = new Map<string, { stream: LogStream; events: LogStream["events"]; to: Subscription }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: SubscriptionOptions) {
    options.logs.listener = (stream, events) => this.take(stream, events);
  }

  reconcile(graph: Graph): Change[] {
    this.problems = [];
    const groups = functionGroups(graph);
    this.subscriptions = ownResources(graph, "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter").flatMap(
      ({ name: resource, settings }) => {
        const arn = asText(settings.destinationArn) ?? "";
        const group = asText(settings.logGroup) ?? "";
        const name = asText(settings.name) ?? resource;
        try {
          if (serviceOf(arn) !== "lambda") throw new Error(`only functions are, and its destination is ${arn}`);
          if (groups.get(arn) === group) throw new Error("the function would get what it prints itself, without end");
          return [{ name, group, arn, matches: filterPattern(asText(settings.filterPattern) ?? "") }];
        } catch (error) {
          this.problems.push(`The log subscription ${resource} is not served: ${(error as Error).message}`);
          return [];
        }
      },
    );
    return [];
  }

  close(): void {
    clearTimeout(this.timer);
    this.options.logs.listener = undefined;
  }

  private take(stream: LogStream, events: LogStream["events"]): void {
    for (const to of this.subscriptions) {
      if (to.group !== stream.group) continue;
      const matching = events.filter((event) => to.matches(textOf(event)));
      if (matching.length === 0) continue;
      const key = JSON.stringify([to.name, stream.group, stream.name]);
      const batch = this.waiting.get(key) ?? { stream, events: [], to };
      batch.events.push(...matching);
      this.waiting.set(key, batch);
      this.timer ??= setTimeout(() => this.flush(), BATCH_MILLISECONDS).unref();
    }
  }

  private flush(): void {
    this.timer = undefined;
    const batches = [...this.waiting.values()];
    this.waiting.clear();
    for (const { stream, events, to } of batches) {
      const message = {
        messageType: "DATA_MESSAGE",
        owner: account,
        logGroup: stream.group,
        logStream: stream.name,
        subscriptionFilters: [to.name],
        logEvents: events.map((event) => ({
          id: eventIdOf(event.id),
          timestamp: event.timestamp,
          message: textOf(event),
        })),
      };
      const payload = JSON.stringify({ awslogs: { data: gzipSync(JSON.stringify(message)).toString("base64") } });
      void this.options.events.deliver(to.arn, payload, { from: `log group ${stream.group}` });
    }
  }
}
