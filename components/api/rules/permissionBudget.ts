/** Maximum size of a function's resource policy, in bytes. @see AWS Lambda quotas, "Function resource-based policy" */
export const policyLimit = 20_480;

/** A statement that lets API Gateway call a function through one route. */
interface RouteStatement {
  /** The statement's id. */
  id: string;
  method: string;
  path: string;
}

/**
 * The size of a function's policy with such statements, assuming the longest name of a function, and the partition and
 * region that are the longest together, because the real ones are known only when it is too late.
 */
export function policySize(routes: RouteStatement[]): number {
  const account = "123456789012";
  const arn = (service: string, name: string) => `arn:aws-us-gov:${service}:us-gov-west-1:${account}:${name}`;
  const statements = routes.map(({ id, method, path }) => ({
    Sid: id,
    Effect: "Allow",
    Principal: { Service: "apigateway.amazonaws.com" },
    Action: "lambda:InvokeFunction",
    Resource: arn("lambda", `function:${"f".repeat(64)}:live`),
    Condition: { ArnLike: { "AWS:SourceArn": sourceArn(arn("execute-api", "a1b2c3d4e5"), method, path) } },
  }));
  return JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements }).length;
}

/** The ARN of one route on any stage of an API. */
export function sourceArn(executionArn: string, method: string, path: string): string {
  return `${executionArn}/*/${method === "ANY" ? "*" : method}${path.replace(/\{[^}]*\}/g, "*")}`;
}
