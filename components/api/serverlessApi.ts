import * as apigateway from "@pulumi/aws/apigateway";
import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { createLogGroup } from "../observability/logGroup";
import { ComponentResource } from "../resource";
import { createAlarms } from "./alarms";
import type { ServerlessApiArgs, UsagePlanArgs } from "./args";
import { EndpointAccessMode, EndpointType } from "./args";
import { type AuthorizerFunctions, givenFunctions, permitAuthorizers, restSchemes } from "./authorizers";
import { canarySettings, createDeployments } from "./canary";
import { checkApi } from "./checks";
import { describeApi, stageNameOf } from "./describe";
import { createRestDomain } from "./domain";
import { isModern } from "./endpointChecks";
import { createIntegrations } from "./integrations";
import { createAccount, createExecutionLog } from "./logging";
import { createPermissions } from "./permissions";
import { type ResolvedRoute, resolveRoutes } from "./routes";
import { accessLogFormat } from "./rules/accessLog";
import { type Api, methodsOfAny } from "./rules/document";
import type { Called } from "./rules/integration";
import { deployedBody } from "./rules/openApi";
import { publicDocument } from "./rules/publicDocument";
import { createUsagePlans, keyOutputs, methodThrottles } from "./usagePlans";
import { createVerifiers } from "./verifiers";
import { createWebAcl } from "./webAcl";

/** What a route has of its own beside the stage. */
type Settings = Pick<ResolvedRoute, "throttle" | "cache">;

/**
 * A REST API from a table of routes. It is one OpenAPI document, so it takes four resources however many routes it has,
 * and a change to any route redeploys it. It accepts only signed requests unless `auth` says otherwise.
 */
