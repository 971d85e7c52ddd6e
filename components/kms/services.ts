import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { principalIn, serviceAt } from "../access";

/** A service that uses a key by itself, not with its caller's permissions. */
export const KeyService = {
  /** CloudWatch Logs, for log groups. */
  Logs: "logs",
  /** EMR Serverless, for the logs that it keeps of jobs. */
  EmrServerless: "emr-serverless",
  /** CloudWatch, for alarms that notify an encrypted topic. */
  Alarms: "cloudwatch",
  /** EventBridge, for rules that send to an encrypted topic or dead letter queue. */
  Events: "events",
  /** EBS, for the volumes of instances that others launch or start, such as Auto Scaling groups and functions. */
  Ebs: "ebs",
} as const;
export type KeyService = (typeof KeyService)[keyof typeof KeyService];

/** The statements of a key's policy that let services use it for this account, in this region. */
export function servicesMay(services: KeyService[], opts: pulumi.InvokeOptions): object[] {
  return services.map((service) => statementOf[service](opts));
}

const statementOf: Record<KeyService, (opts: pulumi.InvokeOptions) => object> = {
  /** @see Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS" */
  logs: (opts) => {
    const { partition, region, account } = placeOf(opts);
    const groups = pulumi.interpolate`arn:${partition}:logs:${region}:${account}:log-group:*`;
    const actions = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];
    const condition = { ArnLike: { "kms:EncryptionContext:aws:logs:arn": groups } };
    return mayUse(principalIn(partition, pulumi.interpolate`logs.${region}`), actions, condition);
  },
  /** @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html */
  "emr-serverless": (opts) => {
    const { partition, region, account } = placeOf(opts);
    const applications = pulumi.interpolate`arn:${partition}:emr-serverless:${region}:${account}:/applications/*`;
    const condition = { ArnLike: { "aws:SourceArn": applications } };
    return mayUse("emr-serverless.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey"], condition);
  },
  /** @see Amazon SNS Developer Guide, "Enable compatibility between event sources and encrypted topics" */
  cloudwatch: (opts) => {
    const { accountId } = getCallerIdentityOutput({}, opts);
    return mayUse("cloudwatch.amazonaws.com", messageActions, { StringEquals: { "aws:SourceAccount": accountId } });
  },
  /**
   * It has no condition: EventBridge sends neither account nor rule when it publishes to a topic, so a condition on them
   * would match nothing.
   * @see Amazon EventBridge User Guide, "Troubleshooting"; Amazon SNS Developer Guide, "Managing keys"
   */
  events: () => mayUse("events.amazonaws.com", messageActions),
  /**
   * The key's use by EC2 for everybody in the account whom IAM lets use EC2, as in the policy of AWS's own key for EBS.
   * @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
   */
  ebs: (opts) => {
    const { partition, region, account } = placeOf(opts);
    const ec2 = serviceAt("ec2", pulumi.interpolate`arn:${partition}:ec2:${region}:${account}:volume/*`);
    const actions = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];
    return {
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: [...actions, "kms:CreateGrant"],
      Resource: "*",
      Condition: { StringEquals: { "kms:CallerAccount": account, "kms:ViaService": ec2 } },
    };
  },
};

const messageActions = ["kms:Decrypt", "kms:GenerateDataKey*"];

function mayUse(service: pulumi.Input<string>, actions: string[], condition?: object): object {
  const statement = { Effect: "Allow", Principal: { Service: service }, Action: actions, Resource: "*" };
  return condition === undefined ? statement : { ...statement, Condition: condition };
}

function placeOf(opts: pulumi.InvokeOptions) {
  const { accountId: account } = getCallerIdentityOutput({}, opts);
  const { partition } = getPartitionOutput({}, opts);
  const { region } = getRegionOutput({}, opts);
  return { account, partition, region };
}
