import * as pulumi from "@pulumi/pulumi";
import { arnParts, serviceAt } from "../access";

/** The URL of a queue of which only the ARN is known. @see Amazon SQS Developer Guide, "Queue and message identifiers" */
export function queueUrlOf(queueArn: pulumi.Input<string>): pulumi.Output<string> {
  const place = arnParts(queueArn).apply(([, , , , account, queue]) => `${account}/${queue}`);
  return pulumi.interpolate`https://${serviceAt("sqs", queueArn)}/${place}`;
}
