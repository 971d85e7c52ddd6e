import { setTimeout } from "node:timers/promises";
import { signatureHeaders } from "./signature/sign";
import type { CodeContext } from "./types";

export interface EventsOptions extends CodeContext {
  /** Invokes a function asynchronously. Returns why it cannot, or undefined. */
  invoke(arn: string, payload: string, hops: number): string | undefined;
}

export interface Delivery {
  /** Whose event it is, for the log. */
  from: string;
  /** What comes beside the payload in a message of SQS or SNS. @default none */
  attributes?: Record<string, { DataType: "String" | "Number"; StringValue: string }>;
  /** The fields around the payload in an event of EventBridge, which needs them. */
  envelope?: { Source: string; DetailType: string; Resources: string[] };
  /** Under which key a bucket stores the payload; buckets need it. */
  key?: string;
  /** Of a message of SNS. @default none */
  subject?: string;
  /** Through how many functions the event has come. @default 0 */
  hops?: number;
}

/** A request that delivers a payload. */
interface Sent {
  service: string;
  /** @default POST */
  method?: string;
  /** @default / */
  url?: string;
  headers: Record<string, string>;
  body: string;
}

/** After this many functions that invoke each other, Lambda takes it for a loop. */
const MAX_HOPS = 16;
const ATTEMPTS = 3;
const RETRY_MILLISECONDS = 1000;

/**
 * Delivers events to what an ARN names. Functions are invoked in this process. Queues, topics and buses get a request at
 * the cloud's own endpoint, which emulates their service, forwards it or says that it does neither.
 */
export class Events {
  private readonly closed = new AbortController();

  constructor(private readonly options: EventsOptions) {}

  /** Never rejects: what cannot be delivered is one line in the log. */
  async deliver(arn: string, payload: string, delivery: Delivery): Promise<void> {
    const reason = await this.send(arn, payload, delivery);
    if (reason === undefined || this.closed.signal.aborted) return;
    this.options.log(`error: ${delivery.from} | not delivered to ${arn}: ${reason}`);
  }

  /** Gives up what is still to be delivered. */
  close(): void {
    this.closed.abort();
  }

  /** Never rejects. Returns why the payload cannot be delivered, or undefined. */
  async send(arn: string, payload: string, delivery: Delivery): Promise<string | undefined> {
    // The ARNs of buckets have no region, and any will do for S3.
    const [, , service, region] = arn.split(":");
    if (service === "lambda") {
      const hops = (delivery.hops ?? 0) + 1;
      if (hops > MAX_HOPS) return `the event has come through ${MAX_HOPS} functions, which invoke each other in a loop`;
      return this.options.invoke(arn, payload, hops);
    }
    const request = requestFor(arn, payload, delivery);
    if (!request)
      return `deliveries to ${service || "it"} are not emulated, only those to lambda, sqs, sns, s3 and events`;
    for (let attempt = 1; ; attempt++) {
      const { reason, retry } = await this.request(request, region || "us-east-1");
      if (!retry || attempt === ATTEMPTS) return reason;
      const { signal } = this.closed;
      await setTimeout(RETRY_MILLISECONDS * attempt, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async request(sent: Sent, region: string): Promise<{ reason?: string; retry?: boolean }> {
    const { service, method = "POST", url = "/", headers, body } = sent;
    const { endpoint, credentials } = this.options;
    const { host } = new URL(endpoint);
    const signature = signatureHeaders({ method, url, host, region, service, body }, credentials);
    try {
      const all = { ...headers, ...signature };
      const answer = await fetch(new URL(url, endpoint), { method, headers: all, body, signal: this.closed.signal });
      const text = await answer.text();
      if (answer.ok && !/"FailedEntryCount":\s*[1-9]/.test(text)) return {};
      return { reason: messageIn(text), retry: answer.status >= 500 && answer.status !== 501 };
    } catch (error) {
      return { reason: (error as Error).message, retry: !this.closed.signal.aborted };
    }
  }
}

function requestFor(arn: string, payload: string, delivery: Delivery): Sent | undefined {
  const { attributes = {}, envelope, subject, key } = delivery;
  const [, partition, service = "", region, account, name] = arn.split(":");
  if (service === "s3" && key) {
    const headers = { "content-type": "application/json" };
    return { service, method: "PUT", url: `/${name}/${encodeURI(key)}`, headers, body: payload };
  }
  if (service === "sqs") {
    const domain = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    const QueueUrl = `https://sqs.${region}.${domain}/${account}/${name}`;
    const input = { QueueUrl, MessageBody: payload, MessageAttributes: attributes };
    return json(service, "1.0", "AmazonSQS.SendMessage", input);
  }
  if (service === "events" && envelope) {
    return json(service, "1.1", "AWSEvents.PutEvents", {
      Entries: [{ ...envelope, Detail: payload, EventBusName: arn, Resources: [arn, ...envelope.Resources] }],
    });
  }
  if (service !== "sns") return undefined;
  const form = new URLSearchParams({ Action: "Publish", Version: "2010-03-31", TopicArn: arn, Message: payload });
  if (subject !== undefined) form.append("Subject", subject);
  Object.entries(attributes).forEach(([key, { DataType, StringValue }], index) => {
    const entry = `MessageAttributes.entry.${index + 1}`;
    form.append(`${entry}.Name`, key);
    form.append(`${entry}.Value.DataType`, DataType);
    form.append(`${entry}.Value.StringValue`, StringValue);
  });
  return { service, headers: { "content-type": "application/x-www-form-urlencoded" }, body: form.toString() };
}

function json(service: string, version: string, target: string, input: object): Sent {
  const headers = { "content-type": `application/x-amz-json-${version}`, "x-amz-target": target };
  return { service, headers, body: JSON.stringify(input) };
}

/** The message of an error in JSON or XML. */
function messageIn(text: string): string {
  const [, quoted, inXml] =
    /"(?:message|ErrorMessage)":\s*("(?:[^"\\]|\\.)*")|<Message>(.*?)<\/Message>/is.exec(text) ?? [];
  return quoted ? JSON.parse(quoted) : (inXml ?? text.slice(0, 200));
}
