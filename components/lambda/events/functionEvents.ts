import type * as sqs from "@pulumi/aws/sqs";
import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../../access";
import { alarmOnDeadLetters, createDeadLetterQueue } from "../../messaging/deadLetters";
import { createQueuePolicy } from "../../messaging/senders";
import { alarm } from "../../observability/alarms";
import type { FunctionEventArgs } from "./args";
import type { Wiring } from "./source";
import { eventsOf, type FunctionEvent } from "./sources";

/** The arguments of a function that concern its events. */
interface Settings extends Pick<Wiring, "permissionsBoundary" | "tags"> {
  events?: Record<string, FunctionEventArgs>;
  onFailure?: unknown;
  alarmTopicArns?: pulumi.Input<string>[];
}

/** The events that call a function, and what becomes of those that it finally fails on. */
export class FunctionEvents {
  /** Keeps what is not delivered, or finally not processed, and has no other destination. Undefined if nothing does. */
  readonly deadLetters?: sqs.Queue;
  /** Whether Lambda itself would drop events that the function fails on, so that they must be dead letters. */
  readonly keepsFailures: boolean;
  private readonly events: FunctionEvent[];

  constructor(
    private readonly name: string,
    private readonly settings: Settings,
    private readonly opts: { parent: pulumi.Resource },
    /** The options of the queue, which holds data. */
    guarded: pulumi.CustomResourceOptions,
  ) {
    this.events = eventsOf(settings.events);
    this.keepsFailures = settings.onFailure === undefined && this.events.some(({ source }) => source.isAsynchronous);
    const lacks = ({ source, args }: FunctionEvent) => source.hasDeadLetters && args.deadLetterArn === undefined;
    if (!this.keepsFailures && !this.events.some(lacks)) return;
    this.deadLetters = createDeadLetterQueue(`${name}-dead-letters`, { tags: settings.tags }, guarded);
  }

  /** What the function's role must allow, so that its events can be read, and their dead letters sent. */
  statements(): { statements: pulumi.Input<Statement[]> }[] {
    return this.events.map(({ source, args }) => {
      return { statements: source.statements?.(args, this.deadLetterArn(args)) ?? [] };
    });
  }

  /**
   * Creates the events' sources, and lets them call the function.
   * @param ready what must exist before, so that no event is lost
   */
  connect(
    callee: Pick<Wiring, "functionArn" | "functionName" | "qualifier" | "timeout">,
    ready: pulumi.Resource[],
  ): void {
    const { name, opts, deadLetters, settings } = this;
    const { permissionsBoundary, tags, alarmTopicArns = [] } = settings;
    const connections = this.events.map(({ event, source, args }) => {
      const wiring = { ...callee, permissionsBoundary, tags, opts, deadLetterArn: this.deadLetterArn(args) };
      const { sender, ...connection } = source.create(`${name}-${event}`, args, wiring);
      return { ...connection, event, senders: sender && args.deadLetterArn === undefined ? [sender] : [] };
    });
    const senders = connections.flatMap((connection) => connection.senders);
    const open = deadLetters ? [createQueuePolicy(`${name}-dead-letters`, deadLetters, senders, opts)] : [];
    for (const { event, connect, alarms = {} } of connections) {
      connect([...ready, ...open]);
      if (alarmTopicArns.length === 0) continue;
      for (const [what, spec] of Object.entries(alarms)) {
        alarm(`${name}-${event}-${what}`, { ...spec, tags }, alarmTopicArns, opts);
      }
    }
    if (!deadLetters) return;
    const description = `Events of ${name} were not delivered or not processed; its dead letter queue contains them`;
    alarmOnDeadLetters(name, description, deadLetters.name, settings, opts);
  }

  private deadLetterArn(args: FunctionEvent["args"]): pulumi.Input<string> {
    return args.deadLetterArn ?? this.deadLetters?.arn ?? "";
  }
}
