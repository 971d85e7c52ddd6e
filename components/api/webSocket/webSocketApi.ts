import { createHash } from "node:crypto";
import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import { alarm } from "../../observability/alarms";
import { createLogGroup } from "../../observability/logGroup";
import { ComponentResource, onceReady } from "../../resource";
import { ItemsTable } from "../../table/itemsTable";
import { ApiAuth, type FunctionTarget, type ThrottleArgs } from "../args";
import { createAccount, createExecutionLog } from "../logging";
import { connectionAccess, type WebSocketAccessLevel, type WebSocketAccessOptions } from "./access";
import type { WebSocketApiArgs, WebSocketRouteArgs } from "./args";
import { checkWebSocketApi } from "./checks";
import { accessLogFormat } from "./rules/accessLog";
import { resourceName } from "./rules/routeKeys";

/**
 * A WebSocket API from a table of routes. It accepts only signed connections unless `auth` says otherwise.
 *
 * The API exists before its routes, so a function of a route can have `access("send")` too. As the program creates that
 * function before the API, it hands the access over later, with `pulumi.deferredOutput`.
 */
export class WebSocketApi extends ComponentResource<WebSocketApiArgs, WebSocketApi> {
  /** Where clients connect: `wss://…`, without a slash at the end. */
  declare readonly url: pulumi.Output<string>;
  /** Where functions send to connections: `https://…`, known before the routes exist. */
  declare readonly managementUrl: pulumi.Output<string>;
  /** The stage's name. */
  declare readonly stageName: pulumi.Output<string>;
  /** The API's id. */
  declare readonly apiId: pulumi.Output<string>;
  /** The prefix of the ARNs of the API's routes, for `execute-api:Invoke`. */
  declare readonly executionArn: pulumi.Output<string>;
  /** The name of the table of connections; absent without `connections`. */
  declare readonly connectionsTableName?: pulumi.Output<string>;
  /** The API itself. */
  declare readonly api: apigatewayv2.Api;
  /** The deployment that the stage serves. */
  declare readonly deployment: apigatewayv2.Deployment;
  /** The stage. */
  declare readonly stage: apigatewayv2.Stage;
  /** The access logs. */
  declare readonly logGroup: cloudwatch.LogGroup;
  /** What `access("send")` returns, for other languages. */
  declare readonly sendAccess: FunctionAccess;
  /** What `access("manage")` returns, for other languages. */
  declare readonly manageAccess: FunctionAccess;
  /** What a function needs to use the table of connections; absent without `connections`. */
  declare readonly connectionsAccess?: FunctionAccess;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: WebSocketApiArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["url", "managementUrl", "stageName", "apiId", "executionArn"] as const;
    const kind = { type: "WebSocketApi", rules: checkWebSocketApi, outputs };
    super({ ...kind, optionalOutputs: ["connectionsTableName"] }, name, args, opts);
  }

  protected create(name: string, args: WebSocketApiArgs): void {
    const { stageName = "Prod" } = args;
    const api = this.createApi(name, args);
    const managementUrl = pulumi.interpolate`${api.apiEndpoint.apply(overHttps)}/${stageName}`;
    this.set({ api, apiId: api.id, executionArn: api.executionArn, managementUrl });
    this.set({ stageName: pulumi.output(stageName) });
    this.createConnections(name, args);
    this.set({ sendAccess: this.access("send"), manageAccess: this.access("manage") });
    const permissions = this.createPermissions(name, args);
    const deployment = this.createDeployment(name, args, [...this.createRoutes(name, args), ...permissions]);
    const logs = { ...args, kmsKeyArn: args.logKmsKeyArn };
    this.set({ deployment, logGroup: createLogGroup(name, "apigateway", logs, { parent: this }) });
    const stage = this.createStage(name, args);
    this.set({ stage, url: onceReady(pulumi.interpolate`${api.apiEndpoint}/${stageName}`, [stage]) });
    this.createAlarms(name, args);
  }

  /**
   * What a function needs to send to the API's connections, and to use their table if the API has one: pass it to
   * `access` of a LambdaFunction.
   * @param level `send`, or `manage` to look connections up and close them too
   */
  access(level: WebSocketAccessLevel, options: WebSocketAccessOptions = {}): FunctionAccess {
    return connectionAccess(level, this, options);
  }

  private createApi(name: string, args: WebSocketApiArgs): apigatewayv2.Api {
    const { description, disableExecuteApiEndpoint, tags, routeSelectionExpression = "$request.body.action" } = args;
    return new apigatewayv2.Api(
      name,
      {
        description,
        tags,
        ...args.apiArgs,
        disableExecuteApiEndpoint,
        protocolType: "WEBSOCKET",
        routeSelectionExpression,
      },
      this.guarded(),
    );
  }

  private createConnections(name: string, { connections, tags, alarmTopicArns }: WebSocketApiArgs): void {
    if (connections === undefined) return;
    const { kmsKeyArn } = connections;
    const settings = { ttlAttribute: "expiresAt", kmsKeyArn, alarmTopicArns, tags };
    const args = { hashKey: { name: "connectionId" }, ...settings };
    const table = new ItemsTable(`${name}-connections`, args, { parent: this });
    const connectionsAccess = table.access("crud", { environmentName: "CONNECTIONS_TABLE" });
    this.set({ connectionsTableName: table.tableName, connectionsAccess });
  }

  private createRoutes(name: string, args: WebSocketApiArgs): pulumi.Resource[] {
    const connect = { ...this.createAuthorization(name, args) };
    return Object.entries(args.routes).flatMap(([routeKey, route]) => {
      const own = `${name}-${resourceName(routeKey)}`;
      const integration = this.createIntegration(own, route);
      const settings = {
        apiId: this.apiId,
        routeKey,
        target: pulumi.interpolate`integrations/${integration.id}`,
        routeResponseSelectionExpression: route.routeResponse ? "$default" : undefined,
        ...(routeKey === "$connect" ? connect : { authorizationType: "NONE" }),
      };
      const created = new apigatewayv2.Route(own, settings, { parent: this });
      return [created, ...(route.routeResponse ? [this.createRouteResponse(own, created)] : [])];
    });
  }

  /** API Gateway authorizes connections only; whoever has one may send any message. */
  private createAuthorization(name: string, { auth = ApiAuth.Iam, authorizer }: WebSocketApiArgs) {
    if (!authorizer) return { authorizationType: auth === ApiAuth.Iam ? "AWS_IAM" : "NONE" };
    const created = new apigatewayv2.Authorizer(
      name,
      {
        apiId: this.apiId,
        authorizerType: "REQUEST",
        authorizerUri: authorizer.function.invokeArn,
        identitySources: authorizer.identitySources,
      },
      { parent: this },
    );
    return { authorizationType: "CUSTOM", authorizerId: created.id };
  }

  private createIntegration(name: string, { function: target, timeoutInMillis }: WebSocketRouteArgs) {
    return new apigatewayv2.Integration(
      name,
      {
        apiId: this.apiId,
        integrationType: "AWS_PROXY",
        integrationMethod: "POST",
        integrationUri: target.invokeArn,
        timeoutMilliseconds: timeoutInMillis,
      },
      { parent: this },
    );
  }

  private createRouteResponse(name: string, { id: routeId }: apigatewayv2.Route) {
    const settings = { apiId: this.apiId, routeId, routeResponseKey: "$default" };
    return new apigatewayv2.RouteResponse(name, settings, { parent: this });
  }

  /**
   * A stage serves a snapshot, so any change to the API needs a new one. The stage takes it over, so the routes must be
   * there, and the functions must already permit its calls.
   */
  private createDeployment(name: string, args: WebSocketApiArgs, dependsOn: pulumi.Resource[]) {
    const { routes, auth, authorizer, routeSelectionExpression, description, apiArgs } = args;
    const described = Object.entries(routes).map(([key, { function: target, routeResponse, timeoutInMillis }]) => {
      return { key, uri: target.invokeArn, routeResponse, timeoutInMillis };
    });
    const decides = authorizer && { uri: authorizer.function.invokeArn, sources: authorizer.identitySources };
    const api = { routes: described, auth, authorizer: decides, routeSelectionExpression, description, apiArgs };
    const digest = pulumi.jsonStringify(api).apply((snapshot) => createHash("sha256").update(snapshot).digest("hex"));
    const deploymentArgs = { apiId: this.apiId, triggers: { digest } };
    return new apigatewayv2.Deployment(name, deploymentArgs, { parent: this, dependsOn });
  }

  private createStage(name: string, args: WebSocketApiArgs): apigatewayv2.Stage {
    const { routes, throttle, tags } = args;
    // The name that API Gateway gives the group of a WebSocket API's errors.
    const errorLogName = pulumi.interpolate`/aws/apigateway/${this.apiId}/${this.stageName}`;
    const dependsOn = [
      createExecutionLog(name, errorLogName, args, { parent: this }),
      ...createAccount(name, args, this),
    ];
    const throttled = Object.entries(routes).filter(([, route]) => route.throttle !== undefined);
    return new apigatewayv2.Stage(
      name,
      {
        apiId: this.apiId,
        name: this.stageName,
        deploymentId: this.deployment.id,
        accessLogSettings: { destinationArn: this.logGroup.arn, format: accessLogFormat },
        defaultRouteSettings: settingsOf(throttle),
        routeSettings: throttled.map(([routeKey, route]) => ({ routeKey, ...settingsOf(route.throttle) })),
        tags,
      },
      { parent: this, dependsOn },
    );
  }

  /** One permission for each function, whichever of the routes and the authorizer call it. */
  private createPermissions(name: string, { routes, authorizer }: WebSocketApiArgs): lambda.Permission[] {
    const callers = Object.entries(routes).map(([key, route]) => [resourceName(key), route.function] as const);
    const named = new Map<FunctionTarget, string>(authorizer ? [[authorizer.function, "authorizer"]] : []);
    for (const [key, target] of callers) if (!named.has(target)) named.set(target, key);
    return [...named].map(([{ functionName, qualifier }, key]) => {
      const permission = {
        action: "lambda:InvokeFunction",
        function: functionName,
        qualifier,
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${this.executionArn}/*/*`,
      };
      return new lambda.Permission(`${name}-${key}`, permission, { parent: this });
    });
  }

  private createAlarms(name: string, { alarmTopicArns = [], tags }: WebSocketApiArgs): void {
    if (alarmTopicArns.length === 0) return;
    const dimensions = { ApiId: this.apiId, Stage: this.stage.name };
    const create = (
      kind: string,
      problem: string,
      more: { metric: string; statistic?: string; periods?: number; threshold: number },
    ) => {
      const spec = { namespace: "AWS/ApiGateway", dimensions, tags, description: `${name} ${problem}`, ...more };
      alarm(`${name}-${kind}`, spec, alarmTopicArns, { parent: this });
    };
    create("errors", "could not handle messages", { metric: "ExecutionError", threshold: 1 });
    create("integration-errors", "has functions that failed", { metric: "IntegrationError", threshold: 1 });
    const slow = { metric: "IntegrationLatency", statistic: "p99", periods: 3, threshold: slowAnswer };
    create("latency", "has functions that respond slowly", slow);
  }
}

/** A program's own unit tests often leave the address undefined. */
function overHttps(address = ""): string {
  return address.replace(/^wss:/, "https:");
}

/**
 * The settings of a route, all of which replace the stage's. The provider sends 0 for limits that are left out, which
 * refuses everything, so they are always written.
 * @see "Amazon API Gateway quotas", for the account's limits
 */
function settingsOf({ rateLimit, burstLimit }: ThrottleArgs = { rateLimit: 10_000, burstLimit: 5000 }) {
  return {
    dataTraceEnabled: false,
    detailedMetricsEnabled: true,
    loggingLevel: "ERROR",
    throttlingRateLimit: rateLimit,
    throttlingBurstLimit: burstLimit,
  };
}

/** The highest acceptable p99 latency of a function, in milliseconds; API Gateway times out at 29,000. */
const slowAnswer = 5000;
