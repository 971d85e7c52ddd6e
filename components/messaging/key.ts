import type * as pulumi from "@pulumi/pulumi";
import { type Statement, serviceAt } from "../access";

/** The use of a customer key through one service only; none without such a key. */
export function keyStatements(
  service: string,
  arn: pulumi.Input<string>,
  kmsKeyArn: pulumi.Input<string> | undefined,
  actions: string[],
): Statement[] {
  if (!kmsKeyArn) return [];
  const conditions = { StringEquals: { "kms:ViaService": serviceAt(service, arn) } };
  return [{ actions, resources: [kmsKeyArn], conditions }];
}
