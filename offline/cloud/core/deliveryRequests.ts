import { randomUUID } from "node:crypto";
import { serviceOf } from "./arns";
import { objectIn } from "./json";
import { withSmallInitial } from "./names";
import { asList, asMap, type Settings } from "./resources";

/** An attribute of a message of SQS or SNS. */
export interface DeliveryAttribute {
  DataType: string;
  StringValue?: string;
  /** In base64. */
  BinaryValue?: string;
}

/** What a delivery needs beside the payload, and what is known of it. */
export interface Delivery {
  /** Whose event it is, for the log. */
  from: string;
  /** What comes beside the payload in a message of SQS or SNS. @default none */
  attributes?: Record<string, DeliveryAttribute>;
  /** The fields around the payload in an event of EventBridge, which needs them. */
  envelope?: { Source: string; DetailType: string; Resources: string[] };
  /** Of a message of SNS. @default none */
  subject?: string;
  /** The message group, for a FIFO queue. */
  messageGroupId?: string;
  /** Of messages that a FIFO queue takes for the same. @default the queue derives it from the payload */
  messageDeduplicationId?: string;
  /** Under which key a bucket stores the payload; buckets need it. */
  key?: string;
  /** For a stream of Kinesis. @default a random one */
  partitionKey?: string;
  /** The job that a job queue of Batch gets, which needs it. */
  job?: { jobDefinition: string; jobName: string; arraySize?: number; attempts?: number };
  /** The log stream of a log group. @default a new one for each event */
  logStream?: string;
  /** Through how many functions or event buses the event has come. @default 0 */
  hops?: number;
}

/** A request that delivers a payload. */
export interface DeliveryRequest {
  service: string;
  /** @default "POST" */
  method?: string;
  /** @default "/" */
  path?: string;
  headers: Record<string, string>;
  body: string;
  /** What must have been done before it. @default nothing */
  before?: Omit<DeliveryRequest, "service">;
}

interface Target {
  arn: string;
  partition: string;
  region: string;
  account: string;
  /** What follows the account in the ARN. */
  resource: string;
}

type Requester = (target: Target, payload: string, delivery: Delivery) => Omit<DeliveryRequest, "service"> | undefined;

