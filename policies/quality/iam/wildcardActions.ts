/**
 * Actions without resource-level permissions, or on resources that a program cannot name, so that they must be allowed
 * on `*`. A `*` at the end matches any characters.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html,
 * where their "Resource types" column is empty.
 */
const withoutResource = [
  // Traces, metrics and the channels of a shell in a container, which have no ARN.
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:GetSamplingStatisticSummaries",
  "cloudwatch:PutMetricData",
  "cloudwatch:GetMetricData",
  "cloudwatch:GetMetricStatistics",
  "cloudwatch:ListMetrics",
  // Lists of all resources, and facts about the account or the service.
  "acm:ListCertificates",
  "application-autoscaling:Describe*",
  "autoscaling:Describe*",
  "batch:DescribeComputeEnvironments",
  "batch:DescribeJobDefinitions",
  "batch:DescribeJobQueues",
  "batch:DescribeJobs",
  "batch:DescribeSchedulingPolicies",
  "batch:ListJobs",
  "batch:ListSchedulingPolicies",
  "dynamodb:DescribeEndpoints",
  "dynamodb:DescribeLimits",
  "dynamodb:ListStreams",
  "dynamodb:ListTables",
  "ec2:Describe*",
  "ecr:GetAuthorizationToken",
  "ecr-public:GetAuthorizationToken",
  "ecs:DescribeTaskDefinition",
  "ecs:DiscoverPollEndpoint",
  "ecs:ListClusters",
  "ecs:ListTaskDefinitions",
  "elasticloadbalancing:Describe*",
  "elasticmapreduce:DescribeReleaseLabel",
  "elasticmapreduce:DescribeSecurityConfiguration",
  "elasticmapreduce:ListClusters",
  "elasticmapreduce:ListReleaseLabels",
  "elasticmapreduce:ListSecurityConfigurations",
  "elasticmapreduce:ListSupportedInstanceTypes",
  "emr-serverless:ListApplications",
  "events:ListRules",
  "firehose:ListDeliveryStreams",
  "kinesis:DescribeLimits",
  "kinesis:ListStreams",
  "kms:GenerateRandom",
  "kms:ListAliases",
  "kms:ListKeys",
  "lakeformation:GetDataAccess",
  "lambda:GetAccountSettings",
  "lambda:ListEventSourceMappings",
  "lambda:ListFunctions",
  "logs:DescribeLogGroups",
  "pricing:GetProducts",
  "route53:ListHostedZones",
  "route53:ListHostedZonesByName",
  "s3:ListAllMyBuckets",
  "scheduler:ListSchedules",
  "secretsmanager:GetRandomPassword",
  "secretsmanager:ListSecrets",
  "sns:ListTopics",
  "sqs:ListQueues",
  "ssm:DescribeParameters",
  "states:ListStateMachines",
  "sts:GetCallerIdentity",
  "sts:GetServiceBearerToken",
  "tag:GetResources",
  // The creation of clusters and applications, which have no ARN before they exist.
  "elasticmapreduce:RunJobFlow",
  "emr-serverless:CreateApplication",
  // The network interfaces that Lambda creates for functions in a VPC.
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:UnassignPrivateIpAddresses",
  // The delivery of a service's logs: AWS chooses the ids of deliveries.
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
];

/**
 * Whether an action, or every action that a pattern matches, may be allowed on all resources.
 * @param more further actions that may be
 */
export function mayHaveEveryResource(action: string, more: string[]): boolean {
  const lower = action.toLowerCase();
  return [...withoutResource, ...more].some((allowed) => {
    const name = allowed.toLowerCase();
    return name.endsWith("*") ? lower.startsWith(name.slice(0, -1)) : lower === name;
  });
}
