import { SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { type Element, parseXml } from "../../../offline/cloud/core/protocol/xml";
import { type Message, md5 } from "../../../offline/cloud/sqs/message";
import { Queues } from "../../../offline/cloud/sqs/queues";
import { sqs } from "../../../offline/cloud/sqs/service";
import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { at } from "../clock";
import { type Fact, type Origin, recordedByLocalstack, testFacts } from "../facts";
import { closeServices, type ServedServices, serveServices } from "./core";
import { graphOf, resource } from "./graph";

export const RECORDED = { service: "SQS", source: recordedByLocalstack("2026-03") };

const ARN = "arn:aws:sqs:eu-west-1:123456789012:";
const URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/";

export const arnOf = (name: string) => `${ARN}${name}`;

export function queue(name: string, inputs: Properties = {}): Resource {
  const url = `${URL}${name}`;
  return resource("aws:sqs/queue:Queue", name, { name, ...inputs }, { id: url, url, arn: arnOf(name) });
}

/** A message whose body is its ID, for a queue that is called directly. */
export function messageOf(id: string, group = ""): Message {
  const now = Date.now();
  const system: Record<string, string> = group ? { MessageGroupId: group, MessageDeduplicationId: id } : {};
  return { ...{ id, body: id, md5: md5(id), attributes: {}, system }, sentAt: now, receiveCount: 0, visibleAt: now };
}

type Input = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: answers are compared as they are
type Output = any;

/** A caller that speaks one of the protocols. An error is thrown as `Code: message`. */
export interface Caller {
  protocol: "JSON" | "query";
  call(operation: string, input: Input): Promise<Output>;
  /** Makes a queue, and returns its URL. */
  make(attributes?: Record<string, string>): Promise<string>;
  /** What an operation is refused with. */
  refusal(operation: string, input: Input): Promise<string>;
}

let made = 0;

/** Serves queues alone. */
export async function serveSqs(...resources: Resource[]) {
  const queues = new Queues();
  queues.reconcile(graphOf("/project", ...resources));
  const served = await serveServices([sqs.serve(queues)]);
  return {
    queues,
    sdk: new SQSClient(served.client),
    callers: [callerOf("JSON", callJson(served)), callerOf("query", callQuery(served))],
    call: served.call,
  };
}

export const closeSqs = closeServices;

function callerOf(protocol: Caller["protocol"], call: Caller["call"]): Caller {
  return {
    protocol,
    call,
    make: async (Attributes = {}) => {
      const QueueName = `queue-${++made}${/true/i.test(Attributes.FifoQueue ?? "") ? ".fifo" : ""}`;
      return (await call("CreateQueue", { QueueName, Attributes })).QueueUrl;
    },
    refusal: (operation, input) =>
      call(operation, input).then(
        () => "it was not refused",
        ({ message }: Error) => message,
      ),
  };
}

function callJson({ call }: ServedServices): Caller["call"] {
  return async (operation, input) => {
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${operation}` };
    const { status, headers: answered, body } = await call({ service: "sqs", headers, body: JSON.stringify(input) });
    const answer = body ? JSON.parse(body) : {};
    if (status === 200) return answer;
    const [code] = String(answered["x-amzn-query-error"]).split(";");
    throw new Error(`${code}: ${answer.message}`);
  };
}

const LISTS: Record<string, string> = {
  AttributeNames: "AttributeName",
  MessageSystemAttributeNames: "MessageSystemAttributeName",
  MessageAttributeNames: "MessageAttributeName",
  TagKeys: "TagKey",
  AWSAccountIds: "AWSAccountId",
  Actions: "ActionName",
};
const MAPS: Record<string, [name: string, key: string]> = {
  Attributes: ["Attribute", "Name"],
  MessageAttributes: ["MessageAttribute", "Name"],
  MessageSystemAttributes: ["MessageSystemAttribute", "Name"],
  Tags: ["Tag", "Key"],
};

/** As the AWS SDKs wrote it before SQS took JSON. */
function callQuery({ call }: ServedServices): Caller["call"] {
  return async (Action, input) => {
    const form = new URLSearchParams({ Action, Version: "2012-11-05" });
    for (const [name, text] of parametersOf(Action, input, "")) form.append(name, text);
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    const { status, body } = await call({ service: "sqs", headers, body: form.toString() });
    const [first] = parseXml(body).children;
    if (status === 200) return first?.name === "ResponseMetadata" ? {} : readOutput(first);
    const { Code, Message, Detail } = Object.fromEntries((first?.children ?? []).map(({ name, text }) => [name, text]));
    expect(Detail).to.equal("");
    throw new Error(`${Code}: ${Message}`);
  };
}

function parametersOf(action: string, input: Input, prefix: string): [string, string][] {
  return Object.entries(input).flatMap(([name, value]): [string, string][] => {
    const map = MAPS[name];
    if (map) {
      return Object.entries(value as object).flatMap(([key, one], index): [string, string][] => {
        const entry = `${prefix}${map[0]}.${index + 1}.`;
        return [[`${entry}${map[1]}`, key], ...parametersOf(action, { Value: one }, entry)];
      });
    }
    if (Array.isArray(value)) {
      const list = `${prefix}${LISTS[name] ?? `${action}RequestEntry`}.`;
      return value.flatMap((one, index) => parametersOf(action, { [index + 1]: one }, list));
    }
    if (typeof value === "object") return parametersOf(action, value as Input, `${prefix}${name}.`);
    return [[`${prefix}${name}`, String(value)]];
  });
}

/** What JSON calls the elements of lists and maps. */
const OUTPUTS: Record<string, string> = {
  Message: "Messages",
  QueueUrl: "QueueUrls",
  Attribute: "Attributes",
  MessageAttribute: "MessageAttributes",
  Tag: "Tags",
  BatchResultErrorEntry: "Failed",
  SendMessageBatchResultEntry: "Successful",
  DeleteMessageBatchResultEntry: "Successful",
  ListMessageMoveTasksResultEntry: "Results",
};

function readOutput(element: Element | undefined): Output {
  const output: Output = {};
  for (const child of element?.children ?? []) {
    const value = child.children.length > 0 ? readOutput(child) : child.text;
    const isOne = child.name === "QueueUrl" && element?.name !== "ListQueuesResult";
    const isText = child.name === "Message" && child.children.length === 0;
    const name = isOne || isText ? child.name : (OUTPUTS[child.name] ?? child.name);
    if (/Attributes|Tags/.test(name) && typeof value === "object") {
      output[name] = { ...output[name], [value.Name ?? value.Key]: value.Value };
    } else if (name === child.name) output[name] = name === "SenderFault" ? value === "true" : value;
    else output[name] = [...(output[name] ?? []), value];
  }
  return output;
}

/** Does work as if that many seconds had gone by. */
export const later = <T>(seconds: number, work: () => Promise<T>) => at(Date.now() + seconds * 1000, work);

/** What a queue hands out, one body after another. */
export async function bodies({ call }: Caller, QueueUrl: string, input: object = {}): Promise<string[]> {
  const { Messages = [] } = await call("ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10, ...input });
  return Messages.map(({ Body }: { Body: string }) => Body);
}

/** The next message. */
export async function first({ call }: Caller, QueueUrl: string, input: object = {}) {
  const { Messages } = await call("ReceiveMessage", { QueueUrl, ...input });
  return Messages?.[0];
}

/** Sends a message. */
export const sent = ({ call }: Caller, QueueUrl: string, MessageBody: string, more: object = {}) =>
  call("SendMessage", { QueueUrl, MessageBody, ...more });

/** How many messages are visible, in flight and delayed. */
export async function countsOf({ call }: Caller, QueueUrl: string): Promise<string[]> {
  const counts = ["Messages", "MessagesNotVisible", "MessagesDelayed"].map((one) => `ApproximateNumberOf${one}`);
  const { Attributes } = await call("GetQueueAttributes", { QueueUrl, AttributeNames: counts });
  return counts.map((name) => Attributes[name]);
}

export const INVALID = "InvalidParameterValue: ";

/** A fact, and how to see it in either protocol. */
export interface SqsFact extends Fact {
  run(caller: Caller): Promise<unknown>;
  is: unknown;
  /** What the query protocol answers, where it differs. */
  inQuery?: unknown;
}

/** Tests facts with both protocols. */
export function testSqsFacts(origin: Origin, facts: SqsFact[]): void {
  let callers: Caller[];
  before(async () => {
    ({ callers } = await serveSqs());
  });
  after(closeSqs);
  testFacts({ ...origin, facts }, async ({ run, is, inQuery = is }) => {
    for (const caller of callers) {
      expect(await run(caller), caller.protocol).to.deep.equal(caller.protocol === "query" ? inQuery : is);
    }
  });
}
