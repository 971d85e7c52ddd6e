import { regionOf, serviceOf } from "./arns";
import type { AwsError } from "./awsError";
import { type Delivery, type DeliveryRequest, requestFor, whyUnsupported } from "./deliveryRequests";
import { jsonIn } from "./json";
import { signatureHeaders } from "./signature/sign";
import { pause } from "./timers";
import type { CodeContext } from "./types";

export type { Delivery } from "./deliveryRequests";

export interface EventsOptions extends CodeContext {
  /** Invokes a function asynchronously. Returns why it cannot, or undefined. */
  invoke(arn: string, payload: string, hops: number): AwsError | undefined;
  /** Where the requests of services are sent, by their signing names. @default nowhere else */
  endpoints?: Record<string, string>;
}

/** How long a delivery is tried. */
export interface RetryPolicy {
  /** The most attempts after the first. */
  retries: number;
  /** The age, in seconds as they would pass in the cloud, at which it is given up. @default none */
  maxAge?: number;
}

/** Why an attempt to deliver failed. */
export interface Failure {
  /** The code of the target's error. */
  code: string;
  message: string;
  /** Whether another attempt may succeed. */
  retryable: boolean;
}

/** A payload that was not delivered. */
export interface Undelivered extends Failure {
  attempts: number;
  /** What ended the attempts, if another one might have succeeded. */
  exhausted?: "MaximumRetryAttempts" | "MaximumEventAge";
}

/** After this many functions or buses that call each other, it is taken for a loop. */
export const MAX_HOPS = 16;
const DEFAULT_POLICY: RetryPolicy = { retries: 2 };
/** In the cloud there are 20, 40, 80 … seconds between attempts; offline, they pass faster. */
const FIRST_WAIT_SECONDS = 20;
const LONGEST_WAIT_SECONDS = 600;
const TIMES_FASTER = 60;

/**
 * Delivers events to what an ARN names. Functions are invoked in this process. Everything else gets a request at the
 * cloud's own endpoint, which emulates the service, forwards the request or says that it does neither.
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
    return (await this.sendWithin(DEFAULT_POLICY, arn, payload, delivery))?.message;
  }

  /** Never rejects. Returns why the payload cannot be delivered, or undefined. */
  async sendWithin(
    { retries, maxAge = Infinity }: RetryPolicy,
    arn: string,
    payload: string,
    delivery: Delivery,
  ): Promise<Undelivered | undefined> {
    let age = 0;
    for (let attempts = 1; ; attempts++) {
      const failure = await this.attempt(arn, payload, delivery);
      if (!failure?.retryable || this.closed.signal.aborted) return failure && { ...failure, attempts };
      const wait = Math.min(FIRST_WAIT_SECONDS * 2 ** (attempts - 1), LONGEST_WAIT_SECONDS);
      age += wait;
      if (attempts > retries) return { ...failure, attempts, exhausted: "MaximumRetryAttempts" };
      if (age > maxAge) return { ...failure, attempts, exhausted: "MaximumEventAge" };
      await pause((wait * 1000) / TIMES_FASTER, this.closed.signal);
    }
  }

  /** Why nothing can be delivered to a target, whatever the payload; undefined if something can. */
  whyUnsupported(arn: string): string | undefined {
    return whyUnsupported(arn, this.options.endpoints);
  }

  /** One attempt to deliver. Never rejects. */
  async attempt(arn: string, payload: string, delivery: Delivery): Promise<Failure | undefined> {
    if (serviceOf(arn) === "lambda") return this.invoke(arn, payload, (delivery.hops ?? 0) + 1);
    const request = requestFor(arn, payload, delivery);
    // The ARNs of buckets have no region, and any will do for S3.
    if (request) return this.request(request, regionOf(arn) || "us-east-1");
    const message = this.whyUnsupported(arn) ?? `${delivery.from} does not deliver to ${serviceOf(arn)}`;
    return { code: "NotEmulated", message, retryable: false };
  }

  private invoke(arn: string, payload: string, hops: number): Failure | undefined {
    if (hops > MAX_HOPS) {
      const message = `the event has come through ${MAX_HOPS} functions, which invoke each other in a loop`;
      return { code: "RecursiveInvocationException", message, retryable: false };
    }
    const error = jsonIn(payload) === undefined ? NOT_JSON : this.options.invoke(arn, payload, hops);
    return error && { code: error.code, message: error.message, retryable: false };
  }

  /** Sends a request once. Never rejects. */
  async request(
    { service, method = "POST", path = "/", headers, body, before }: DeliveryRequest,
    region: string,
  ): Promise<Failure | undefined> {
    const failure = before && (await this.request({ service, ...before }, region));
    if (failure) return failure;
    const { endpoint, credentials } = this.options;
    const { host } = new URL(endpoint);
    const signature = signatureHeaders({ method, url: path, host, region, service, body }, credentials);
    try {
      const all = { ...headers, ...signature };
      const { signal } = this.closed;
      const sent = { method, headers: all, signal, ...(method !== "GET" && { body }) };
      const answer = await fetch(`${endpoint}${path}`, sent);
      const text = await answer.text();
      if (answer.ok && !/"FailedEntryCount":\s*[1-9]/.test(text)) return undefined;
      const code = codeIn(text) ?? answer.headers.get("x-amzn-errortype")?.replace(/:.*/, "") ?? "Unknown";
      const retryable = (answer.status >= 500 && answer.status !== 501) || isThrottled(code);
      return { code, message: messageIn(text), retryable };
    } catch (error) {
      const retryable = !this.closed.signal.aborted;
      return { code: "ConnectionFailure", message: (error as Error).message, retryable };
    }
  }
}

const NOT_JSON = { code: "InvalidRequestContentException", message: "Could not parse request body into json" };

export function isThrottled(code: string): boolean {
  return /Throttl|TooManyRequests|ProvisionedThroughput|RequestLimit|SlowDown/i.test(code);
}

/** The code of an error in JSON or XML. */
function codeIn(text: string): string | undefined {
  const [, inJson, inXml] = /"(?:__type|code|ErrorCode)":\s*"(?:[^"]*#)?([^"]*)"|<Code>(.*?)<\/Code>/i.exec(text) ?? [];
  return inJson ?? inXml;
}

/** The message of an error in JSON or XML. */
function messageIn(text: string): string {
  const [, quoted, inXml] =
    /"(?:message|ErrorMessage)":\s*("(?:[^"\\]|\\.)*")|<Message>(.*?)<\/Message>/is.exec(text) ?? [];
  return quoted ? JSON.parse(quoted) : (inXml ?? text.slice(0, 200));
}
