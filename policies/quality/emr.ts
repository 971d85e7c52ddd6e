import type { PolicyResource } from "@pulumi/policy";
import type { Finding, ResourceRule, StackFinding, StackRule } from "../lib/rule";
import { anyOf, unless, watch } from "../lib/unknowns";
import { holds, isGiven, known } from "../lib/values";
import { byType, demand, demandGiven, demandTrue, forbidFalse } from "./checks";

const clusterType = "aws:emr/cluster:Cluster";
const applicationType = "aws:emrserverless/application:Application";

const securityConfiguration: ResourceRule = {
  name: "emr-security-configuration",
  description: "EMR clusters have a security configuration and keep their logs.",
  severity: "high",
  practice: "SEC08-BP02",
  tags: ["emr", "encryption", "logs"],
  url: "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-security-configurations.html",
  remediationSteps: "Create an aws.emr.SecurityConfiguration, write its name in securityConfiguration, and set logUri.",
  checkResource: byType({
    [clusterType]: (props) => [
      ...demandGiven(props, "securityConfiguration", "write the name of an aws.emr.SecurityConfiguration"),
      ...demandGiven(props, "logUri", "write an S3 location for the logs, such as s3://BUCKET/logs/"),
    ],
  }),
};

const encryption: ResourceRule = {
  name: "emr-encryption",
  description:
    "EMR security configurations encrypt data at rest, require IMDSv2 and, in stacks that require it, encrypt data in " +
    "transit.",
  severity: "high",
  practice: "SEC08-BP02",
  tags: ["emr", "encryption"],
  url: "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-create-security-configuration.html",
  remediationSteps:
    "Set EncryptionConfiguration.EnableAtRestEncryption with its settings, " +
    "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion: 2 and, for traffic between nodes, " +
    "EncryptionConfiguration.EnableInTransitEncryption with certificates.",
  settings: {
    inTransit: {
      type: "boolean",
      description:
        "Require encryption in transit, as for a stack in production. Somebody has to issue the certificates for it.",
      default: false,
    },
  },
  checkResource: byType({
    "aws:emr/securityConfiguration:SecurityConfiguration": (props, { inTransit }) => {
      const encrypts = "configuration{}.EncryptionConfiguration";
      return [
        ...demandTrue(props, `${encrypts}.EnableAtRestEncryption`, "write true"),
        ...(inTransit ? demandTrue(props, `${encrypts}.EnableInTransitEncryption`, "write true") : []),
        ...demand(props, "configuration{}.InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion", {
          type: "number",
          isRight: (version) => version >= 2,
          instead: "write 2",
        }),
      ];
    },
  }),
};

const logKey: ResourceRule = {
  name: "emr-log-key",
  description: "EMR logs are encrypted with a customer managed KMS key.",
  enforcementLevel: "advisory",
  severity: "low",
  practice: "SEC08-BP01",
  tags: ["emr", "emr-serverless", "logs", "encryption"],
  url: "https://docs.aws.amazon.com/emr-serverless/latest/EMR-Serverless-UserGuide/logging.html",
  remediationSteps:
    "Write the ARN of a KMS key in a cluster's logEncryptionKmsKeyId, or in encryptionKeyArn of an application's logs.",
  checkResource: byType({
    [clusterType]: (props) => keyOf(props, "logUri", "logEncryptionKmsKeyId"),
    [applicationType]: (props) =>
      [
        ["s3MonitoringConfiguration", "logUri"],
        ["cloudwatchLoggingConfiguration", "enabled"],
        ["managedPersistenceMonitoringConfiguration", "enabled"],
      ].flatMap(([kind, use]) => {
        const path = `monitoringConfiguration.${kind}`;
        return unless(
          () => holds(props, `${path}.${use}`, (value) => value === false),
          () => keyOf(props, path, `${path}.encryptionKeyArn`),
        );
      }),
  }),
};

function keyOf(props: object, used: string, path: string): Finding[] {
  return isGiven(props, used) ? demandGiven(props, path, "write the ARN of a KMS key") : [];
}

const termination: ResourceRule = {
  name: "emr-termination",
  description: "EMR clusters terminate when they are idle, or are kept running explicitly.",
  enforcementLevel: "advisory",
  severity: "medium",
  practice: "COST04-BP04",
  tags: ["emr", "cost"],
  url: "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-auto-termination-policy.html",
  remediationSteps:
    "Set autoTerminationPolicy: { idleTimeout } in seconds, or keepJobFlowAliveWhenNoSteps: false for a cluster that " +
    "only runs its steps, or terminationProtection: true for one that keeps running.",
  checkResource: byType({
    [clusterType]: (props) => {
      const message =
        "autoTerminationPolicy is missing, so the cluster keeps running when it is idle: write { idleTimeout: 3600 } " +
        "(seconds), or terminationProtection: true if it should keep running.";
      return unless(
        () =>
          anyOf(
            () => isGiven(props, "autoTerminationPolicy.idleTimeout"),
            () => holds(props, "keepJobFlowAliveWhenNoSteps", (value) => value === false),
            () => holds(props, "terminationProtection", (value) => value === true),
          ),
        () => [{ message }],
      );
    },
  }),
};

