import type { Checked } from "../../helpers/policies/policies";
import { type Example, of } from "./example";
import { instances } from "./instanceExamples";
import { messaging } from "./messagingExamples";

/** The props of a policy document with one statement that allows something. */
function document(property: string, statement: object): object {
  return { [property]: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] }) };
}

const functionType = "aws:lambda/function:Function";
const logGroupType = "aws:cloudwatch/logGroup:LogGroup";
const tableType = "aws:dynamodb/table:Table";
const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";
const jobType = "aws:batch/jobDefinition:JobDefinition";
const clusterType = "aws:emr/cluster:Cluster";

const kinesis = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks";
const unlimited = {
  eventSourceArn: kinesis,
  startingPosition: "LATEST",
  maximumRetryAttempts: -1,
  bisectBatchOnFunctionError: false,
  functionResponseTypes: [],
};
const limited = {
  ...unlimited,
  maximumRetryAttempts: 3,
  maximumRecordAgeInSeconds: 3600,
  bisectBatchOnFunctionError: true,
  functionResponseTypes: ["ReportBatchItemFailures"],
  destinationConfig: { onFailure: { destinationArn: "arn:aws:sqs:eu-west-1:123456789012:failed" } },
};

const functions: Example[] = [
  of("lambda-memory-and-timeout", functionType, { memorySize: 64, timeout: 0 }, { memorySize: 128, timeout: 3 }),
  of(
    "lambda-current-runtime",
    functionType,
    { runtime: "nodejs8.10", packageType: "Zip" },
    { runtime: "nodejs24.x", packageType: "Zip" },
  ),
  of(
    "lambda-permission-source",
    "aws:lambda/permission:Permission",
    { principal: "events.amazonaws.com", sourceArn: "*" },
    { principal: "events.amazonaws.com", sourceArn: "arn:aws:events:eu-west-1:123456789012:rule/nightly" },
  ),
  of("stream-bounded-retries", mappingType, unlimited, limited),
  of("event-source-partial-failures", mappingType, unlimited, limited),
];

const functionNamed = (name: string): Checked => ({ type: functionType, name: "function", props: { name } });
const groupNamed = (name: string): Checked => ({ type: logGroupType, name: "group", props: { name } });
const methodSettings = (settings: object): Checked => ({
  type: "aws:apigateway/methodSettings:MethodSettings",
  name: "settings",
  props: { restApi: "id", stageName: "Prod", methodPath: "*/*", settings },
});

const logs: Example[] = [
  of(
    "log-retention",
    logGroupType,
    { retentionInDays: 0, logGroupClass: "STANDARD" },
    { retentionInDays: 30, logGroupClass: "STANDARD" },
  ),
  {
    rule: "lambda-log-group",
    bad: [functionNamed("items"), groupNamed("/aws/lambda/others")],
    good: [functionNamed("items"), groupNamed("/aws/lambda/items")],
  },
  {
    rule: "api-execution-log-group",
    bad: [methodSettings({ loggingLevel: "INFO" }), groupNamed("API-Gateway-Execution-Logs_id/Dev")],
    good: [methodSettings({ loggingLevel: "INFO" }), groupNamed("API-Gateway-Execution-Logs_id/Prod")],
  },
];

const data: Example[] = [
  of(
    "dynamodb-point-in-time-recovery",
    tableType,
    { pointInTimeRecovery: { enabled: false }, replicas: [{ pointInTimeRecovery: false }] },
    { pointInTimeRecovery: { enabled: true }, replicas: [{ pointInTimeRecovery: true }] },
  ),
  of(
    "dynamodb-encryption",
    tableType,
    { serverSideEncryption: { enabled: false }, replicas: [{}] },
    { serverSideEncryption: { enabled: true, kmsKeyArn: "arn" }, replicas: [{ kmsKeyArn: "arn" }] },
    { customerKeys: true },
  ),
  of(
    "dynamodb-deletion-protection",
    tableType,
    { deletionProtectionEnabled: false },
    { deletionProtectionEnabled: true },
    { required: true },
  ),
];

const iam: Example[] = [
  of(
    "iam-least-privilege",
    "aws:iam/rolePolicy:RolePolicy",
    document("policy", { Action: ["s3:*", "s3:GetObject"], Resource: "*" }),
    document("policy", { Action: ["s3:GetObject"], Resource: "arn:aws:s3:::items/*" }),
  ),
  of(
    "iam-no-administrator",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    { policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
  ),
  of(
    "iam-trust",
    "aws:iam/role:Role",
    document("assumeRolePolicy", { Action: "sts:AssumeRole", Principal: "*" }),
    document("assumeRolePolicy", { Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }),
  ),
  of(
    "resource-policy-source",
    "aws:lambda/resourcePolicy:ResourcePolicy",
    document("policy", { Action: "lambda:InvokeFunction", Principal: { Service: "events.amazonaws.com" } }),
    document("policy", {
      Action: "lambda:InvokeFunction",
      Principal: { Service: "events.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:eu-west-1:123456789012:rule/nightly" } },
    }),
  ),
  of(
    "public-share",
    "aws:lambda/layerVersionPermission:LayerVersionPermission",
    { principal: "*" },
    { principal: "*", organizationId: "o-1" },
  ),
];

