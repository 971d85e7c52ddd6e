import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import { createLogGroup } from "../../observability/logGroup";
import { ComponentResource, onceReady } from "../../resource";
import { ItemsTable } from "../../table/itemsTable";
import { ApiKeySource, type ThrottleArgs } from "../args";
import { triggersOf } from "../deployment";
import { createDomain, urlOf } from "../domain";
import { createAccount, createExecutionLog } from "../logging";
import { routeSettings } from "../routeSettings";
import { createUsagePlans, keyOutputs } from "../usagePlans";
import { connectionAccess, type WebSocketAccessLevel, type WebSocketAccessOptions } from "./access";
import { createAlarms } from "./alarms";
import type { WebSocketApiArgs } from "./args";
import { checkWebSocketApi } from "./checks";
import { createRoutes, deployed, permitCalls } from "./routes";
import { accessLogFormat } from "./rules/accessLog";

/**
 * A WebSocket API from a table of routes. It accepts only signed connections unless `auth` says otherwise.
 *
 * The API exists before its routes, so a function of a route can have `access("send")` too. As the program creates that
 * function before the API, it hands the access over later, with `pulumi.deferredOutput`.
 */
export class WebSocketApi extends ComponentResource<WebSocketApiArgs, WebSocketApi> {
  /** Where clients connect, at the domain or else at the stage: `wss://…`, without a slash at the end. */
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
  /** The ids of the API keys that `usagePlans` creates, by name; absent without such keys. */
  declare readonly apiKeyIds?: pulumi.Output<Record<string, string>>;
  /** The values of those keys, by name, as a secret. */
  declare readonly apiKeyValues?: pulumi.Output<Record<string, string>>;
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
    const optionalOutputs = ["connectionsTableName", "apiKeyIds", "apiKeyValues"] as const;
    super({ ...kind, optionalOutputs }, name, args, opts);
  }

  protected create(name: string, args: WebSocketApiArgs): void {
    const { stageName = "Prod", domain, disableExecuteApiEndpoint } = args;
    const opts = { parent: this };
    const api = this.createApi(name, args);
    const ownUrl = pulumi.interpolate`${api.apiEndpoint.apply(overHttps)}/${stageName}`;
    const managementUrl = domain && disableExecuteApiEndpoint ? pulumi.output(urlOf(domain)) : ownUrl;
    this.set({ api, apiId: api.id, executionArn: api.executionArn, managementUrl });
    this.set({ stageName: pulumi.output(stageName) });
    this.createConnections(name, args);
    this.set({ sendAccess: this.access("send"), manageAccess: this.access("manage") });
    // The stage takes the deployments over, so the functions must already permit its calls.
    const permissions = permitCalls(name, args, api.executionArn, opts);
    const dependsOn = [...createRoutes(name, args, api.id, opts), ...permissions];
    const deploymentArgs = { apiId: api.id, triggers: triggersOf(deployed(args)) };
    this.set({ deployment: new apigatewayv2.Deployment(name, deploymentArgs, { parent: this, dependsOn }) });
    const logs = { ...args, kmsKeyArn: args.logKmsKeyArn };
    this.set({ logGroup: createLogGroup(name, "apigateway", logs, opts) });
    const stage = this.createStage(name, args);
    const url = domain
      ? createDomain(name, domain, "wss", args.tags, stage, this)
      : onceReady(pulumi.interpolate`${api.apiEndpoint}/${stageName}`, [stage]);
    this.set({ stage, url });
    const covered = { apiId: stage.apiId, stage: stage.name };
    this.set(keyOutputs(createUsagePlans(name, args, () => covered, opts)));
    createAlarms(name, args, { ApiId: api.id, Stage: stage.name }, opts);
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
    const { apiKeySource } = args;
    return new apigatewayv2.Api(
      name,
      {
        description,
        tags,
        ...(apiKeySource && { apiKeySelectionExpression: keySelections[apiKeySource] }),
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
}

/** @see "API key selection expressions" */
const keySelections: Record<ApiKeySource, string> = {
  [ApiKeySource.Header]: "$request.header.x-api-key",
  [ApiKeySource.Authorizer]: "$context.authorizer.usageIdentifierKey",
};

/** A program's own unit tests often leave the address undefined. */
function overHttps(address = ""): string {
  return address.replace(/^wss:/, "https:");
}

/** WebSocket APIs write their errors to a log, unlike HTTP APIs. */
function settingsOf(throttle: ThrottleArgs | undefined) {
  return { dataTraceEnabled: false, loggingLevel: "ERROR", ...routeSettings(throttle) };
}
