import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { createLogGroup } from "../observability/logGroup";
import { ComponentResource } from "../resource";
import { createAlarms } from "./alarms";
import { givenFunctions, httpSchemes, permitAuthorizers } from "./authorizers";
import { triggersOf } from "./deployment";
import { describeHttpApi } from "./describe";
import { createDomain } from "./domain";
import type { HttpApiArgs } from "./httpArgs";
import { checkHttpApi } from "./httpChecks";
import { httpIntegrations } from "./integrations";
import { createPermissions } from "./permissions";
import { routeSettings } from "./routeSettings";
import { type ResolvedRoute, resolveRoutes } from "./routes";
import { httpAccessLogFormat } from "./rules/accessLog";
import type { Api } from "./rules/document";
import { deployedRoutes, httpBody, httpCors, routeKey } from "./rules/httpBody";
import { publicDocument } from "./rules/publicDocument";

/**
 * An HTTP API (v2) from the route table of a ServerlessApi, with the same handlers, which get payload 2.0. It costs less
 * and adds less latency; what it cannot do is a mistake. It accepts only signed requests unless `auth` says otherwise.
 */
export class HttpApi extends ComponentResource<HttpApiArgs, HttpApi> {
  /** The URL of the domain, or else of the stage, without a slash at the end. */
  declare readonly url: pulumi.Output<string>;
  /** The stage's name. */
  declare readonly stageName: pulumi.Output<string>;
  /** The API's id. */
  declare readonly apiId: pulumi.Output<string>;
  /** The prefix of the ARNs of the API's routes, for `execute-api:Invoke`. */
  declare readonly executionArn: pulumi.Output<string>;
  /** The OpenAPI document for callers, as JSON. */
  declare readonly document: pulumi.Output<string>;
  /** The API itself. */
  declare readonly api: apigatewayv2.Api;
  /** The deployment that the stage serves. */
  declare readonly deployment: apigatewayv2.Deployment;
  /** The stage. */
  declare readonly stage: apigatewayv2.Stage;
  /** The access logs. */
  declare readonly logGroup: cloudwatch.LogGroup;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: HttpApiArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["url", "stageName", "apiId", "executionArn", "document"] as const;
    super({ type: "HttpApi", rules: checkHttpApi, outputs }, name, args, opts);
  }

  protected create(name: string, { title, ...given }: HttpApiArgs, firstName: string): void {
    // Another title would be another document, and deploy the API again.
    const args = { ...given, title: title ?? firstName };
    const routes = resolveRoutes(args);
    const description = describeHttpApi(name, args);
    const apiArgs = this.apiArgs(args, routes, description);
    const api = new apigatewayv2.Api(name, apiArgs, this.guarded());
    this.set({ api, apiId: api.id, executionArn: api.executionArn });
    const permissions = [
      ...createPermissions(name, routes, args.permissions, api.executionArn, { parent: this }),
      ...permitAuthorizers(name, givenFunctions(args.authorizers), api.executionArn, { parent: this }),
    ];
    this.set({ deployment: this.createDeployment(name, apiArgs, permissions) });
    const logs = { ...args, kmsKeyArn: args.logKmsKeyArn };
    this.set({ logGroup: createLogGroup(name, "apigateway", logs, { parent: this }) });
    const stage = this.createStage(name, args, description, routes);
    // The URL of the stage $default ends in a slash.
    const url = args.domain
      ? createDomain(name, args.domain, "https", args.tags, stage, this)
      : stage.invokeUrl.apply((stageUrl = "") => stageUrl.replace(/\/$/, ""));
    this.set({ stage, stageName: stage.name, url });
    createAlarms(name, args, { failed: "5xx", refused: "4xx" }, { ApiId: api.id, Stage: stage.name }, { parent: this });
    this.set({ document: pulumi.output(JSON.stringify(publicDocument(description))) });
  }

  /**
   * The provider imports the document, and then updates the API: with these CORS rules, or none, and with the document's
   * title as the name, so that a name of another kind would come and go. API Gateway only warns about parts of a document
   * that it ignores, and these could be a route's authorization.
   * @see https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/apigatewayv2/api.go
   */
  private apiArgs(args: HttpApiArgs, routes: ResolvedRoute[], api: Api): apigatewayv2.ApiArgs {
    const called = httpIntegrations(routes);
    return {
      name: api.title,
      description: api.description,
      version: api.version,
      corsConfiguration: api.cors && httpCors(api, api.cors),
      disableExecuteApiEndpoint: args.disableExecuteApiEndpoint,
      failOnWarnings: true,
      tags: args.tags,
      ...args.httpApiArgs,
      protocolType: "HTTP",
      body: pulumi.all([called, httpSchemes(args.authorizers)]).apply(([called, schemes]) => {
        return JSON.stringify(httpBody(api, called, schemes));
      }),
    };
  }

  /**
   * A stage that deploys by itself would serve the imported document before the provider adds the CORS rules to it, and
   * before new functions permit its calls.
   */
  private createDeployment(name: string, apiArgs: apigatewayv2.ApiArgs, dependsOn: lambda.Permission[]) {
    const deploymentArgs = { apiId: this.api.id, triggers: triggersOf(apiArgs) };
    return new apigatewayv2.Deployment(name, deploymentArgs, { parent: this, dependsOn });
  }

  private createStage(name: string, args: HttpApiArgs, api: Api, routes: ResolvedRoute[]): apigatewayv2.Stage {
    const limited = deployedRoutes(api).flatMap((route) => {
      const throttle = routes[route.index]?.throttle;
      return throttle ? [{ routeKey: routeKey(route), ...routeSettings(throttle) }] : [];
    });
    return new apigatewayv2.Stage(
      name,
      {
        apiId: this.api.id,
        name: api.stageName,
        deploymentId: this.deployment.id,
        stageVariables: args.stageVariables,
        accessLogSettings: { destinationArn: this.logGroup.arn, format: args.accessLogFormat ?? httpAccessLogFormat },
        defaultRouteSettings: routeSettings(args.throttle),
        routeSettings: limited,
        tags: args.tags,
      },
      { parent: this },
    );
  }
}
