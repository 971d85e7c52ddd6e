import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../../access";
import type { KmsKeyArn } from "../../kms/keyArn";
import { keyStatements } from "../../messaging/key";
import { keyActions } from "../../messaging/rules/actions";

/** A secret of Secrets Manager with which Lambda connects to a broker. */
export interface BrokerSecretArgs {
  /** ARN of the secret, which is JSON with `username` and `password`. */
  secretArn: pulumi.Input<string>;
  /** Customer key of the secret, which the function's role may then decrypt with. @default Secrets Manager's own key */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
}

/** The network in which Lambda reaches brokers. */
export interface BrokerVpcArgs {
  /** Subnets that reach the brokers, at most 16. @minItems 1 @maxItems 16 */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups that the brokers let in, at most 5. @minItems 1 @maxItems 5 */
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
}

/** Reading a secret, through Secrets Manager only. */
export function secretStatements({ secretArn, kmsKeyArn }: BrokerSecretArgs): Statement[] {
  return [
    { actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] },
    ...keyStatements("secretsmanager", secretArn, kmsKeyArn, keyActions.read),
  ];
}

/**
 * Lambda connects to brokers in a VPC with the role of the function, which need not be in it itself.
 * @see AWS managed policy AWSLambdaMSKExecutionRole
 */
export const brokerNetworkStatement: Statement = {
  actions: [
    ...["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"],
    ...["ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"],
  ],
  resources: ["*"],
};
