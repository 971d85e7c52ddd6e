import * as kinesis from "@pulumi/aws/kinesis";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import { alarm } from "../../observability/alarms";
import { ComponentResource } from "../../resource";
import type { Mistakes } from "../../validation";
import { keyStatements } from "../key";
import { consumerActions, eventStreamActions, keyActions } from "../rules/actions";
import type { EventStreamArgs } from "./args";

/** How a function may use a stream. */
export type EventStreamAccessLevel = "write" | "read";

/** Which environment variable `access()` sets. */
export interface EventStreamAccessOptions {
  /** The environment variable that holds the stream's name. @default "STREAM_NAME" */
  environmentName?: string;
}

/** A Kinesis data stream: on demand, encrypted, with alarms on slow readers and refused writes. */
export class EventStream extends ComponentResource<EventStreamArgs, EventStream> {
  /** The stream's ARN, which a function's events name. */
  declare readonly streamArn: pulumi.Output<string>;
  /** The stream's name. */
  declare readonly streamName: pulumi.Output<string>;
  /** ARNs of the consumers with enhanced fan-out, by their names. */
  declare readonly consumerArns: Record<string, pulumi.Output<string>>;
  /** The stream itself. */
  declare readonly stream: kinesis.Stream;
  /** What `access("write")` returns, for other languages. */
  declare readonly writeAccess: FunctionAccess;
  /** What `access("read")` returns, for other languages. */
  declare readonly readAccess: FunctionAccess;
  /** The customer key. */
  declare readonly kmsKeyArn?: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: EventStreamArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["streamArn", "streamName", "consumerArns"] as const;
    super({ type: "EventStream", rules: checkStream, outputs, optionalOutputs: ["kmsKeyArn"] }, name, args, opts);
  }

  protected create(name: string, args: EventStreamArgs): void {
    const { kmsKeyArn, consumers = [], tags } = args;
    if (kmsKeyArn !== undefined) this.set({ kmsKeyArn: pulumi.output(kmsKeyArn) });
    const stream = this.createStream(name, args);
    this.set({ stream, streamArn: stream.arn, streamName: stream.name });
    const registered = consumers.map((consumer) => {
      const own = { streamArn: stream.arn, tags };
      return [consumer, new kinesis.StreamConsumer(`${name}-${consumer}`, own, { parent: this }).arn] as const;
    });
    this.set({ consumerArns: Object.fromEntries(registered) });
    this.set({ writeAccess: this.access("write"), readAccess: this.access("read") });
    this.createAlarms(name, args);
  }

  /**
   * What a function or job needs to use the stream: pass it to `access` of a LambdaFunction. A function whose `events`
   * name the stream needs none.
   */
  access(level: EventStreamAccessLevel, options: EventStreamAccessOptions = {}): FunctionAccess {
    const { environmentName = "STREAM_NAME" } = options;
    const consumers = level === "read" ? Object.values(this.consumerArns) : [];
    return {
      environment: { [environmentName]: this.streamName },
      statements: [
        { actions: eventStreamActions[level], resources: [this.streamArn] },
        ...(consumers.length > 0 ? [{ actions: consumerActions, resources: consumers }] : []),
        ...keyStatements("kinesis", this.streamArn, this.kmsKeyArn, keyActions[level]),
      ],
    };
  }

  private createStream(name: string, args: EventStreamArgs): kinesis.Stream {
    const { shards, retentionHours = 24, maximumRecordSize = 1024, kmsKeyArn, tags, streamArgs } = args;
    return new kinesis.Stream(
      name,
      {
        tags,
        ...streamArgs,
        streamModeDetails: { streamMode: shards === undefined ? "ON_DEMAND" : "PROVISIONED" },
        shardCount: shards,
        retentionPeriod: retentionHours,
        maxRecordSizeInKib: maximumRecordSize,
        encryptionType: "KMS",
        kmsKeyId: kmsKeyArn ?? "alias/aws/kinesis",
      },
      this.guarded(),
    );
  }

  private createAlarms(name: string, { alarmTopicArns = [], alarmLag = 300, tags }: EventStreamArgs): void {
    if (alarmTopicArns.length === 0) return;
    const opts = { parent: this };
    const metrics = { namespace: "AWS/Kinesis", dimensions: { StreamName: this.streamName }, tags };
    const lag = { description: `Reading of ${name} lags behind`, metric: "GetRecords.IteratorAgeMilliseconds" };
    const threshold = alarmLag * 1000;
    alarm(`${name}-iterator-age`, { ...metrics, ...lag, statistic: "Maximum", threshold }, alarmTopicArns, opts);
    const refused = { description: `${name} refused records`, metric: "WriteProvisionedThroughputExceeded" };
    alarm(`${name}-throttles`, { ...metrics, ...refused, threshold: 1 }, alarmTopicArns, opts);
  }
}

const wiredUp: Record<string, string> = {
  encryptionType: "`kmsKeyArn`",
  kmsKeyId: "`kmsKeyArn`",
  maxRecordSizeInKib: "`maximumRecordSize`",
  retentionPeriod: "`retentionHours`",
  shardCount: "`shards`",
  streamModeDetails: "`shards`",
};

/** Adds every mistake in a stream's arguments. */
function checkStream(mistakes: Mistakes, { consumers = [], streamArgs }: EventStreamArgs, name: string): void {
  mistakes.componentName(name, 128, /^[\w.-]+$/, "letters, digits, `_`, `.` and `-`");
  for (const [index, consumer] of consumers.entries()) {
    const path = `consumers[${index}]`;
    mistakes.check(consumers.indexOf(consumer) === index, path, `"${consumer}" is taken by another; write each once`);
    mistakes.from("name").autoName(`${name}-${consumer}`, path, 128);
  }
  for (const key of Object.keys(streamArgs ?? {})) {
    const own = wiredUp[key];
    if (own) mistakes.add(`streamArgs.${key}`, `write the component's ${own} instead`);
  }
}
