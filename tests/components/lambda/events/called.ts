import * as pulumi from "@pulumi/pulumi";
import type { FunctionEventArgs, LambdaFunctionArgs } from "../../../../components";
import { LambdaFunction } from "../../../../components";
import { inputsOf } from "../../../helpers/components/mocks";

export const account = "123456789012";
export const functionArn = `arn:aws:lambda:eu-west-1:${account}:worker-1234567`;
export const deadLetterArn = `arn:aws:sqs:eu-west-1:${account}:worker-dead-letters-1234567`;
export const streamArn = `arn:aws:kinesis:eu-west-1:${account}:stream/orders`;
export const queueArn = `arn:aws:sqs:eu-west-1:${account}:orders`;
export const topicArn = `arn:aws:sns:eu-west-1:${account}:orders`;
export const logGroupArn = `arn:aws:logs:eu-west-1:${account}:log-group:/shop/orders`;
export const secretArn = `arn:aws:secretsmanager:eu-west-1:${account}:secret:broker-abc123`;
export const clusterArn = `arn:aws:kafka:eu-west-1:${account}:cluster/orders/1-2-3`;
export const brokerArn = `arn:aws:mq:eu-west-1:${account}:broker:orders:b-1-2-3`;
export const listenerArn = `arn:aws:elasticloadbalancing:eu-west-1:${account}:listener/app/shop/1/2`;
export const targetGroupArn = `arn:aws:elasticloadbalancing:eu-west-1:${account}:targetgroup/shop/1`;
export const key = `arn:aws:kms:eu-west-1:${account}:key/1`;

/** A function that these events call. */
export function called(
  events: Record<string, FunctionEventArgs>,
  args: Partial<LambdaFunctionArgs> = {},
): LambdaFunction {
  const code = new pulumi.asset.AssetArchive({});
  return new LambdaFunction("worker", { code, handler: "index.handler", events, ...args });
}

/** The statements of a policy document, with the key that it is under. */
export async function statementsOf(type: string, name: string, key = "policy") {
  const inputs = await inputsOf(type, name);
  return JSON.parse(inputs[key]).Statement as Record<string, unknown>[];
}

/** What the function's role allows, as action → resources. */
export async function roleAllows(): Promise<Record<string, unknown>> {
  const statements = await statementsOf("aws:iam/rolePolicy:RolePolicy", "worker");
  return Object.fromEntries(
    statements.flatMap(({ Action, Resource }) => (Action as string[]).map((one) => [one, Resource])),
  );
}
