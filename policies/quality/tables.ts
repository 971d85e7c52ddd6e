import type { PolicyConfigSchema } from "@pulumi/policy";
import type { Finding, ResourceRule } from "../lib/rule";
import { isGiven } from "../lib/values";
import { byType, demandGiven, demandTrue } from "./checks";

const tableType = "aws:dynamodb/table:Table";
const replicaType = "aws:dynamodb/tableReplica:TableReplica";

const pointInTimeRecovery: ResourceRule = {
  name: "dynamodb-point-in-time-recovery",
  description: "DynamoDB tables and their replicas can be restored to any second of the last weeks.",
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
  description: "DynamoDB tables are encrypted with keys of the account where it asks for them.",
  severity: "medium",
  practice: "SEC08-BP01",
  tags: ["dynamodb", "encryption"],
  url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html",
  remediationSteps: "Make an aws.kms.Key, and name it in serverSideEncryption: { enabled: true, kmsKeyArn }.",
  settings: {
    customerKeys: flag(
      "Demand keys of KMS that the account owns. AWS encrypts all tables; without this, its own key will do.",
    ),
  },
  checkResource: byType({
    [tableType]: (props, { customerKeys }) => {
      if (!customerKeys) return [];
      return [
        ...demandTrue(props, "serverSideEncryption.enabled", "write true, and kmsKeyArn beside it"),
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
  description: "DynamoDB tables cannot be deleted by mistake where the stack keeps data that counts.",
  severity: "high",
  practice: "SEC08-BP04",
  tags: ["dynamodb", "reliability"],
  url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html",
  remediationSteps: "Set deletionProtectionEnabled: true.",
  settings: { required: flag("Demand it, as for a stack in production.") },
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

/** What is found about the replicas, of a table that has some. */
function ofReplicas(props: object, check: (path: string) => Finding[]): Finding[] {
  return isGiven(props, "replicas[]") ? check("replicas[]") : [];
}

function flag(description: string): PolicyConfigSchema["properties"][string] {
  return { type: "boolean", description, default: false };
}

export const tableRules = [pointInTimeRecovery, encryption, deletionProtection];
