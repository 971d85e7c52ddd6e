import { eventLimits } from "./events";
import { jobLimits } from "./jobs";
import { century, type Limit, own, quota, syntax } from "./limit";

/**
 * By the path in the arguments, or `policy.setting`. `*` stands for any type. An enum is listed by its own name. That a
 * list needs an element is never AWS's limit: an empty one would do nothing.
 */
export const limits: Record<string, Limit> = {
  ...jobLimits,
  ...eventLimits,

  "*.logRetentionDays": {
    model: "logs PutRetentionPolicyRequest.retentionInDays",
    says: "Possible values are: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, and 3653",
  },
  "*.kmsKeyArn": { because: "services take ids and aliases too, but policies can name only the ARN" },
  KeyService: { because: own },
  "*.permissionsBoundary": { because: syntax },
  "*.releaseLabel": { because: syntax },
  "*.arraySize": { because: "AWS Batch User Guide, Array jobs: 2 to 10,000" },

  "AliasArgs.name": { model: "lambda CreateAliasRequest.Name" },
  "AliasArgs.provisionedConcurrency": {
    model: "lambda PutProvisionedConcurrencyConfigRequest.ProvisionedConcurrentExecutions",
    because: quota,
  },
  "AliasArgs.routing": { because: "AWS Lambda Developer Guide, Weighted aliases: two versions at most" },
  "AliasArgs.routing{}": { model: "lambda AdditionalVersionWeights.{}" },
  BundleFormat: { because: own },
  "DurableArgs.executionTimeout": { model: "lambda DurableConfig.ExecutionTimeout" },
  "DurableArgs.retentionPeriod": { model: "lambda DurableConfig.RetentionPeriodInDays" },
  "FunctionCapacityArgs.providerArn": {
    model: "lambda LambdaManagedInstancesCapacityProviderConfig.CapacityProviderArn",
    because: "the model knows the names of regions, and a new one must not be refused",
  },
  "FunctionCapacityArgs.subnetIds": { model: "lambda CapacityProviderVpcConfig.SubnetIds" },
  "FunctionCapacityArgs.securityGroupIds": { model: "lambda CapacityProviderVpcConfig.SecurityGroupIds" },
  "FunctionCapacityArgs.instanceTypes": { model: "lambda InstanceRequirements.AllowedInstanceTypes" },
  "FunctionCapacityArgs.excludedInstanceTypes": { model: "lambda InstanceRequirements.ExcludedInstanceTypes" },
  "FunctionCapacityArgs.maxVcpus": { model: "lambda CapacityProviderScalingConfig.MaxVCpuCount" },
  "FunctionCapacityArgs.targetCpuUtilization": { model: "lambda TargetTrackingScalingPolicy.TargetValue" },
  "FunctionCapacityArgs.memoryPerVcpu": {
    model: "lambda LambdaManagedInstancesCapacityProviderConfig.ExecutionEnvironmentMemoryGiBPerVCpu",
  },
  "FunctionCapacityArgs.maxConcurrency": {
    model: "lambda LambdaManagedInstancesCapacityProviderConfig.PerExecutionEnvironmentMaxConcurrency",
  },
  "FunctionCapacityArgs.minEnvironments": { model: "lambda FunctionScalingConfig.MinExecutionEnvironments" },
  "FunctionCapacityArgs.maxEnvironments": { model: "lambda FunctionScalingConfig.MaxExecutionEnvironments" },
  "FileSystemArgs.mountPath": { model: "lambda FileSystemConfig.LocalMountPath" },
  "LambdaFunctionArgs.codeSigning": {
    model: "lambda CreateFunctionRequest.CodeSigningConfigArn",
    because: "the model knows the names of regions, and a new one must not be refused",
  },
  "LambdaFunctionArgs.description": { model: "lambda CreateFunctionRequest.Description" },
  "LambdaFunctionArgs.memorySize": { model: "lambda CreateFunctionRequest.MemorySize" },
  "LambdaFunctionArgs.timeout": { model: "lambda CreateFunctionRequest.Timeout" },
  "LambdaFunctionArgs.ephemeralStorage": {
    model: "lambda EphemeralStorage.Size",
    because: "over 10,240 MB only with an accelerator, which the AWS provider lacks",
  },
  "LambdaFunctionArgs.layers": { because: "Lambda quotas: five layers" },
  "LambdaFunctionArgs.reservedConcurrency": {
    model: "lambda PutFunctionConcurrencyRequest.ReservedConcurrentExecutions",
    because: quota,
  },
  LogLevel: { model: "lambda LoggingConfig.ApplicationLogLevel" },
  "OnFailureArgs.retries": { model: "lambda PutFunctionEventInvokeConfigRequest.MaximumRetryAttempts" },
  "OnFailureArgs.maximumAge": { model: "lambda PutFunctionEventInvokeConfigRequest.MaximumEventAgeInSeconds" },
  Tenancy: { because: own },
  UrlAuth: { because: own },
  "UrlCorsArgs.allowMethods": { model: "lambda Cors.AllowMethods" },
  "UrlCorsArgs.allowMethods[]": {
    model: "lambda AllowMethodsList.[]",
    because: "the model takes any text of up to six characters",
  },
  "UrlCorsArgs.maxAge": { model: "lambda Cors.MaxAge" },
  "VpcArgs.subnetIds": { model: "lambda VpcConfig.SubnetIds" },
  "VpcArgs.securityGroupIds": { model: "lambda VpcConfig.SecurityGroupIds" },
  Architecture: { model: "lambda ArchitecturesList.[]" },
  "lambda-memory-and-timeout.maximumMemory": { model: "lambda CreateFunctionRequest.MemorySize" },
  "lambda-memory-and-timeout.maximumTimeout": { model: "lambda CreateFunctionRequest.Timeout" },
  "lambda-current-runtime.minimumDays": { because: "our own setting" },
  "stream-bounded-retries.maximumRetryAttempts": {
    model: "lambda CreateEventSourceMappingRequest.MaximumRetryAttempts",
    because: "-1, without end, is what the policy refuses",
  },
  "stream-bounded-retries.maximumRecordAge": {
    model: "lambda CreateEventSourceMappingRequest.MaximumRecordAgeInSeconds",
    because: "-1, without end, is what the policy refuses; with 60 seconds AWS's documentation begins",
  },

  "CapacityArgs.minimum": { because: "DynamoDB quotas: 40,000 units for each table, unless AWS has raised them" },
  "CapacityArgs.maximum": { because: "DynamoDB quotas: 40,000 units for each table, unless AWS has raised them" },
  "CapacityArgs.targetUtilization": {
    because: "DynamoDB Developer Guide, Managing throughput capacity automatically: 20 to 90",
  },
  "GlobalIndexArgs.hashKeys": { because: "DynamoDB Developer Guide, Multi-attribute keys: up to four" },
  "GlobalIndexArgs.rangeKeys": { because: "DynamoDB Developer Guide, Multi-attribute keys: up to four" },
  "GlobalIndexArgs.name": { model: "dynamodb GlobalSecondaryIndex.IndexName" },
  "GlobalIndexArgs.projectedAttributes": {
    model: "dynamodb Projection.NonKeyAttributes",
    because: "an empty list projects the keys only",
  },
  "IndexArgs.name": { model: "dynamodb LocalSecondaryIndex.IndexName" },
  "IndexArgs.projectedAttributes": {
    model: "dynamodb Projection.NonKeyAttributes",
    because: "an empty list projects the keys only",
  },
  "ItemsTableArgs.globalIndexes": {
    model: "dynamodb CreateTableInput.GlobalSecondaryIndexes",
    says: "the maximum is 20",
  },
  "ItemsTableArgs.localIndexes": { model: "dynamodb CreateTableInput.LocalSecondaryIndexes", says: "the maximum is 5" },
  "KeyArgs.name": { model: "dynamodb KeySchemaElement.AttributeName" },
  KeyType: { model: "dynamodb AttributeDefinition.AttributeType" },
  StreamView: { model: "dynamodb StreamSpecification.StreamViewType" },
  "WarmThroughputArgs.*": { because: "the model has no numbers; the component checks AWS's least ones for each mode" },
  TableClass: { model: "dynamodb CreateTableInput.TableClass" },

  ApiAuth: { because: own },
  ApiKeySource: { model: "apigateway CreateRestApiRequest.apiKeySource" },
  AuthorizerPayload: { because: "the model says so of apigatewayv2's AuthorizerPayloadFormatVersion, in words" },
  "CognitoAuthorizerArgs.*": { because: "AWS's own page on these authorizers; a name of HTTP" },
  JwtAlgorithm: { model: "apigateway ListOfJwtSigningAlgorithm.[]" },
  "JwtAuthorizerArgs.*": { because: "without one, no token is valid; a name of HTTP" },
  "JwtClaimArgs.expectedValues": { because: "the model says in words that the value cannot be empty" },
  "JwtIssuerArgs.audiences": { because: "without one, no token is valid" },
  "LambdaAuthorizerArgs.identitySources[]": { because: syntax },
  "LambdaAuthorizerArgs.resultTtlInSeconds": {
    model: "apigateway CreateAuthorizerRequest.authorizerResultTtlInSeconds",
    says: "The maximum value is 3600",
  },
  LambdaAuthorizerType: { because: "the words of the OpenAPI extension" },
  "QuotaArgs.limit": { model: "apigateway QuotaSettings.limit", because: "the most that a 32-bit integer holds" },
  "QuotaArgs.offset": { model: "apigateway QuotaSettings.offset", because: "AWS refuses more, but only later" },
  QuotaPeriod: { model: "apigateway QuotaSettings.period" },
  "RouteArgs.scopes[]": { because: "RFC 6749" },
  "HttpTargetArgs.*": { because: "names of HTTP, and AWS's own page on parameter mappings" },
  "MappedResponseArgs.*": { because: "names and statuses of HTTP, and AWS's own page on parameter mappings" },
  "MockTargetArgs.*": { because: "names and statuses of HTTP, and AWS's own page on parameter mappings" },
  "ServiceTargetArgs.*": { because: "names of HTTP, and AWS's own page on parameter mappings" },
  "UsagePlanArgs.keys[]": { because: "the name is a part of others; a key of a program's own has `keyIds`" },
  CloudWatchRole: { because: own },
  "CorsArgs.*": { because: "HTTP's own rules; API Gateway's answer to OPTIONS has one origin" },
  EndpointAccessMode: { model: "apigateway CreateRestApiRequest.endpointAccessMode" },
  ResponseTransferMode: { model: "apigateway PutIntegrationRequest.responseTransferMode" },
  "RouteArgs.tenantId": { because: syntax },
  "RouteArgs.timeoutInMillis": {
    because: "API Gateway Developer Guide, quotas: from 50 ms, and 15 minutes for a streamed response",
  },
  "HttpApiArgs.accessLogFormat": { because: "the model says so of apigatewayv2's AccessLogSettings.Format, in words" },
  "HttpApiArgs.description": {
    model: "apigatewayv2 CreateApiRequest.Description",
    because: "the type's name, StringWithLengthBetween0And1024, has the number",
  },
  "HttpApiArgs.minimumCompressionSize": { because: "refused, as are all others that only REST APIs have" },
  "HttpApiArgs.routes": { because: "an API without routes does nothing" },
  "HttpApiArgs.securityPolicy": { because: "refused, as are all others that only REST APIs have" },
  "HttpApiArgs.stageName": {
    model: "apigatewayv2 CreateStageRequest.StageName",
    because: "the type's name, StringWithLengthBetween1And128, has the number",
  },
  "HttpApiArgs.title": {
    model: "apigatewayv2 CreateApiRequest.Name",
    because: "the type's name, StringWithLengthBetween1And128, has the number",
  },
  "HttpApiArgs.version": {
    model: "apigatewayv2 CreateApiRequest.Version",
    because: "the type's name, StringWithLengthBetween1And64, has the number",
  },
  "HttpCorsArgs.*": { because: "HTTP's own rules, as for CorsArgs" },
  "ServerlessApiArgs.accessLogFormat": { because: "AWS refuses a format without the request's id" },
  "ServerlessApiArgs.securityPolicy": {
    model: "apigateway CreateRestApiRequest.securityPolicy",
    because: "a form of names, so that a new policy is not refused",
  },
  EndpointType: { model: "apigateway ListOfEndpointType.[]" },
  ParameterLocation: { because: "OpenAPI's own words" },
  PermissionScope: { because: own },
  "RouteArgs.operationId": { because: "OpenAPI's tools take longer names, but not other characters" },
  "ServerlessApiArgs.routes": { because: "an API without routes does nothing" },
  "ServerlessApiArgs.stageName": {
    model: "apigateway CreateStageRequest.stageName",
    says: "Maximum length is 128 characters",
  },
  "ServerlessApiArgs.minimumCompressionSize": {
    model: "apigateway CreateRestApiRequest.minimumCompressionSize",
    says: "between 0 and 10485760",
  },
  CacheSize: { model: "apigateway CreateStageRequest.cacheClusterSize" },
  "RouteCacheArgs.ttlInSeconds": {
    because: "API Gateway Developer Guide, Cache settings: 3600 at most, and 0 is none",
  },
  "CanaryArgs.percentTraffic": { because: "a percentage" },
  "DomainArgs.name": { because: "the syntax of domain names, which certificates have in lower case" },
  "DomainArgs.basePath": { because: "API Gateway Developer Guide, Base path mappings: one part of a path" },
  "DomainArgs.securityPolicy": {
    model: "apigateway CreateDomainNameRequest.securityPolicy",
    because: "a form of names, so that a new policy is not refused",
  },
  "GatewayResponseArgs.statusCode": { because: "HTTP's statuses" },
  "MutualTlsArgs.truststoreUri": { because: syntax },
  "WebAclArgs.rateLimit": { model: "wafv2 RateBasedStatement.Limit" },
  "ThrottleArgs.burstLimit": {
    model: "apigateway MethodSetting.throttlingBurstLimit",
    because: "the most that a 32-bit integer holds",
  },
  "ThrottleArgs.rateLimit": {
    model: "apigateway MethodSetting.throttlingRateLimit",
    because: "a negative rate is a mistake",
  },
  Validation: { because: own },
  "WebSocketApiArgs.routeSelectionExpression": { because: syntax },
  "WebSocketApiArgs.routes": { because: "an API without routes does nothing" },
  "WebSocketApiArgs.stageName": {
    model: "apigatewayv2 CreateStageRequest.StageName",
    because: "the characters that a REST API's stage may have",
  },
  "WebSocketAuthorizerArgs.identitySources[]": { because: syntax },
  "WebSocketRouteArgs.timeoutInMillis": {
    model: "apigatewayv2 CreateIntegrationRequest.TimeoutInMillis",
    because: "API Gateway Developer Guide, WebSocket quotas: 29 seconds",
  },

  "DataBucketArgs.bucketName": {
    because: "Amazon S3 User Guide, General purpose bucket naming rules; dots would break TLS",
  },
  "DataBucketArgs.accessLogBucket": { because: "Amazon S3 User Guide, General purpose bucket naming rules" },
  "DataBucketArgs.*": { because: century },
  "DataLakeArgs.logDays": { because: century },
  "LifecycleRuleArgs.expireDays": { because: century },
  StorageClass: { model: "s3 Transition.StorageClass", because: "ONEZONE_IA loses objects with their zone" },
  "TransitionArgs.days": { because: century },
  "log-retention.maximumDays": { because: "our own setting" },

  "DashboardArgs.watch": { because: "CloudWatch, dashboard body structure: 500 widgets; a row has up to three" },

  Nat: { because: own },
  "NetworkArgs.*": { because: "no region has more zones than six" },
  "NetworkArgs.zoneNames[]": { because: syntax },
};
