import * as pulumi from "@pulumi/pulumi";
import { arnParts, type Statement } from "../../access";
import type { Mistakes } from "../../validation";

/** @see AWS Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations" */
const destinationActions: Record<string, string[]> = {
  sqs: ["sqs:SendMessage"],
  sns: ["sns:Publish"],
  lambda: ["lambda:InvokeFunction"],
  events: ["events:PutEvents"],
  s3: ["s3:PutObject", "s3:ListBucket"],
};

/**
 * Permission to send a failed event to its destination, whose kind its ARN shows.
 * @throws pulumi.RunError (in the output) for an ARN of another service, or of a FIFO queue or topic
 */
export function destinationStatement(destinationArn: pulumi.Input<string>): pulumi.Output<Statement> {
  return arnParts(destinationArn).apply((parts) => {
    const arn = parts.join(":");
    const [, , service = ""] = parts;
    if (arn === "") return { actions: [], resources: [] };
    if (arn.endsWith(".fifo")) {
      throw new pulumi.RunError(
        `the destination "${arn}" is FIFO, which Lambda does not send to; write a standard one`,
      );
    }
    const actions = destinationActions[service];
    if (!actions) {
      const known = Object.keys(destinationActions).join(", ");
      throw new pulumi.RunError(`the destination "${arn}" is an ARN of "${service}"; write one of ${known}`);
    }
    return { actions, resources: service === "s3" ? [arn, `${arn}/*`] : [arn] };
  });
}

/**
 * Adds a mistake if a source's dead letters cannot go where they are meant to.
 * @param isLambda whether Lambda itself sends them, and not the source
 * @see Amazon EventBridge User Guide, "Using dead-letter queues", and AWS Lambda API, OnFailure
 */
export function checkDeadLetters(
  mistakes: Mistakes,
  arn: pulumi.Input<string> | undefined,
  path: string,
  isLambda: boolean,
): void {
  if (typeof arn !== "string") return;
  const services = isLambda ? "s3::|(sqs|sns):[^:]*:[^:]*" : "sqs:[^:]*:[^:]*";
  const isTaken = new RegExp(`^arn:[\\w-]+:(${services}):[\\w.-]+$`).test(arn) && !arn.endsWith(".fifo");
  const others = isLambda ? ", a standard SNS topic or an S3 bucket" : "";
  mistakes.check(isTaken, path, `is "${arn}"; write the ARN of a standard SQS queue${others}`);
}
