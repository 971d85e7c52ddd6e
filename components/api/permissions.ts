import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { type FunctionTarget, PermissionScope } from "./args";
import { byTarget, type ResolvedRoute } from "./routes";
import { sourceArn } from "./rules/permissionBudget";

/** Lets an API call the functions of its routes. */
export function createPermissions(
  name: string,
  routes: ResolvedRoute[],
  scope: PermissionScope | undefined,
  executionArn: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): lambda.Permission[] {
  const perRoute = scope === PermissionScope.Route;
  return [...byTarget(routes)].flatMap(([target, ofTarget]) =>
    (perRoute ? ofTarget : ofTarget.slice(0, 1)).map(({ operation, method, path }) => {
      const route = executionArn.apply((api) => sourceArn(api, method, path));
      const source = perRoute ? route : pulumi.interpolate`${executionArn}/*/*`;
      return permitCall(`${name}-${operation.operationId}`, target, source, opts);
    }),
  );
}

/** Lets what an API's ARN names call a function. */
export function permitCall(
  name: string,
  { functionName, qualifier }: FunctionTarget,
  sourceArn: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): lambda.Permission {
  const call = { action: "lambda:InvokeFunction", function: functionName, qualifier };
  return new lambda.Permission(name, { ...call, principal: "apigateway.amazonaws.com", sourceArn }, opts);
}
