import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { PermissionScope } from "./args";
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
  return [...byTarget(routes)].flatMap(([{ functionName, qualifier }, ofTarget]) =>
    (perRoute ? ofTarget : ofTarget.slice(0, 1)).map(({ operation, method, path }) => {
      const route = executionArn.apply((api) => sourceArn(api, method, path));
      const permission = {
        action: "lambda:InvokeFunction",
        function: functionName,
        qualifier,
        principal: "apigateway.amazonaws.com",
        sourceArn: perRoute ? route : pulumi.interpolate`${executionArn}/*/*`,
      };
      return new lambda.Permission(`${name}-${operation.operationId}`, permission, opts);
    }),
  );
}
