import { createHash } from "node:crypto";
import * as apigateway from "@pulumi/aws/apigateway";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { trustPolicy } from "../access";
import { attachManagedPolicy } from "../managedPolicy";
import { alarm } from "../observability/alarms";
import { createLogGroup } from "../observability/logGroup";
import { ComponentResource } from "../resource";
import type { FunctionTarget, ServerlessApiArgs, ThrottleArgs } from "./args";
import { CloudWatchRole, EndpointAccessMode, EndpointType, PermissionScope } from "./args";
import { checkApi } from "./checks";
import { describeApi, stageNameOf } from "./describe";
import { isModern } from "./endpointChecks";
import { byTarget, type ResolvedRoute, resolveRoutes } from "./routes";
import { accessLogFormat } from "./rules/accessLog";
import type { Api } from "./rules/document";
import { deployedBody } from "./rules/openApi";
import { sourceArn } from "./rules/permissionBudget";
import { publicDocument } from "./rules/publicDocument";
import { methods } from "./rules/routes";

/**
 * A REST API from a table of routes. It is one OpenAPI document, so it takes four resources however many routes it has,
 * and a change to any route redeploys it. It accepts only signed requests unless `auth` says otherwise.
 */
export class ServerlessApi extends ComponentResource<ServerlessApiArgs, ServerlessApi> {
  /** The stage's URL, without a slash at the end. */
  declare readonly url: pulumi.Output<string>;
  /** The stage's name. */
  declare readonly stageName: pulumi.Output<string>;
  /** The API's id. */
  declare readonly restApiId: pulumi.Output<string>;
  /** The prefix of the ARNs of the API's routes, for `execute-api:Invoke`. */
  declare readonly executionArn: pulumi.Output<string>;
  /** The OpenAPI document for callers, as JSON. */
  declare readonly document: pulumi.Output<string>;
  /** The API itself. */
  declare readonly restApi: apigateway.RestApi;
  /** The deployment that the stage serves. */
  declare readonly deployment: apigateway.Deployment;
  /** The stage. */
  declare readonly stage: apigateway.Stage;
  /** The access logs. */
  declare readonly logGroup: cloudwatch.LogGroup;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: ServerlessApiArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["url", "stageName", "restApiId", "executionArn", "document"] as const;
    super({ type: "ServerlessApi", rules: checkApi, outputs }, name, args, opts);
  }

  protected create(name: string, { title, ...given }: ServerlessApiArgs, firstName: string): void {
    // Another title would be another document, and deploy the API again.
    const args = { ...given, title: title ?? firstName };
    const routes = resolveRoutes(args);
    const api = describeApi(name, args);
    const restApiArgs = this.restApiArgs(args, routes, api);
    const restApi = new apigateway.RestApi(name, restApiArgs, this.guarded());
    this.set({ restApi, restApiId: restApi.id, executionArn: restApi.executionArn });
    const permissions = this.createPermissions(name, args, routes);
    this.set({ deployment: this.createDeployment(name, restApiArgs, permissions) });
    const logs = { ...args, kmsKeyArn: args.logKmsKeyArn };
    this.set({ logGroup: createLogGroup(name, "apigateway", logs, { parent: this }) });
    const stage = this.createStage(name, args, [
      this.createExecutionLog(name, args),
      ...this.createAccount(name, args),
    ]);
    this.set({ stage, url: stage.invokeUrl, stageName: stage.stageName });
    this.createMethodSettings(name, args, routes);
    this.createAlarms(name, args);

    this.set({ document: pulumi.output(JSON.stringify(publicDocument(api))) });
  }

  private restApiArgs(args: ServerlessApiArgs, routes: ResolvedRoute[], api: Api): apigateway.RestApiArgs {
    const { endpointType = EndpointType.Regional, vpcEndpointIds, minimumCompressionSize, securityPolicy } = args;
    const invokeArns = pulumi.all(routes.map(({ target }) => target.invokeArn));
    return {
      description: args.description,
      endpointConfiguration: { types: endpointType, vpcEndpointIds },
      policy: args.resourcePolicy,
      ...(securityPolicy && { securityPolicy, endpointAccessMode: accessModeOf(args) }),
      minimumCompressionSize: minimumCompressionSize?.toString(),
      binaryMediaTypes: args.binaryMediaTypes,
      disableExecuteApiEndpoint: args.disableExecuteApiEndpoint,
      tags: args.tags,
      ...args.restApiArgs,
      body: invokeArns.apply((arns) => JSON.stringify(deployedBody(api, arns))),
    };
  }

  /**
   * A stage serves a snapshot, so any change to the API needs a new one. The stage takes it over, so the functions must
   * already permit its calls.
   */
  private createDeployment(
    name: string,
    { tags: _, ...restApiArgs }: apigateway.RestApiArgs,
    dependsOn: lambda.Permission[],
  ) {
    const digest = pulumi
      .jsonStringify(restApiArgs)
      .apply((snapshot) => createHash("sha256").update(snapshot).digest("hex"));
    const deploymentArgs = { restApi: this.restApi.id, triggers: { digest } };
    return new apigateway.Deployment(name, deploymentArgs, { parent: this, dependsOn });
  }

  /** Without this, API Gateway creates the group itself, which then keeps its events for ever and outlives the API. */
  private createExecutionLog(name: string, args: ServerlessApiArgs) {
    const groupName = pulumi.interpolate`API-Gateway-Execution-Logs_${this.restApi.id}/${stageNameOf(args)}`;
    const { logRetentionDays: retentionInDays = 30, logKmsKeyArn: kmsKeyId, tags } = args;
    const logGroupArgs = { name: groupName, retentionInDays, kmsKeyId, tags };
    return new cloudwatch.LogGroup(`${name}-execution`, logGroupArgs, { parent: this });
  }

  /** API Gateway refuses a stage with logs in an account and region without a role for them. */
  private createAccount(name: string, { cloudWatchRole = CloudWatchRole.Managed, tags }: ServerlessApiArgs) {
    if (cloudWatchRole === CloudWatchRole.Existing) return [];
    // The account's other APIs log with this role too, so it must outlive this API.
    const opts = { parent: this, retainOnDelete: true };
    const role = new iam.Role(name, { assumeRolePolicy: trustPolicy("apigateway.amazonaws.com"), tags }, opts);
    const dependsOn = attachManagedPolicy(name, role, "service-role/AmazonAPIGatewayPushToCloudWatchLogs", opts);
    return [new apigateway.Account(name, { cloudwatchRoleArn: role.arn }, { ...opts, dependsOn })];
  }

  private createStage(name: string, args: ServerlessApiArgs, dependsOn: pulumi.Resource[]): apigateway.Stage {
    return new apigateway.Stage(
      name,
      {
        restApi: this.restApi.id,
        deployment: this.deployment.id,
        stageName: stageNameOf(args),
        xrayTracingEnabled: args.tracing ?? true,
        accessLogSettings: { destinationArn: this.logGroup.arn, format: accessLogFormat },
        tags: args.tags,
      },
      { parent: this, dependsOn },
    );
  }

  /**
   * A method's settings replace all of the stage's, so each method has the full set. Slashes in a path are written as
   * `~1`. @see https://github.com/hashicorp/terraform-provider-aws/issues/9738
   */
  private createMethodSettings(name: string, args: ServerlessApiArgs, routes: ResolvedRoute[]): void {
    const create = (settingsName: string, methodPath: string, throttle: ThrottleArgs | undefined) => {
      const settings = {
        metricsEnabled: true,
        loggingLevel: "ERROR",
        dataTraceEnabled: false,
        throttlingRateLimit: throttle?.rateLimit,
        throttlingBurstLimit: throttle?.burstLimit,
      };
      const { stageName } = this.stage;
      const settingsArgs = { restApi: this.restApi.id, stageName, methodPath, settings };
      new apigateway.MethodSettings(settingsName, settingsArgs, { parent: this });
    };
    create(name, "*/*", args.throttle);
    for (const route of routes) {
      if (!route.throttle) continue;
      const settingsName = `${name}-${route.operation.operationId}`;
      const place = route.path.replace(/\//g, "~1");
      if (route.method !== "ANY") create(settingsName, `${place}/${route.method}`, route.throttle);
      for (const method of methodsOfAny(route, routes, args)) {
        create(`${settingsName}.${method}`, `${place}/${method}`, route.throttle);
      }
    }
  }

  private createPermissions(
    name: string,
    { permissions }: ServerlessApiArgs,
    routes: ResolvedRoute[],
  ): lambda.Permission[] {
    const create = (permissionName: string, target: FunctionTarget, arn: pulumi.Output<string>) => {
      const { functionName, qualifier } = target;
      const principal = "apigateway.amazonaws.com";
      const permission = {
        action: "lambda:InvokeFunction",
        function: functionName,
        qualifier,
        principal,
        sourceArn: arn,
      };
      return new lambda.Permission(permissionName, permission, { parent: this });
    };
    const { executionArn } = this.restApi;
    return [...byTarget(routes)].flatMap(([target, ofTarget]) => {
      const perRoute = permissions === PermissionScope.Route;
      return (perRoute ? ofTarget : ofTarget.slice(0, 1)).map(({ operation, method, path }) => {
        const route = executionArn.apply((api) => sourceArn(api, method, path));
        const arn = perRoute ? route : pulumi.interpolate`${executionArn}/*/*`;
        return create(`${name}-${operation.operationId}`, target, arn);
      });
    });
  }

  private createAlarms(name: string, { alarmTopicArns = [], tags }: ServerlessApiArgs): void {
    if (alarmTopicArns.length === 0) return;
    const dimensions = { ApiName: this.restApi.name, Stage: this.stage.stageName };
    const api = { namespace: "AWS/ApiGateway", dimensions, tags };
    const failed = { ...api, description: `${name} returned 5xx responses`, metric: "5XXError", threshold: 1 };
    alarm(`${name}-errors`, failed, alarmTopicArns, { parent: this });
    const slow = { ...api, description: `${name} responds slowly`, metric: "Latency", statistic: "p99", periods: 3 };
    alarm(`${name}-latency`, { ...slow, threshold: slowAnswer }, alarmTopicArns, { parent: this });
  }
}

/** The methods that an ANY route handles: those that nothing else handles on its path. AWS has no settings for ANY. */
function methodsOfAny(
  { method, path }: ResolvedRoute,
  routes: ResolvedRoute[],
  { cors, documentPath }: ServerlessApiArgs,
) {
  if (method !== "ANY") return [];
  const others = new Set<string>(routes.flatMap((route) => (route.path === path ? route.method : [])));
  if (path === documentPath) others.add("GET");
  if (cors?.allowOrigins.length) others.add("OPTIONS");
  return methods.filter((each) => !others.has(each));
}

/** AWS demands a mode beside the newer policies, and refuses one beside the others. */
function accessModeOf({ securityPolicy, endpointAccessMode }: ServerlessApiArgs): string | undefined {
  return isModern(securityPolicy) ? (endpointAccessMode ?? EndpointAccessMode.Basic) : undefined;
}

/** The highest acceptable p99 latency, in milliseconds; API Gateway times out at 29,000. */
const slowAnswer = 5000;
