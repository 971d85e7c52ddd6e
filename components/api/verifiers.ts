import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "../lambda/lambdaFunction";
import type { ServerlessApiArgs } from "./args";
import { type AuthorizerFunctions, defaultAlgorithms } from "./authorizers";
import { resolveRoutes } from "./routes";

/** Creates a function for each JWT authorizer that API Gateway is not to run itself. */
export function createVerifiers(
  name: string,
  args: ServerlessApiArgs,
  opts: pulumi.ComponentResourceOptions,
): AuthorizerFunctions {
  const { logRetentionDays, alarmTopicArns, tags } = args;
  const functions = Object.entries(args.authorizers ?? {}).flatMap(([authorizer, { jwt }]) => {
    if (jwt?.native !== false) return [];
    const { issuers, algorithms = defaultAlgorithms, header = "Authorization" } = jwt;
    const own = resolveRoutes(args).filter(({ auth, scopes }) => auth === authorizer && scopes);
    const scopes = Object.fromEntries(own.map(({ method, path, scopes }) => [`${method} ${path}`, scopes]));
    const verifier = new LambdaFunction(
      `${name}-${authorizer}`,
      {
        entry: require.resolve("./run/verify"),
        description: `Verifies the tokens of ${name}`,
        environment: { VERIFICATION: pulumi.jsonStringify({ issuers, algorithms, header, scopes }) },
        timeout: 15,
        logRetentionDays,
        alarmTopicArns,
        tags,
      },
      opts,
    );
    return [[authorizer, verifier] as const];
  });
  return Object.fromEntries(functions);
}
