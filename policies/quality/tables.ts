import type { PolicyConfigSchema } from "@pulumi/policy";
import type { Finding, ResourceRule } from "../lib/rule";
import { isGiven } from "../lib/values";
import { byType, demandGiven, demandTrue } from "./checks";

const tableType = "aws:dynamodb/table:Table";
const replicaType = "aws:dynamodb/tableReplica:TableReplica";

const pointInTimeRecovery: ResourceRule = {
  name: "dynamodb-point-in-time-recovery",
  description: "DynamoDB tables and their replicas have point-in-time recovery.",
  severity: "high",
  practice: "REL09-BP01",
  tags: ["dynamodb", "reliability"],
  url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html",
  remediationSteps: "Set pointInTimeRecovery: { enabled: true }, and pointInTimeRecovery: true for each replica.",
  checkResource: byType({
    [tableType]: (props) => [
      ...demandTrue(props, "pointInTimeRecovery.enabled", "write true"),
      ...ofReplicas(props, (path) => demandTrue(props, `${path}.pointInTimeRecovery`, "write true")),
    ],
    [replicaType]: (props) => demandTrue(props, "pointInTimeRecovery", "write true"),
  }),
};

const encryption: ResourceRule = {
  name: "dynamodb-encryption",
  description: "DynamoDB tables are encrypted with customer managed keys, in stacks that require it.",
  severity: "medium",
  practice: "SEC08-BP01",
  tags: ["dynamodb", "encryption"],
  url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html",
  remediationSteps: "Create an aws.kms.Key, and set serverSideEncryption: { enabled: true, kmsKeyArn }.",
  settings: {
    customerKeys: flag("Require customer managed KMS keys. AWS encrypts all tables; by default its own key is enough."),
  },
  checkResource: byType({
    [tableType]: (props, { customerKeys }) => {
      if (!customerKeys) return [];
      return [
        ...demandTrue(props, "serverSideEncryption.enabled", "write true, and set kmsKeyArn too"),
        ...demandGiven(props, "serverSideEncryption.kmsKeyArn", keyInstead),
        ...ofReplicas(props, (path) => demandGiven(props, `${path}.kmsKeyArn`, keyInstead)),
      ];
    },
    [replicaType]: (props, { customerKeys }) => (customerKeys ? demandGiven(props, "kmsKeyArn", keyInstead) : []),
  }),
};

const keyInstead = "write the ARN of a KMS key in that Region";

const deletionProtection: ResourceRule = {
  name: "dynamodb-deletion-protection",
  description: "DynamoDB tables are protected from deletion, in stacks that require it.",
  severity: "high",
  practice: "SEC08-BP04",
  tags: ["dynamodb", "reliability"],
  url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html",
  remediationSteps: "Set deletionProtectionEnabled: true.",
  settings: { required: flag("Require it, as for a stack in production.") },
  checkResource: byType({
    [tableType]: (props, { required }) => {
      if (!required) return [];
      return [
        ...demandTrue(props, "deletionProtectionEnabled", "write true"),
        ...ofReplicas(props, (path) => demandTrue(props, `${path}.deletionProtectionEnabled`, "write true")),
      ];
    },
    [replicaType]: (props, { required }) =>
      required ? demandTrue(props, "deletionProtectionEnabled", "write true") : [],
  }),
};

/** The findings about a table's replicas, if it has any. */
function ofReplicas(props: object, check: (path: string) => Finding[]): Finding[] {
  return isGiven(props, "replicas[]") ? check("replicas[]") : [];
}

function flag(description: string): PolicyConfigSchema["properties"][string] {
  return { type: "boolean", description, default: false };
}

export const tableRules = [pointInTimeRecovery, encryption, deletionProtection];
