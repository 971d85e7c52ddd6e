import * as lambda from "@pulumi/aws/lambda";
import * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import type { Mistakes } from "../../validation";
import { type EventSource, permission, type Wiring } from "./source";

/**
 * Requests to an Application Load Balancer, through a rule of a listener, or through a target group of one's own. The
 * load balancer waits for the answer and retries nothing; requests and answers have at most 1 MB.
 */
export interface LoadBalancerEventArgs {
  /** ARN of the listener that gets a rule and a target group for the function. Give this or `targetGroupArn`. */
  listenerArn?: pulumi.Input<string>;
  /**
   * ARN of a target group of the type `lambda`, without other targets, whose listeners are set up elsewhere. Give this or
   * `listenerArn`.
   */
  targetGroupArn?: pulumi.Input<string>;
  /**
   * Paths that the function answers, such as `/orders/*`; `*` and `?` are wildcards. With `hosts` and `methods` at most 5.
   * @minItems 1 @maxItems 5 @default any
   */
  paths?: string[];
  /** Host names that the function answers, such as `*.example.com`, at most 5. @minItems 1 @maxItems 5 @default any */
  hosts?: string[];
  /** Methods that the function answers, such as `GET`, at most 5. @minItems 1 @maxItems 5 @default any */
  methods?: string[];
  /** The rule's place among the listener's, 1–50,000; the lowest is tried first. @minimum 1 @maximum 50000 @default the last */
  priority?: number;
  /**
   * Give the function all values of headers and parameters that occur several times, as `multiValueHeaders`; it must then
   * answer with them, too. @default false: the last of each
   */
  multiValueHeaders?: boolean;
}

const service = "elasticloadbalancing.amazonaws.com";

/** What is about the rule and the target group that the component creates. */
const listenerOnly = ["paths", "hosts", "methods", "priority", "multiValueHeaders"] as const;

export const loadBalancerSource: EventSource<LoadBalancerEventArgs> = {
  check(mistakes, args, path, { name }) {
    checkPlace(mistakes, args, path);
    if (args.listenerArn === undefined) return;
    checkConditions(mistakes, args, path);
    // Names of target groups.
    const known = mistakes.from("name");
    known.autoName(name, path, 32);
    known.check(!name.includes("_"), path, `"${name}" has a "_", which load balancers refuse in names; write "-"`);
  },
  create(name, args, wiring) {
    const { opts } = wiring;
    const group = args.targetGroupArn === undefined ? createGroup(name, args, wiring) : undefined;
    const targetGroupArn = group?.arn ?? args.targetGroupArn ?? "";
    const permitted = new lambda.Permission(name, permission(service, targetGroupArn, wiring), opts);
    const groupName = pulumi.output(targetGroupArn).apply((arn = "") => arn.slice(arn.lastIndexOf(":") + 1));
    const metrics = { namespace: "AWS/ApplicationELB", dimensions: { TargetGroup: groupName }, threshold: 1 };
    return {
      connect(ready) {
        const target = { targetGroupArn, targetId: wiring.functionArn };
        const dependsOn = [permitted, ...ready];
        const attached = new lb.TargetGroupAttachment(name, target, { ...opts, dependsOn });
        if (group) createRule(name, args, group, wiring, attached);
      },
      alarms: {
        "target-errors": {
          ...metrics,
          metric: "LambdaUserError",
          description: `${name} did not answer requests of a load balancer, or not as it demands`,
        },
      },
    };
  },
};

function createGroup(name: string, { multiValueHeaders = false }: LoadBalancerEventArgs, { tags, opts }: Wiring) {
  const args = { targetType: "lambda", lambdaMultiValueHeadersEnabled: multiValueHeaders, tags };
  return new lb.TargetGroup(name, args, opts);
}

function createRule(
  name: string,
  { listenerArn = "", priority, ...args }: LoadBalancerEventArgs,
  group: lb.TargetGroup,
  { tags, opts }: Wiring,
  attached: pulumi.Resource,
): void {
  const rule = {
    listenerArn,
    priority,
    conditions: [
      ...(args.paths ? [{ pathPattern: { values: args.paths } }] : []),
      ...(args.hosts ? [{ hostHeader: { values: args.hosts } }] : []),
      ...(args.methods ? [{ httpRequestMethod: { values: args.methods } }] : []),
    ],
    actions: [{ type: "forward", targetGroupArn: group.arn }],
    tags,
  };
  new lb.ListenerRule(name, rule, { ...opts, dependsOn: [attached] });
}

function checkPlace(mistakes: Mistakes, args: LoadBalancerEventArgs, path: string): void {
  const { listenerArn, targetGroupArn } = args;
  if (listenerArn === undefined && targetGroupArn === undefined) {
    mistakes.add(`${path}.listenerArn`, "is missing; write the ARN of a listener, or `targetGroupArn`");
  }
  checkArn(
    mistakes,
    listenerArn,
    `${path}.listenerArn`,
    /:listener\/app\//,
    "a listener of an Application Load Balancer",
  );
  checkArn(mistakes, targetGroupArn, `${path}.targetGroupArn`, /:targetgroup\//, "a target group");
  if (targetGroupArn === undefined) return;
  const known = mistakes.from(`${path}.targetGroupArn`);
  for (const key of ["listenerArn", ...listenerOnly] as const) {
    const instead = "that is set up with the target group; leave it out";
    known.check(args[key] === undefined, `${path}.${key}`, `cannot be combined with \`targetGroupArn\`: ${instead}`);
  }
}

function checkArn(
  mistakes: Mistakes,
  arn: pulumi.Input<string> | undefined,
  path: string,
  part: RegExp,
  what: string,
): void {
  if (typeof arn !== "string") return;
  const holds = /^arn:[\w-]+:elasticloadbalancing:/.test(arn) && part.test(arn);
  mistakes.check(holds, path, `is "${arn}"; write the ARN of ${what}`);
}

/** @see Elastic Load Balancing quotas, "Condition values per rule" */
function checkConditions(mistakes: Mistakes, args: LoadBalancerEventArgs, path: string): void {
  const { paths = [], hosts = [], methods = [] } = args;
  const count = paths.length + hosts.length + methods.length;
  const given = mistakes.from(`${path}.hosts`, `${path}.methods`);
  given.check(count > 0, `${path}.paths`, 'is missing; write which requests the function answers, such as ["/*"]');
  given.check(
    count <= 5,
    `${path}.paths`,
    `and \`hosts\` and \`methods\` have ${count} values; write at most 5 in all`,
  );
  for (const [index, one] of paths.entries()) {
    const isPath = /^[/*?][\w.$/~"'@:+&*?-]{0,127}$/.test(one);
    mistakes.check(isPath, `${path}.paths[${index}]`, `is "${one}"; write a path such as /orders/*`);
  }
  for (const [index, one] of methods.entries()) {
    const isMethod = /^[A-Z_-]{1,40}$/.test(one);
    mistakes.check(isMethod, `${path}.methods[${index}]`, `is "${one}"; write a method in capitals, such as GET`);
  }
}
