import * as apigateway from "@pulumi/aws/apigateway";
import type * as pulumi from "@pulumi/pulumi";
import { triggersOf } from "./deployment";
import type { CanaryArgs } from "./edgeArgs";

/**
 * The deployment that a stage serves, and with a canary the one that gets a part of its requests. A change to the API
 * replaces a deployment, and AWS refuses to delete one that a stage serves: with a canary the first is therefore kept as
 * it is, and only the second follows the API. Without the canary the first follows the API again, and the second goes.
 */
export function createDeployments(
  name: string,
  restApi: pulumi.Input<string>,
  restApiArgs: apigateway.RestApiArgs,
  canary: CanaryArgs | undefined,
  opts: pulumi.CustomResourceOptions,
): { deployment: apigateway.Deployment; canary?: apigateway.Deployment } {
  const args = { restApi, triggers: triggersOf(restApiArgs) };
  if (!canary) return { deployment: new apigateway.Deployment(name, args, opts) };
  const deployment = new apigateway.Deployment(name, args, { ...opts, ignoreChanges: ["triggers"] });
  return { deployment, canary: new apigateway.Deployment(`${name}-canary`, args, opts) };
}

/** The settings of a stage whose canary serves a deployment. */
export function canarySettings(
  canary: CanaryArgs | undefined,
  deployment: apigateway.Deployment | undefined,
): apigateway.StageArgs["canarySettings"] {
  if (!canary || !deployment) return undefined;
  const { percentTraffic, stageVariables: stageVariableOverrides } = canary;
  return { deploymentId: deployment.id, percentTraffic, stageVariableOverrides };
}
