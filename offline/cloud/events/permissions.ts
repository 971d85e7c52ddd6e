import { partitionOf } from "../../engine/partition";
import { AwsError } from "../core/awsError";
import type { Bus } from "./rule";

/** What PutPermission has. */
export type Permission = {
  Policy?: string;
  Action?: string;
  Principal?: string;
  StatementId?: string;
  Condition?: { Type: string; Key: string; Value: string };
};

interface Policy {
  Version: string;
  Statement: { Sid?: string }[];
}

/** The policy of a bus with one more statement, in place of any that has the same id. */
export function withStatement(bus: Bus, { Action, Principal, StatementId, Condition }: Permission): string {
  const { partition } = partitionOf(bus.region);
  const statement = {
    Sid: StatementId,
    Effect: "Allow",
    Principal: Principal === "*" ? "*" : { AWS: `arn:${partition}:iam::${Principal}:root` },
    Action,
    Resource: bus.arn,
    ...(Condition && { Condition: { [Condition.Type]: { [Condition.Key]: Condition.Value } } }),
  };
  const policy = read(bus);
  const others = policy.Statement.filter(({ Sid }) => Sid !== StatementId);
  return JSON.stringify({ ...policy, Statement: [...others, statement] });
}

/** The policy of a bus without a statement; undefined if nothing is left. @throws AwsError if it has no such statement */
export function withoutStatement(bus: Bus, id: string | undefined): string | undefined {
  const policy = read(bus);
  const Statement = policy.Statement.filter(({ Sid }) => Sid !== id);
  if (Statement.length === policy.Statement.length)
    throw new AwsError("ResourceNotFoundException", "Statement with the provided id does not exist.");
  return Statement.length === 0 ? undefined : JSON.stringify({ ...policy, Statement });
}

function read({ policy }: Bus): Policy {
  return policy === undefined ? { Version: "2012-10-17", Statement: [] } : JSON.parse(policy);
}