const restStage = { type: "aws:apigateway/stage:Stage", name: "stage", props: { restApi: "id", stageName: "Prod" } };
const body = (security: object[]) => ({ body: JSON.stringify({ paths: { "/items": { get: { security } } } }) });

const apis: Example[] = [
  of(
    "api-access-logs",
    "aws:apigateway/stage:Stage",
    { accessLogSettings: { format: "{}" } },
    { accessLogSettings: { format: "{}", destinationArn: "arn" } },
  ),
  of("api-authorization", "aws:apigateway/restApi:RestApi", body([]), body([{ sigv4: [] }]), { required: true }),
  {
    rule: "api-throttling",
    bad: [restStage, methodSettings({ throttlingRateLimit: -1, throttlingBurstLimit: 50 })],
    good: [restStage, methodSettings({ throttlingRateLimit: 100, throttlingBurstLimit: 50 })],
  },
];

const container = (properties: object) => ({ containerProperties: JSON.stringify(properties) });
const network = (assignPublicIp: string) => container({ networkConfiguration: { assignPublicIp } });
const retries = (last: object) => ({
  retryStrategy: { attempts: 3, evaluateOnExits: [{ action: "RETRY", onStatusReason: "Host EC2*" }, last] },
});

const batch: Example[] = [
  of("batch-container-isolation", jobType, container({ privileged: true }), container({ privileged: false })),
  of(
    "batch-timeout",
    jobType,
    { timeout: { attemptDurationSeconds: 1 } },
    { timeout: { attemptDurationSeconds: 3600 } },
  ),
  of(
    "batch-retry",
    jobType,
    retries({ action: "EXIT", onReason: "Cannot*" }),
    retries({ action: "EXIT", onReason: "*" }),
  ),
  of("batch-public-ip", jobType, network("ENABLED"), network("DISABLED")),
];

const configuration = (enabled: boolean, version: number) => ({
  configuration: JSON.stringify({
    EncryptionConfiguration: { EnableAtRestEncryption: enabled, EnableInTransitEncryption: enabled },
    InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: version },
  }),
});
const stops = (enabled: boolean, idleTimeoutMinutes: number) => ({
  autoStopConfiguration: { enabled, idleTimeoutMinutes },
});
const roleWithManagedPolicy: Checked[] = [
  { type: "aws:iam/role:Role", name: "role", props: { name: "emr" } },
  {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name: "attachment",
    props: { policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2", role: "emr" },
    propertyDependencies: { role: ["role"] },
  },
];
const tagged = (value: string): Checked => ({
  type: clusterType,
  name: "cluster",
  props: { serviceRole: "emr", tags: { "for-use-with-amazon-emr-managed-policies": value } },
  propertyDependencies: { serviceRole: ["role"] },
});

const emr: Example[] = [
  of("emr-security-configuration", clusterType, {}, { securityConfiguration: "encrypted", logUri: "s3://logs/" }),
  of(
    "emr-encryption",
    "aws:emr/securityConfiguration:SecurityConfiguration",
    configuration(false, 1),
    configuration(true, 2),
    { inTransit: true },
  ),
  of(
    "emr-log-key",
    "aws:emrserverless/application:Application",
    { monitoringConfiguration: { cloudwatchLoggingConfiguration: { enabled: true } } },
    { monitoringConfiguration: { cloudwatchLoggingConfiguration: { enabled: true, encryptionKeyArn: "arn" } } },
  ),
  of(
    "emr-termination",
    clusterType,
    { keepJobFlowAliveWhenNoSteps: true, terminationProtection: false },
    { keepJobFlowAliveWhenNoSteps: true, terminationProtection: true },
  ),
  of("emr-serverless-auto-stop", "aws:emrserverless/application:Application", stops(false, 90), stops(true, 15)),
  {
    rule: "emr-managed-policy-tag",
    bad: [...roleWithManagedPolicy, tagged("false")],
    good: [...roleWithManagedPolicy, tagged("true")],
  },
];

/** An example of each quality rule. */
export const examples: Example[] = [
  ...functions,
  ...logs,
  ...data,
  ...messaging,
  ...iam,
  ...apis,
  ...instances,
  ...batch,
  ...emr,
];
