import type { EventSource } from "../sources";

/**
 * What the role of an event source mapping's function, or of a pipe, must allow; of several actions in a row, one is enough.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const READING: Record<EventSource["kind"], string[][]> = {
  sqs: [["sqs:ReceiveMessage"], ["sqs:DeleteMessage"], ["sqs:GetQueueAttributes"]],
  kinesis: [
    ["kinesis:GetRecords"],
    ["kinesis:GetShardIterator"],
    ["kinesis:DescribeStream", "kinesis:DescribeStreamSummary"],
    ["kinesis:ListShards"],
  ],
  dynamodb: [
    ["dynamodb:GetRecords"],
    ["dynamodb:GetShardIterator"],
    ["dynamodb:DescribeStream"],
    ["dynamodb:ListStreams"],
  ],
};

const NONE: string[] = [];
const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

/** What AWS's own policies allow of what is asked for here, by the last part of their ARNs. @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html */
export const MANAGED: Record<string, string[]> = {
  AdministratorAccess: ["*"],
  PowerUserAccess: ["*"],
  AWSLambdaKinesisExecutionRole: [...READING.kinesis.flat(), ...LOGS],
  AWSLambdaSQSQueueExecutionRole: [...READING.sqs.flat(), ...LOGS],
  AWSLambdaDynamoDBExecutionRole: [...READING.dynamodb.flat(), ...LOGS],
  AmazonKinesisFullAccess: ["kinesis:*"],
  AmazonKinesisReadOnlyAccess: ["kinesis:Get*", "kinesis:List*", "kinesis:Describe*"],
  AmazonSQSFullAccess: ["sqs:*"],
  AmazonSQSReadOnlyAccess: ["sqs:GetQueueAttributes"],
  AmazonDynamoDBFullAccess: ["dynamodb:*"],
  AmazonDynamoDBReadOnlyAccess: READING.dynamodb.flat(),
  AWSLambdaBasicExecutionRole: LOGS,
  AWSLambdaVPCAccessExecutionRole: LOGS,
  AWSLambdaENIManagementAccess: NONE,
  AWSLambdaRole: ["lambda:InvokeFunction"],
  AWSLambda_FullAccess: ["lambda:*"],
  AmazonAPIGatewayInvokeFullAccess: ["execute-api:Invoke", "execute-api:ManageConnections"],
  AWSXRayDaemonWriteAccess: NONE,
  AWSXrayWriteOnlyAccess: NONE,
  CloudWatchLambdaInsightsExecutionRolePolicy: NONE,
  CloudWatchLambdaApplicationSignalsExecutionRolePolicy: NONE,
};
