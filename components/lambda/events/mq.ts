import type * as pulumi from "@pulumi/pulumi";
import { type BrokerSecretArgs, brokerNetworkStatement, secretStatements } from "./broker";
import { checkFilters } from "./filters";
import { createMapping, type MappingArgs } from "./mapping";
import type { EventSource } from "./source";

/**
 * The messages of a queue of Amazon MQ, ActiveMQ or RabbitMQ. A batch that the function fails on is delivered again: how
 * often, and what then becomes of its messages, only the broker's own settings say.
 */
export interface MqEventArgs extends MappingArgs, BrokerSecretArgs {
  /** ARN of the broker. */
  brokerArn: pulumi.Input<string>;
  /** The queue's name, 1–1,000 characters. @minLength 1 @maxLength 1000 */
  queue: string;
  /** The virtual host in RabbitMQ, 1–200 characters. @minLength 1 @maxLength 200 @default "/" in RabbitMQ */
  virtualHost?: string;
  /** Most messages in a call, 1–10,000. @minimum 1 @maximum 10000 @unit messages @default 100 */
  batchSize?: number;
  /** Seconds to wait for a full batch, 0–300. @minimum 0 @maximum 300 @unit seconds @default half a second */
  batchWindow?: number;
}

export const mqSource: EventSource<MqEventArgs> = {
  check(mistakes, args, path) {
    checkFilters(mistakes, args, path);
    const { brokerArn } = args;
    if (typeof brokerArn !== "string") return;
    const isBroker = /^arn:[\w-]+:mq:[^:]*:[^:]*:broker:[\w-]+:b-[\w-]+$/.test(brokerArn);
    mistakes.check(isBroker, `${path}.brokerArn`, `is "${brokerArn}"; write the ARN of a broker`);
  },
  statements(args) {
    return [
      { actions: ["mq:DescribeBroker"], resources: [args.brokerArn] },
      ...secretStatements(args),
      brokerNetworkStatement,
    ];
  },
  create(name, args, wiring) {
    const { brokerArn, queue, virtualHost, batchSize = 100, batchWindow, secretArn } = args;
    const host = virtualHost === undefined ? [] : [{ type: "VIRTUAL_HOST", uri: virtualHost }];
    const settings = {
      eventSourceArn: brokerArn,
      queues: queue,
      batchSize,
      maximumBatchingWindowInSeconds: batchWindow,
      sourceAccessConfigurations: [{ type: "BASIC_AUTH", uri: secretArn }, ...host],
    };
    return { connect: (ready) => createMapping(name, args, settings, wiring, ready) };
  },
};
