import * as sqs from "@pulumi/aws/sqs";
import type * as pulumi from "@pulumi/pulumi";
import { policyOf, serviceMay } from "../access";

/** An AWS service that may send, on behalf of one resource. */
export interface SenderArgs {
  /** The service's principal, such as "events.amazonaws.com", "sns.amazonaws.com" or "s3.amazonaws.com". */
  service: string;
  /** ARN of the resource, such as a rule, a topic or a bucket. */
  sourceArn: pulumi.Input<string>;
}

/** Lets services send to a queue, and nobody connect without TLS. */
export function createQueuePolicy(
  name: string,
  queue: sqs.Queue,
  senders: SenderArgs[],
  opts: pulumi.CustomResourceOptions,
): sqs.QueuePolicy {
  const policy = policyOf([...maySend(senders, "sqs:SendMessage", queue.arn), tlsOnly("sqs:*", queue.arn)]);
  return new sqs.QueuePolicy(name, { queueUrl: queue.url, policy }, opts);
}

/** The statements that let services do this with a queue or topic. */
export function maySend(senders: SenderArgs[], action: string, arn: pulumi.Output<string>): object[] {
  return senders.map(({ service, sourceArn }) => serviceMay(service, sourceArn, { Action: action, Resource: arn }));
}

/** Refuses everybody who connects without TLS. */
export function tlsOnly(action: string, arn: pulumi.Output<string>): object {
  const condition = { Bool: { "aws:SecureTransport": "false" } };
  return { Sid: "TlsOnly", Effect: "Deny", Principal: "*", Action: action, Resource: arn, Condition: condition };
}