const autoStop: ResourceRule = {
  name: "emr-serverless-auto-stop",
  description: "EMR Serverless applications stop when they are idle.",
  severity: "medium",
  practice: "COST04-BP04",
  tags: ["emr-serverless", "cost"],
  url: "https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_AutoStopConfig.html",
  remediationSteps: "Leave autoStopConfiguration out (the default is 15 minutes), or set its idleTimeoutMinutes.",
  settings: {
    maximumIdleMinutes: {
      type: "integer",
      description: "The longest idle time allowed, in minutes.",
      minimum: 1,
      default: 60,
    },
  },
  checkResource: byType({
    [applicationType]: (props, { maximumIdleMinutes }) => [
      ...forbidFalse(props, "autoStopConfiguration.enabled", "write true"),
      ...demand(props, "autoStopConfiguration.idleTimeoutMinutes", {
        type: "number",
        isRight: (minutes) => minutes <= Number(maximumIdleMinutes),
        instead: `write a number of minutes up to ${maximumIdleMinutes}`,
        mayBeMissing: true,
      }),
    ],
  }),
};

const managedPolicy = "AmazonEMRServicePolicy_v2";
const tag = "for-use-with-amazon-emr-managed-policies";

const managedPolicyTag: StackRule = {
  name: "emr-managed-policy-tag",
  description:
    `EMR clusters whose service role has ${managedPolicy} have the tag that the policy requires, as do their subnets ` +
    "and security groups.",
  severity: "high",
  practice: "SEC03-BP02",
  tags: ["emr", "iam"],
  url: "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-iam-policies.html",
  remediationSteps: `Set the tag "${tag}": "true" on the cluster, its subnets and its security groups.`,
  checkStack: (resources) =>
    resources
      .filter(({ type }) => type === clusterType)
      .flatMap((cluster) => {
        const around = (cluster.propertyDependencies.ec2Attributes ?? []).filter(({ type }) =>
          placeTypes.includes(type),
        );
        return unless(
          () => !hasManagedPolicy(cluster, resources),
          () => [cluster, ...around].flatMap(demandTag),
        );
      }),
};

function demandTag(subject: PolicyResource): StackFinding[] {
  const isTrue = (value: unknown) => value === "true";
  const message = `tags["${tag}"] is not "true", so ${managedPolicy} keeps EMR from using it: write "true".`;
  return unless(
    () => anyOf(...["tags", "tagsAll"].map((path) => () => holds(subject.props, `${path}.${tag}`, isTrue))),
    () => [{ subject, message }],
  );
}

/** The types of the program's resources that a cluster's ec2Attributes name. */
const placeTypes = ["aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup"];

/** Whether a cluster's service role has the managed policy, as far as the stack declares them. */
function hasManagedPolicy(cluster: PolicyResource, resources: PolicyResource[]): boolean {
  const isManaged = (arn: unknown) => String(arn).endsWith(`/${managedPolicy}`);
  const roles = rolesOf(cluster, "serviceRole", resources);
  const attachments = resources.filter(({ type }) => type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
  return anyOf(
    ...roles.map((role) => () => holds(role.props, "managedPolicyArns[]", isManaged)),
    ...attachments.map(
      (attachment) => () =>
        rolesOf(attachment, "role", resources).some((role) => roles.includes(role)) &&
        holds(attachment.props, "policyArn", isManaged),
    ),
  );
}

/** The roles that a property's value comes from or, if it comes from none, that it names. */
function rolesOf(resource: PolicyResource, property: string, resources: PolicyResource[]): PolicyResource[] {
  const isRole = ({ type }: PolicyResource) => type === "aws:iam/role:Role";
  const madeOf = (resource.propertyDependencies[property] ?? []).filter(isRole);
  if (madeOf.length > 0) return madeOf;
  const named = known(resource.props, property);
  return resources.filter(
    (resource) => isRole(resource) && ["name", "arn"].some((path) => isOneOf(named, resource.props, path)),
  );
}

/** A role whose name is still unknown is not one that the program names: it would use the role's outputs. */
function isOneOf(names: unknown[], props: object, path: string): boolean {
  return watch(() => holds(props, path, (value) => names.includes(value))).result;
}

export const emrRules = [securityConfiguration, encryption, logKey, termination, autoStop, managedPolicyTag];
