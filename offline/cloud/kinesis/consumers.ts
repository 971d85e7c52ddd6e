import { account } from "../../engine/context";
import { AwsError } from "../core/awsError";
import { readPage } from "./describe";
import { invalid } from "./errors";
import type { Consumer } from "./state";
import type { Stream } from "./stream";
import type { Streams } from "./streams";
import { tokenOf } from "./tokens";

type ConsumerReference = { StreamARN?: string; ConsumerName?: string; ConsumerARN?: string };
type ListInput = { StreamARN: string; NextToken?: string; MaxResults?: number };

/** Of a stream that is provisioned or on demand without On-demand Advantage. */
const MAX_CONSUMERS = 20;
const DEFAULT_PAGE = 100;

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RegisterStreamConsumer.html */
export function registerConsumer(
  streams: Streams,
  input: { StreamARN: string; ConsumerName: string; Tags?: Record<string, string> },
): object {
  const { ConsumerName: name, Tags: tags = {} } = input;
  const stream = streams.find(input);
  const { consumers } = stream.state;
  if (consumers.some((one) => one.name === name)) {
    const message = `Consumer ${name} under stream ${stream.name} already exists for account ${account}.`;
    throw new AwsError("ResourceInUseException", message);
  }
  if (consumers.length >= MAX_CONSUMERS) {
    const message = `Stream ${stream.name} has ${MAX_CONSUMERS} registered consumers, the most that it can have.`;
    throw new AwsError("LimitExceededException", message);
  }
  const created = Date.now();
  const arn = `${stream.arn}/consumer/${name}:${Math.floor(created / 1000)}`;
  const consumer = { name, arn, created, tags };
  stream.change({ consumers: [...consumers, consumer] });
  return { Consumer: show(consumer) };
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeregisterStreamConsumer.html */
export function deregisterConsumer(streams: Streams, input: ConsumerReference): void {
  const { stream, consumer } = find(streams, input);
  stream.change({ consumers: stream.state.consumers.filter((one) => one !== consumer) });
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamConsumer.html */
export function describeConsumer(streams: Streams, input: ConsumerReference): object {
  const { stream, consumer } = find(streams, input);
  return { ConsumerDescription: { ...show(consumer), StreamARN: stream.arn } };
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreamConsumers.html */
export function listConsumers(streams: Streams, input: ListInput): object {
  const { NextToken, MaxResults = DEFAULT_PAGE } = input;
  const after = NextToken === undefined ? "" : readPage<{ consumer: string }>(NextToken, "consumer").consumer;
  const consumers = streams.find(input).state.consumers.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const rest = consumers.filter(({ name }) => name > after);
  const page = rest.slice(0, MaxResults);
  return {
    Consumers: page.map(show),
    ...(page.length < rest.length && { NextToken: tokenOf({ consumer: page.at(-1)?.name }) }),
  };
}

function find(streams: Streams, input: ConsumerReference): { stream: Stream; consumer: Consumer } {
  const { StreamARN, ConsumerName, ConsumerARN } = input;
  if (ConsumerARN === undefined && (StreamARN === undefined || ConsumerName === undefined)) {
    throw invalid("Either ConsumerARN, or both StreamARN and ConsumerName, must be given.");
  }
  if (ConsumerARN !== undefined) return streams.findConsumer(ConsumerARN);
  const stream = streams.find({ StreamARN });
  const consumer = stream.state.consumers.find(({ name }) => name === ConsumerName);
  if (consumer) return { stream, consumer };
  const message = `Consumer ${ConsumerName} under stream ${stream.name} not found for account ${account}.`;
  throw new AwsError("ResourceNotFoundException", message);
}

function show({ name, arn, created }: Consumer): object {
  return {
    ConsumerName: name,
    ConsumerARN: arn,
    ConsumerStatus: "ACTIVE",
    ConsumerCreationTimestamp: Math.floor(created / 1000) * 1000,
  };
}
