import { type Get, Part, type Templates } from "../templates";
import { arn, byArn, byName, global, iam } from "./arns";
import { declaredOutputs } from "./cloudformation";
import { dataTemplates } from "./data";
import { eksTemplates } from "./eks";
import { defaultVpcTemplates, vpcTemplates } from "./network";

const invoke = (target: string) =>
  `arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/${target}/invocations`;
const executeApi = "{id}.execute-api.{region}.{dnsSuffix}";
/** Lambda accepts a function's name or its ARN. */
const functionName = (get: Get) => String(get("functionName")).replace(/^.*:function:([^:]+).*$/, "$1");
/** A rule's name, after that of its bus, given by name or ARN, unless that is the account's own. */
const ruleName = (get: Get) => {
  const bus = String(get("eventBusName") || "default").replace(/^.*:event-bus\//, "");
  return bus === "default" ? "{name}" : `${bus}/{name}`;
};
/** An instance's address in a network of 10.0.0.0/16: another one for each id. */
const privateAddress = (get: Get) => {
  const id = String(get("id"));
  return ["10", "0", ...[2, 4].map((start) => (Number.parseInt(id.slice(start, start + 2), 16) % 250) + 4)].join(".");
};
/** An EC2 resource: its id has a prefix, its ARN ends with the id. */
const ec2 = (kind: string, prefix: string, more: Templates = {}): Templates => ({
  id: `${prefix}-{hex:17}`,
  arn: arn("ec2", `${kind}/{id}`),
  ...more,
});
const loadBalancer: Templates = byArn("elasticloadbalancing", "loadbalancer/{arnSuffix}", {
  arnSuffix: "app/{name}/{hex:16}",
  dnsName: "{name}-{hex:10}.{region}.elb.{dnsSuffix}",
});
const targetGroup: Templates = byArn("elasticloadbalancing", "{arnSuffix}", {
  arnSuffix: "targetgroup/{name}/{hex:16}",
});
/**
 * What types do not say about AWS resources: the format of ids, ARNs and addresses, which code and policies rely on.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 * @see https://www.pulumi.com/registry/packages/aws/api-docs/ for ids, under "Import"
 */
export const awsTemplates: Record<string, Templates> = {
  ...dataTemplates,
  ...eksTemplates,
  "aws:acm/certificate:Certificate": byArn("acm", "certificate/{guid}", {
    domainValidationOptions: (get) => {
      const others = (get("subjectAlternativeNames") ?? []) as string[];
      return [String(get("domainName")), ...others].map((domainName) => ({
        domainName,
        resourceRecordName: `_{hex:32}.${domainName}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_{hex:32:value}.acm-validations.aws.",
      }));
    },
  }),
  "aws:alb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:alb/targetGroup:TargetGroup": targetGroup,
  "aws:apigateway/account:Account": { id: "api-gateway-account" },
  "aws:apigateway/apiKey:ApiKey": { id: "{chars:10}", value: "{chars:40}" },
  "aws:apigateway/deployment:Deployment": { id: "{chars:6}" },
  "aws:apigateway/resource:Resource": { id: "{chars:6}", path: "/{pathPart}" },
  "aws:apigateway/restApi:RestApi": {
    id: "{chars:10}",
    arn: "arn:{partition}:apigateway:{region}::/restapis/{id}",
    executionArn: arn("execute-api", "{id}"),
    rootResourceId: "{chars:10:root}",
  },
  "aws:apigateway/stage:Stage": {
    id: "ags-{restApi}-{stageName}",
    arn: "arn:{partition}:apigateway:{region}::/restapis/{restApi}/stages/{stageName}",
    executionArn: arn("execute-api", "{restApi}/{stageName}"),
    invokeUrl: "https://{restApi}.execute-api.{region}.{dnsSuffix}/{stageName}",
  },
  "aws:apigatewayv2/api:Api": {
    id: "{chars:10}",
    arn: "arn:{partition}:apigateway:{region}::/apis/{id}",
    apiEndpoint: (get) => `${get("protocolType") === "WEBSOCKET" ? "wss" : "https"}://${executeApi}`,
    executionArn: arn("execute-api", "{id}"),
  },
  "aws:apigatewayv2/authorizer:Authorizer": { id: "{chars:6}" },
  "aws:apigatewayv2/deployment:Deployment": { id: "{chars:6}" },
  "aws:apigatewayv2/integration:Integration": { id: "{chars:7}" },
  "aws:apigatewayv2/route:Route": { id: "{chars:7}" },
  "aws:apigatewayv2/stage:Stage": {
    id: "{name}",
    arn: "arn:{partition}:apigateway:{region}::/apis/{apiId}/stages/{name}",
    executionArn: arn("execute-api", "{apiId}/{name}"),
    // The stage $default is at the root, and its URL ends with a slash.
    invokeUrl: (get) => {
      const name = get("name") === "$default" ? "" : "{name}";
      return `https://{apiId}.execute-api.{region}.{dnsSuffix}/${name}`;
    },
  },
  "aws:appsync/graphQLApi:GraphQLApi": {
    id: "{chars:26}",
    arn: arn("appsync", "apis/{id}"),
    uris: {
      GRAPHQL: "https://{id}.appsync-api.{region}.{dnsSuffix}/graphql",
      REALTIME: "wss://{id}.appsync-realtime-api.{region}.{dnsSuffix}/graphql",
    },
  },
  "aws:batch/computeEnvironment:ComputeEnvironment": byName("batch", "compute-environment/{name}"),
  "aws:batch/jobDefinition:JobDefinition": byArn("batch", "job-definition/{name}:1", {
    arnPrefix: arn("batch", "job-definition/{name}"),
    revision: 1,
  }),
  "aws:batch/jobQueue:JobQueue": byArn("batch", "job-queue/{name}"),
  "aws:batch/schedulingPolicy:SchedulingPolicy": byArn("batch", "scheduling-policy/{name}"),
  "aws:cloudformation/stack:Stack": {
    id: arn("cloudformation", "stack/{name}/{guid}"),
    outputs: (get, _input, _region, guess) => declaredOutputs(get("templateBody"), guess),
  },
  "aws:cloudfront/distribution:Distribution": {
    id: "E{CHARS:13}",
    arn: "arn:{partition}:cloudfront::{account}:distribution/{id}",
    domainName: "d{chars:13}.cloudfront.net",
    hostedZoneId: "Z2FDTNDATAQYW2",
  },
  "aws:cloudfront/function:Function": { id: "{name}", arn: "arn:{partition}:cloudfront::{account}:function/{name}" },
  "aws:cloudwatch/dashboard:Dashboard": {
    id: "{dashboardName}",
    dashboardArn: "arn:{partition}:cloudwatch::{account}:dashboard/{dashboardName}",
  },
  "aws:cloudwatch/eventBus:EventBus": byName("events", "event-bus/{name}"),
  "aws:cloudwatch/eventRule:EventRule": {
    id: ruleName,
    arn: (get) => arn("events", `rule/${ruleName(get)}`),
  },
  "aws:cloudwatch/logGroup:LogGroup": byName("logs", "log-group:{name}"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": byName("cloudwatch", "alarm:{name}"),
  "aws:cloudwatch/queryDefinition:QueryDefinition": {
    id: "{guid}",
    arn: arn("logs", "query-definition:{id}"),
    queryDefinitionId: "{id}",
  },
  "aws:cognito/userPool:UserPool": {
    id: "{region}_{chars:9}",
    arn: arn("cognito-idp", "userpool/{id}"),
    endpoint: "cognito-idp.{region}.{dnsSuffix}/{id}",
  },
  "aws:cognito/userPoolClient:UserPoolClient": { id: "{chars:26}", clientSecret: "{chars:51}" },
  "aws:dynamodb/globalSecondaryIndex:GlobalSecondaryIndex": {
    id: "{tableName},{indexName}",
    arn: arn("dynamodb", "table/{tableName}/index/{indexName}"),
  },
  "aws:dynamodb/table:Table": byName("dynamodb", "table/{name}", {
    streamArn: (get) => (get("streamEnabled") ? arn("dynamodb", "table/{name}/stream/{streamLabel}") : ""),
    streamLabel: (get) => (get("streamEnabled") ? "2024-01-01T00:00:00.000" : ""),
  }),
  "aws:ec2/eip:Eip": ec2("elastic-ip", "eipalloc", { allocationId: "{id}" }),
  "aws:ec2/flowLog:FlowLog": ec2("vpc-flow-log", "fl"),
  "aws:ec2/instance:Instance": ec2("instance", "i", {
    instanceState: "running",
    privateDns: (get) => `ip-${privateAddress(get).replaceAll(".", "-")}.{region}.compute.internal`,
    privateIp: (get) => privateAddress(get),
    publicDns: "ec2-203-0-113-10.{region}.compute.{dnsSuffix}",
    publicIp: "203.0.113.10",
  }),
  "aws:ec2/internetGateway:InternetGateway": ec2("internet-gateway", "igw"),
  "aws:ec2/keyPair:KeyPair": { id: "{keyName}", arn: arn("ec2", "key-pair/{keyName}"), keyPairId: "key-{hex:17}" },
  "aws:ec2/launchTemplate:LaunchTemplate": ec2("launch-template", "lt", { latestVersion: 1, defaultVersion: 1 }),
  "aws:ec2/natGateway:NatGateway": { id: "nat-{hex:17}" },
  "aws:ec2/networkInterface:NetworkInterface": ec2("network-interface", "eni"),
  "aws:ec2/routeTable:RouteTable": ec2("route-table", "rtb"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": { id: "rtbassoc-{hex:17}" },
  "aws:ec2/securityGroup:SecurityGroup": ec2("security-group", "sg"),
  "aws:ec2/securityGroupRule:SecurityGroupRule": { id: "sgrule-{hex:10}", securityGroupRuleId: "sgr-{hex:17}" },
  "aws:ec2/subnet:Subnet": ec2("subnet", "subnet"),
  "aws:ec2/vpc:Vpc": ec2("vpc", "vpc"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpc-endpoint", "vpce"),
  "aws:ecr/repository:Repository": byName("ecr", "repository/{name}", {
    registryId: "{account}",
    repositoryUrl: "{account}.dkr.ecr.{region}.{dnsSuffix}/{name}",
  }),
  "aws:ecs/cluster:Cluster": byArn("ecs", "cluster/{name}"),
  "aws:ecs/service:Service": { id: arn("ecs", "service/{name}") },
  "aws:ecs/taskDefinition:TaskDefinition": {
    id: "{family}",
    arn: arn("ecs", "task-definition/{family}:1"),
    arnWithoutRevision: arn("ecs", "task-definition/{family}"),
    revision: 1,
  },
  "aws:efs/accessPoint:AccessPoint": { id: "fsap-{hex:17}", arn: arn("elasticfilesystem", "access-point/{id}") },
  "aws:efs/fileSystem:FileSystem": {
    id: "fs-{hex:17}",
    arn: arn("elasticfilesystem", "file-system/{id}"),
    dnsName: "{id}.efs.{region}.{dnsSuffix}",
  },
  "aws:iam/accessKey:AccessKey": { id: "AKIA{CHARS:16}", secret: "{chars:40:secret}", status: "Active" },
  "aws:iam/instanceProfile:InstanceProfile": { id: "{name}", arn: iam("instance-profile{path|/}{name}") },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    id: "{arn}",
    arn: (get) => iam(`oidc-provider/${String(get("url")).replace(/^https:\/\//, "")}`),
  },
  "aws:iam/policy:Policy": { id: "{arn}", arn: iam("policy{path|/}{name}"), policyId: "ANPA{CHARS:17}" },
  "aws:iam/role:Role": { id: "{name}", arn: iam("role{path|/}{name}"), uniqueId: "AROA{CHARS:17}" },
  "aws:iam/user:User": { id: "{name}", arn: iam("user{path|/}{name}"), uniqueId: "AIDA{CHARS:17}" },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": byArn("firehose", "deliverystream/{name}"),
  "aws:kinesis/resourcePolicy:ResourcePolicy": { id: "{resourceArn}" },
  "aws:kinesis/stream:Stream": byArn("kinesis", "stream/{name}"),
  "aws:kinesis/streamConsumer:StreamConsumer": {
    id: "{arn}",
    arn: "{streamArn}/consumer/{name}:1704067200",
    creationTimestamp: "2024-01-01T00:00:00Z",
  },
  "aws:lambda/alias:Alias": {
    id: "{arn}",
    arn: (get) => arn("lambda", `function:${functionName(get)}:{name}`),
    invokeArn: invoke("{arn}"),
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    id: "{guid}",
    uuid: "{id}",
    arn: arn("lambda", "event-source-mapping:{id}"),
    functionArn: (get) => arn("lambda", `function:${functionName(get)}`),
  },
  "aws:lambda/function:Function": byName("lambda", "function:{name}", {
    architectures: ["x86_64"],
    invokeArn: invoke("{arn}"),
    qualifiedArn: "{arn}:{version}",
    qualifiedInvokeArn: invoke("{qualifiedArn}"),
    version: (get) => (get("publish") ? "1" : "$LATEST"),
  }),
  "aws:lambda/functionUrl:FunctionUrl": {
    id: "{functionName}",
    urlId: "{chars:32}",
    functionUrl: "https://{urlId}.lambda-url.{region}.on.aws/",
    functionArn: (get) => arn("lambda", `function:${functionName(get)}`),
  },
  // Programs parse it as JSON. The function itself runs only once it is served.
  "aws:lambda/invocation:Invocation": { result: "{}" },
  "aws:lambda/layerVersion:LayerVersion": {
    id: "{arn}",
    layerArn: arn("lambda", "layer:{layerName}"),
    arn: "{layerArn}:1",
    version: "1",
  },
  "aws:lb/listener:Listener": { id: "{arn}", arn: arn("elasticloadbalancing", "listener/app/{hex:16}/{hex:15}") },
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:lb/targetGroup:TargetGroup": targetGroup,
  "aws:rds/cluster:Cluster": {
    id: "{clusterIdentifier}",
    arn: arn("rds", "cluster:{clusterIdentifier}"),
    endpoint: "{clusterIdentifier}.cluster-{chars:12}.{region}.rds.{dnsSuffix}",
    readerEndpoint: "{clusterIdentifier}.cluster-ro-{chars:12}.{region}.rds.{dnsSuffix}",
  },
  "aws:rds/instance:Instance": {
    id: "db-{CHARS:26}",
    arn: arn("rds", "db:{identifier}"),
    address: "{identifier}.{chars:12}.{region}.rds.{dnsSuffix}",
    endpoint: "{address}:{port}",
    port: (get) => (/postgres/.test(String(get("engine"))) ? 5432 : 3306),
  },
  "aws:route53/zone:Zone": { id: "{zoneId}", zoneId: "Z{CHARS:20}", arn: global("route53", "hostedzone/{zoneId}") },
  "aws:scheduler/schedule:Schedule": { id: "{groupName|default}/{name}", arn: arn("scheduler", "schedule/{id}") },
  "aws:secretsmanager/secret:Secret": byArn("secretsmanager", "secret:{name}-{chars:6}"),
  "aws:sfn/stateMachine:StateMachine": byArn("states", "stateMachine:{name}"),
  "aws:sns/topic:Topic": byArn("sns", "{name}"),
  "aws:sqs/queue:Queue": {
    id: "{url}",
    arn: arn("sqs", "{name}"),
    url: "https://sqs.{region}.{dnsSuffix}/{account}/{name}",
  },
  "aws:ssm/parameter:Parameter": byName("ssm", "parameter/{name}"),
  "aws-apigateway:index:RestAPI": {
    stage: new Part("aws:apigateway/stage:Stage", "", { restApi: "{api}", stageName: "{stageName|stage}" }),
    url: "https://{api}.execute-api.{region}.{dnsSuffix}/{stageName|stage}/",
  },
  "awsx:ec2:DefaultVpc": defaultVpcTemplates,
  "awsx:ec2:Vpc": vpcTemplates,
  "awsx:ecr:Repository": { url: (get) => `{account}.dkr.ecr.{region}.{dnsSuffix}/${get("repository")}` },
  "awsx:ecr:Image": { imageUri: (get) => `{repositoryUrl}@sha256:{hex:64:${get("imageTag")}}` },
};
