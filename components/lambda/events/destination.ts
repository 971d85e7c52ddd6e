import * as pulumi from "@pulumi/pulumi";
import { arnParts, type Statement } from "../../access";

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
 * @throws pulumi.RunError (in the output) for an ARN of another service
 */
export function destinationStatement(destinationArn: pulumi.Input<string>): pulumi.Output<Statement> {
  return arnParts(destinationArn).apply((parts) => {
    const arn = parts.join(":");
    const [, , service = ""] = parts;
    if (arn === "") return { actions: [], resources: [] };
    const actions = destinationActions[service];
    if (!actions) {
      const known = Object.keys(destinationActions).join(", ");
      throw new pulumi.RunError(`the destination "${arn}" is an ARN of "${service}"; write one of ${known}`);
    }
    return { actions, resources: service === "s3" ? [arn, `${arn}/*`] : [arn] };
  });
}