const requesters: Record<string, Requester> = {
  sqs: ({ partition, region, account, resource }, MessageBody, delivery) => {
    const { attributes = {}, messageGroupId, messageDeduplicationId } = delivery;
    const domain = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    const QueueUrl = `https://sqs.${region}.${domain}/${account}/${resource}`;
    const groups = { MessageGroupId: messageGroupId, MessageDeduplicationId: messageDeduplicationId };
    const input = { QueueUrl, MessageBody, MessageAttributes: attributes, ...groups };
    return json("1.0", "AmazonSQS.SendMessage", input);
  },
  sns: publish,
  kinesis: ({ arn }, payload, { partitionKey = randomUUID() }) =>
    json("1.1", "Kinesis_20131202.PutRecord", { StreamARN: arn, PartitionKey: partitionKey, Data: base64(payload) }),
  events: ({ arn }, payload, { envelope }) => {
    if (!envelope) return undefined;
    const entry = { ...envelope, Detail: payload, EventBusName: arn, Resources: [arn, ...envelope.Resources] };
    return json("1.1", "AWSEvents.PutEvents", { Entries: [entry] });
  },
  batch: ({ arn }, payload, { job }) =>
    job && {
      path: "/v1/submitjob",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(submission(arn, payload, job)),
    },
  s3: ({ resource }, body, { key }) =>
    key === undefined
      ? undefined
      : {
          method: "PUT",
          path: `/${resource}/${encodeURI(key)}`,
          headers: { "content-type": "application/json" },
          body,
        },
  logs: log,
  states: ({ arn }, input) => json("1.0", "AWSStepFunctions.StartExecution", { stateMachineArn: arn, input }),
  firehose: ({ resource }, payload) =>
    json("1.1", "Firehose_20150804.PutRecord", {
      DeliveryStreamName: resource.replace(/^deliverystream\//, ""),
      Record: { Data: base64(payload) },
    }),
};

function log({ resource }: Target, message: string, { logStream }: Delivery) {
  const stream = { logGroupName: resource.replace(/^log-group:|:\*$/g, ""), logStreamName: logStream ?? randomUUID() };
  return {
    before: logStream === undefined ? json("1.1", "Logs_20140328.CreateLogStream", stream) : undefined,
    ...json("1.1", "Logs_20140328.PutLogEvents", { ...stream, logEvents: [{ timestamp: Date.now(), message }] }),
  };
}

/** Attributes that are texts, with which services say in a dead letter what went wrong. */
export function textAttributes(texts: Record<string, string>): Record<string, DeliveryAttribute> {
  const entries = Object.entries(texts).map(([key, StringValue]) => [key, { DataType: "String", StringValue }]);
  return Object.fromEntries(entries);
}

/** Services that have requests here and no emulation: they answer only at an endpoint elsewhere. */
const ELSEWHERE = ["states", "firehose"];

/** The request that delivers a payload; undefined if the target, or how it is delivered to, is not supported. */
export function requestFor(arn: string, payload: string, delivery: Delivery): DeliveryRequest | undefined {
  const [, partition = "", service = "", region = "", account = "", ...rest] = arn.split(":");
  const requester = Object.hasOwn(requesters, service) ? requesters[service] : undefined;
  const request = requester?.({ arn, partition, region, account, resource: rest.join(":") }, payload, delivery);
  return request && { service, ...request };
}

/**
 * Why nothing can be delivered to a target, whatever the payload; undefined if something can.
 * @param endpoints where the requests of services are sent, by their signing names
 */
export function whyUnsupported(arn: string, endpoints: Record<string, string> = {}): string | undefined {
  const service = serviceOf(arn);
  if (Object.hasOwn(endpoints, service)) return undefined;
  if (ELSEWHERE.includes(service))
    return `${service} is not emulated: run it elsewhere, and give --endpoint ${service}=URL`;
  const supported = ["lambda", ...Object.keys(requesters).filter((one) => !ELSEWHERE.includes(one))];
  if (supported.includes(service)) return undefined;
  return `deliveries to ${service || "it"} are not emulated, only those to ${supported.join(", ")}`;
}

function publish({ arn }: Target, payload: string, { attributes = {}, subject }: Delivery) {
  const form = new URLSearchParams({ Action: "Publish", Version: "2010-03-31", TopicArn: arn, Message: payload });
  if (subject !== undefined) form.append("Subject", subject);
  Object.entries(attributes).forEach(([key, { DataType, StringValue, BinaryValue }], index) => {
    const entry = `MessageAttributes.entry.${index + 1}`;
    form.append(`${entry}.Name`, key);
    form.append(`${entry}.Value.DataType`, DataType);
    if (StringValue !== undefined) form.append(`${entry}.Value.StringValue`, StringValue);
    if (BinaryValue !== undefined) form.append(`${entry}.Value.BinaryValue`, BinaryValue);
  });
  return { headers: { "content-type": "application/x-www-form-urlencoded" }, body: form.toString() };
}

/**
 * The job of a target, with what the payload overrides, whose names begin with capitals as in `ContainerOverrides`.
 * @see https://docs.aws.amazon.com/batch/latest/userguide/batch-cwe-target.html
 */
function submission(jobQueue: string, payload: string, job: NonNullable<Delivery["job"]>): object {
  const { jobDefinition, jobName, arraySize, attempts } = job;
  const { Parameters, ContainerOverrides } = objectIn(payload);
  const { Command, Environment, ResourceRequirements } = asMap(ContainerOverrides);
  return {
    jobQueue,
    jobDefinition,
    jobName,
    ...(arraySize !== undefined && { arrayProperties: { size: arraySize } }),
    ...(attempts !== undefined && { retryStrategy: { attempts } }),
    ...(Parameters !== undefined && { parameters: Parameters }),
    ...(ContainerOverrides !== undefined && {
      containerOverrides: {
        command: Command,
        environment: asList(Environment).map(withSmallInitials),
        resourceRequirements: asList(ResourceRequirements).map(withSmallInitials),
      },
    }),
  };
}

function withSmallInitials(settings: Settings): Settings {
  const entries = Object.entries(settings);
  return Object.fromEntries(entries.map(([key, value]) => [withSmallInitial(key), value]));
}

function json(version: string, target: string, input: object) {
  const headers = { "content-type": `application/x-amz-json-${version}`, "x-amz-target": target };
  return { headers, body: JSON.stringify(input) };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
