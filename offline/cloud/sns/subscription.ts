import {
  type FilterPolicyScope,
  InvalidFilterPolicyError,
  type Pattern,
  parseFilterPolicy,
} from "../../../expressions/patterns";
import { AwsError } from "../core/awsError";
import { objectIn } from "../core/json";
import { invalid } from "./errors";
import { isLoopback } from "./http";
import type { DeclaredSubscription } from "./program";
import { type Attributes, PROTOCOLS, type Subscription } from "./topic";

const ATTRIBUTES = [
  ...["DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"],
  ...["SubscriptionRoleArn", "ReplayPolicy"],
];
const DELIVERED = ["sqs", "lambda", "http", "https"];

/**
 * A subscription of the program; what is wrong with it is its problem. It is confirmed: whoever runs the program holds
 * both ends.
 */
export function declaredSubscription(declared: DeclaredSubscription, isFifo: boolean): Subscription {
  const { name: _, ...given } = declared;
  const subscription: Subscription = { ...given, attributes: { ...declared.attributes }, last: Promise.resolve() };
  try {
    checkEndpoint(declared.protocol, declared.endpoint, isFifo);
    return { ...subscription, filter: filterIn(declared.attributes) };
  } catch (error) {
    const problem =
      error instanceof InvalidFilterPolicyError ? error.explanations.join("; ") : (error as Error).message;
    return { ...subscription, problem };
  }
}

/** Why a subscription gets nothing, in a sentence. */
export function problemOf({ topicArn, protocol, endpoint, problem, token }: Subscription): string | undefined {
  if (token !== undefined) return undefined;
  const reason = problem ?? undelivered(protocol, endpoint);
  if (reason === undefined) return undefined;
  return `The subscription of ${endpoint || protocol} to the SNS topic ${topicArn.split(":").at(-1)} gets nothing: ${reason}`;
}

/** Why nothing is delivered to an endpoint, if nothing is. */
export function undelivered(protocol: string, endpoint: string): string | undefined {
  if (!DELIVERED.includes(protocol)) return `${protocol} is not delivered offline, only ${DELIVERED.join(", ")}`;
  if (protocol.startsWith("http") && !isLoopback(endpoint))
    return "only addresses of this machine are called, such as http://localhost:8080";
  return undefined;
}

/**
 * SetSubscriptionAttributes.
 * @throws AwsError if the API would refuse the request
 */
export function setSubscriptionAttribute(subscription: Subscription, name: string, value: string): void {
  naming("", () => {
    checkAttribute(name, value, subscription.protocol);
    const attributes = { ...subscription.attributes, [name]: value };
    if (value === "" || value === "{}") delete attributes[name];
    subscription.filter = filterIn(attributes);
    subscription.attributes = attributes;
  });
}

/** GetSubscriptionAttributes. */
export function subscriptionAttributes(subscription: Subscription): Attributes {
  const { arn, topicArn, protocol, endpoint, token } = subscription;
  const [, partition, , , owner = ""] = topicArn.split(":");
  const { FilterPolicyScope, ...given } = subscription.attributes;
  return {
    ConfirmationWasAuthenticated: String(token === undefined),
    Endpoint: endpoint,
    Owner: owner,
    PendingConfirmation: String(token !== undefined),
    Protocol: protocol,
    RawMessageDelivery: "false",
    SubscriptionArn: arn,
    SubscriptionPrincipal: `arn:${partition}:iam::${owner}:user/offline`,
    TopicArn: topicArn,
    ...given,
    // The scope is shown with a policy only.
    ...(given.FilterPolicy && { FilterPolicyScope: FilterPolicyScope ?? "MessageAttributes" }),
  };
}

/** Runs a check. @param prefix says where a mistake is @throws AwsError with the mistake that the check throws */
export function naming<Result>(prefix: string, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (error instanceof AwsError || !(error instanceof Error)) throw error;
    throw invalid(`${prefix}${error.message}`);
  }
}

/** The filter policy of a subscription. @throws InvalidFilterPolicyError */
export function filterIn({ FilterPolicy, FilterPolicyScope = "MessageAttributes" }: Attributes): Pattern | undefined {
  return FilterPolicy ? parseFilterPolicy(FilterPolicy, FilterPolicyScope as FilterPolicyScope) : undefined;
}

/** @throws Error with what comes after `Invalid parameter: ` */
export function checkAttribute(name: string, value: string, protocol: string): void {
  if (!ATTRIBUTES.includes(name)) throw new Error("AttributeName");
  if (name === "FilterPolicyScope" && value !== "MessageBody" && value !== "MessageAttributes") {
    const known = "Please use either MessageBody or MessageAttributes";
    throw new Error(`FilterPolicyScope: Invalid value [${value}]. ${known}`);
  }
  if (name === "RawMessageDelivery") {
    if (!/^(true|false)$/i.test(value))
      throw new Error(`RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
    if (/true/i.test(value) && !["sqs", "http", "https", "firehose"].includes(protocol))
      throw new Error(`Delivery protocol [${protocol}] does not support raw message delivery.`);
  }
  if (name === "RedrivePolicy" && value !== "") {
    const target = deadLetterTarget(value);
    if (target === undefined) throw new Error("RedrivePolicy: failed to parse JSON.");
    if (!/^arn:[^:]+:sqs:/.test(target)) throw new Error("RedrivePolicy: deadLetterTargetArn is an invalid arn");
  }
}

/** The queue of a redrive policy, or undefined if there is none in it. */
export function deadLetterTarget(policy?: string): string | undefined {
  const { deadLetterTargetArn: target } = objectIn(policy);
  return typeof target === "string" ? target : undefined;
}

/** @throws AwsError for an unknown protocol, or an endpoint that the protocol does not have */
export function checkEndpoint(protocol: string, endpoint: string, isFifo: boolean): void {
  if (!PROTOCOLS.includes(protocol)) throw invalid(`Amazon SNS does not support this protocol string: ${protocol}`);
  if (isFifo && protocol !== "sqs") throw invalid("Invalid protocol type: FIFO topics deliver to queues only");
  if (protocol === "sqs") {
    if (!/^arn:[^:]+:sqs:[^:]+:\d+:.+/.test(endpoint)) throw invalid("SQS endpoint ARN");
    if (!isFifo && endpoint.endsWith(".fifo")) {
      const reason = "FIFO SQS Queues can not be subscribed to standard SNS topics";
      throw invalid(`Invalid parameter: Endpoint Reason: ${reason}`);
    }
  } else if (protocol === "lambda") {
    if (!/^arn:[^:]+:lambda:[^:]+:\d+:function:.+/.test(endpoint)) throw invalid("Lambda endpoint ARN");
  } else if (protocol.startsWith("http")) {
    if (!endpoint.startsWith(`${protocol}://`)) throw invalid("Endpoint must match the specified protocol");
  } else if (endpoint === "") throw invalid("Endpoint");
}
