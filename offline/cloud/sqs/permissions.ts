import { objectIn } from "../core/json";
import { asList } from "../core/resources";
import { invalidValue } from "./errors";
import type { Queue } from "./queue";

export interface Permission {
  Label: string;
  AWSAccountIds: string[];
  Actions: string[];
}

/** AddPermission: adds a statement to the queue's policy. @returns the policy. @throws AwsError for a label that is taken */
export function withPermission({ arn, attributes }: Queue, { Label, AWSAccountIds, Actions }: Permission): string {
  const policy = objectIn(attributes.Policy);
  const statements = asList(policy.Statement);
  if (statements.some(({ Sid }) => Sid === Label)) throw invalidValue(Label, "Label", "Already exists.");
  const [, partition] = arn.split(":");
  const statement = {
    Sid: Label,
    Effect: "Allow",
    Principal: { AWS: single(AWSAccountIds.map((account) => `arn:${partition}:iam::${account}:root`)) },
    Action: single(Actions.map((action) => `SQS:${action}`)),
    Resource: arn,
  };
  const head = { Version: "2008-10-17", Id: `${arn}/SQSDefaultPolicy`, ...policy };
  return JSON.stringify({ ...head, Statement: [...statements, statement] });
}

/** RemovePermission. @returns the policy, empty without statements. @throws AwsError for a label that no statement has */
export function withoutPermission({ attributes }: Queue, Label: string): string {
  const policy = objectIn(attributes.Policy);
  const statements = asList(policy.Statement);
  const Statement = statements.filter(({ Sid }) => Sid !== Label);
  if (Statement.length === statements.length) throw invalidValue(Label, "Label", "can't find label.");
  return Statement.length === 0 ? "" : JSON.stringify({ ...policy, Statement });
}

/** A list of one is that one, as AWS writes policies. */
function single(values: string[]): string | string[] {
  return values.length === 1 ? String(values[0]) : values;
}
