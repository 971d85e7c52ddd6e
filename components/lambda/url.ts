import * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import { type UrlArgs, UrlAuth } from "./urlArgs";

/** What callers reach: the function, or one of its aliases. */
interface Callee {
  functionName: pulumi.Input<string>;
  qualifier: pulumi.Input<string | undefined>;
}

/** The function's own HTTPS address. */
export function createUrl(
  name: string,
  { auth = UrlAuth.Iam, cors, streaming }: UrlArgs,
  callee: Callee,
  opts: { parent: pulumi.Resource },
): pulumi.Output<string> {
  const url = new lambda.FunctionUrl(
    name,
    {
      ...callee,
      authorizationType: auth === UrlAuth.None ? "NONE" : "AWS_IAM",
      cors: cors && { allowMethods: ["*"], allowHeaders: ["content-type"], maxAge: 600, ...cors },
      invokeMode: streaming ? "RESPONSE_STREAM" : "BUFFERED",
    },
    { ...opts, dependsOn: auth === UrlAuth.None ? permitAnybody(name, callee, opts) : [] },
  );
  return url.functionUrl;
}

/**
 * The provider adds the permission to call the URL; since October 2025 Lambda also requires the permission to call the
 * function.
 */
function permitAnybody(name: string, { functionName, qualifier }: Callee, opts: { parent: pulumi.Resource }) {
  const permission = { action: "lambda:InvokeFunction", function: functionName, qualifier, principal: "*" };
  return new lambda.Permission(name, { ...permission, invokedViaFunctionUrl: true }, opts);
}