export class ServerlessApi extends ComponentResource<ServerlessApiArgs, ServerlessApi> {
  /** The URL of the domain, or else of the stage, without a slash at the end. */
  declare readonly url: pulumi.Output<string>;
  /** The stage's name. */
  declare readonly stageName: pulumi.Output<string>;
  /** The API's id. */
  declare readonly restApiId: pulumi.Output<string>;
  /** The prefix of the ARNs of the API's routes, for `execute-api:Invoke`. */
  declare readonly executionArn: pulumi.Output<string>;
  /** The OpenAPI document for callers, as JSON. */
  declare readonly document: pulumi.Output<string>;
  /** The ids of the API keys that `usagePlans` creates, by name; absent without such keys. */
  declare readonly apiKeyIds?: pulumi.Output<Record<string, string>>;
  /** The values of those keys, by name, as a secret. */
  declare readonly apiKeyValues?: pulumi.Output<Record<string, string>>;
  /** The API itself. */
  declare readonly restApi: apigateway.RestApi;
  /** The deployment that the stage serves; with a canary, to the requests that the canary does not get. */
  declare readonly deployment: apigateway.Deployment;
  /** The stage. */
  declare readonly stage: apigateway.Stage;
  /** The access logs. */
  declare readonly logGroup: cloudwatch.LogGroup;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: ServerlessApiArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["url", "stageName", "restApiId", "executionArn", "document"] as const;
    const optionalOutputs = ["apiKeyIds", "apiKeyValues"] as const;
    super({ type: "ServerlessApi", rules: checkApi, outputs, optionalOutputs }, name, args, opts);
  }

  protected create(name: string, { title, ...given }: ServerlessApiArgs, firstName: string): void {
    // Another title would be another document, and deploy the API again.
    const args = { ...given, title: title ?? firstName };
    const routes = resolveRoutes(args);
    const api = describeApi(name, args);
    const authorizers = { ...givenFunctions(args.authorizers), ...createVerifiers(name, args, { parent: this }) };
    const { called, dependsOn } = createIntegrations(name, routes, api, args, { parent: this });
    const restApiArgs = this.restApiArgs(args, api, called, authorizers);
    const restApi = new apigateway.RestApi(name, restApiArgs, this.guarded());
    this.set({ restApi, restApiId: restApi.id, executionArn: restApi.executionArn });
    const callable = [
      ...dependsOn,
      ...createPermissions(name, routes, args.permissions, restApi.executionArn, { parent: this }),
      ...permitAuthorizers(name, authorizers, restApi.executionArn, { parent: this }),
    ];
    // The stage takes the deployments over, so the functions must already permit its calls.
    const deployOpts = { parent: this, dependsOn: callable };
    const { deployment, canary } = createDeployments(name, restApi.id, restApiArgs, args.canary, deployOpts);
    this.set({ deployment });
    const logs = { ...args, kmsKeyArn: args.logKmsKeyArn };
    this.set({ logGroup: createLogGroup(name, "apigateway", logs, { parent: this }) });
    const errorLogName = pulumi.interpolate`API-Gateway-Execution-Logs_${restApi.id}/${stageNameOf(args)}`;
    const stage = this.createStage(name, args, canarySettings(args.canary, canary), [
      createExecutionLog(name, errorLogName, args, { parent: this }),
      ...createAccount(name, args, this),
    ]);
    const { domain, waf, tags } = args;
    const url = domain ? createRestDomain(name, { ...args, domain }, stage, this) : stage.invokeUrl;
    this.set({ stage, url, stageName: stage.stageName });
    if (waf) createWebAcl(name, waf, tags, stage, this);
    this.createMethodSettings(name, args, routes, api);
    const dimensions = { ApiName: restApi.name, Stage: stage.stageName };
    const { restApi: apiId, stageName } = stage;
    const stageOf = (plan: UsagePlanArgs) => ({ apiId, stage: stageName, throttles: methodThrottles(plan, api) });
    this.set(keyOutputs(createUsagePlans(name, args, stageOf, { parent: this })));
    createAlarms(name, args, { failed: "5XXError", refused: "4XXError" }, dimensions, { parent: this });

    this.set({ document: pulumi.output(JSON.stringify(publicDocument(api))) });
  }

  private restApiArgs(
    args: ServerlessApiArgs,
    api: Api,
    called: pulumi.Output<(string | Called)[]>,
    authorizers: AuthorizerFunctions,
  ): apigateway.RestApiArgs {
    const { endpointType = EndpointType.Regional, vpcEndpointIds, minimumCompressionSize, securityPolicy } = args;
    const schemes = restSchemes(args.authorizers, authorizers);
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
      // Otherwise API Gateway only warns of parts that it ignores, and a route could be left open to everybody.
      ...(args.authorizers && { failOnWarnings: true }),
      body: pulumi.all([called, schemes]).apply(([called, schemes]) => {
        return JSON.stringify(deployedBody(api, called, schemes));
      }),
    };
  }

  private createStage(
    name: string,
    args: ServerlessApiArgs,
    canary: apigateway.StageArgs["canarySettings"],
    dependsOn: pulumi.Resource[],
  ): apigateway.Stage {
    return new apigateway.Stage(
      name,
      {
        restApi: this.restApi.id,
        deployment: this.deployment.id,
        stageName: stageNameOf(args),
        variables: args.stageVariables,
        canarySettings: canary,
        ...(args.cacheSize && { cacheClusterEnabled: true, cacheClusterSize: args.cacheSize }),
        clientCertificateId: args.clientCertificateId,
        xrayTracingEnabled: args.tracing ?? true,
        accessLogSettings: { destinationArn: this.logGroup.arn, format: args.accessLogFormat ?? accessLogFormat },
        tags: args.tags,
      },
      { parent: this, dependsOn },
    );
  }

  /**
   * A method's settings replace all of the stage's, so each method has the full set. Slashes in a path are written as
   * `~1`. @see https://github.com/hashicorp/terraform-provider-aws/issues/9738
   */
  private createMethodSettings(name: string, args: ServerlessApiArgs, routes: ResolvedRoute[], api: Api): void {
    const create = (settingsName: string, methodPath: string, { throttle = args.throttle, cache }: Settings) => {
      const settings = {
        metricsEnabled: true,
        loggingLevel: "ERROR",
        dataTraceEnabled: false,
        throttlingRateLimit: throttle?.rateLimit,
        throttlingBurstLimit: throttle?.burstLimit,
        ...(cache && { cachingEnabled: true, cacheTtlInSeconds: cache.ttlInSeconds ?? 300, cacheDataEncrypted: true }),
      };
      const { stageName } = this.stage;
      const settingsArgs = { restApi: this.restApi.id, stageName, methodPath, settings };
      new apigateway.MethodSettings(settingsName, settingsArgs, { parent: this });
    };
    create(name, "*/*", {});
    for (const route of routes) {
      if (!route.throttle && !route.cache) continue;
      const settingsName = `${name}-${route.operation.operationId}`;
      const place = route.path.replace(/\//g, "~1");
      if (route.method !== "ANY") {
        create(settingsName, `${place}/${route.method}`, route);
        continue;
      }
      // AWS has no settings for ANY.
      for (const method of methodsOfAny(route, api)) {
        create(`${settingsName}.${method}`, `${place}/${method}`, route);
      }
    }
  }
}

/** AWS demands a mode beside the newer policies, and refuses one beside the others. */
function accessModeOf({ securityPolicy, endpointAccessMode }: ServerlessApiArgs): string | undefined {
  return isModern(securityPolicy) ? (endpointAccessMode ?? EndpointAccessMode.Basic) : undefined;
}
