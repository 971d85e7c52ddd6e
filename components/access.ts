import * as pulumi from "@pulumi/pulumi";

/** A statement of an IAM policy. */
export interface Statement {
  /** IAM actions, such as `dynamodb:GetItem`. */
  actions: string[];
  /** ARNs that the actions are allowed on. */
  resources: pulumi.Input<string>[];
  /** Conditions: operator → key → value, such as `{ StringEquals: { "aws:SourceAccount": "123456789012" } }`. */
  conditions?: Record<string, Record<string, pulumi.Input<string>>>;
}

/**
 * Everything a function needs to use a resource: a component's `access()` returns it, and `LambdaFunction` accepts it.
 */
export interface FunctionAccess {
  /** Environment variables that identify the resource. */
  environment: Record<string, pulumi.Input<string>>;
  /** The least privileges that the function's role needs. */
  statements: Statement[];
}

/**
 * An ARN's parts: `arn`, the partition, the service, the region, the account and the resource. There are none if the
 * ARN is undefined, as values that AWS computes often are in a program's own unit tests.
 */
export function arnParts(arn: pulumi.Input<string>): pulumi.Output<string[]> {
  return pulumi.output(arn).apply((text = "") => text.split(":"));
}

/** The statements as an IAM policy document, in JSON. */
export function policyDocument(statements: Statement[]): pulumi.Output<string> {
  return policyOf(
    statements.map(({ actions, resources, conditions }) => ({
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      Condition: conditions,
    })),
  );
}

/** Statements in IAM's own syntax as a policy document, in JSON. */
export function policyOf(statements: object[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/**
 * A role's trust in one AWS service.
 * @param conditions on whose behalf the service may act: operator → key → value. @default anybody's
 */
export function trustPolicy(service: string, conditions?: object): pulumi.Output<string> {
  const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } };
  return policyOf([{ ...statement, Condition: conditions }]);
}
