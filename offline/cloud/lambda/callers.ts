import type { Graph } from "../../engine/graph";
import { partitionOf } from "../../engine/partition";
import { asList, asText, ownResources, type PlainResource, type Settings } from "../core/resources";
import type { Service } from "../core/service";
import type { Change } from "../core/types";
import { covers } from "../core/wildcards";
import { type Reference, readReference } from "./reference";

/** A resource that has a service call a function. */
interface Caller {
  /** What problems call it. */
  what: string;
  functionArn: string | undefined;
  /** On whose behalf the service calls. */
  sourceArn: string | undefined;
}

/** Who calls functions with their resource-based policy, by the service that calls. */
const CALLERS: Record<string, { type: string; read(resource: PlainResource, graph: Graph): Caller[] }> = {
  events: { type: "aws:cloudwatch/eventTarget:EventTarget", read: ofRule },
  logs: { type: "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", read: ofLogGroup },
  s3: { type: "aws:s3/bucketNotification:BucketNotification", read: ofBucket },
  sns: { type: "aws:sns/topicSubscription:TopicSubscription", read: ofTopic },
};

/**
 * Names what AWS does not let call a function, for want of a permission. Offline it calls the function all the same.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export class Callers implements Service {
  problems: string[] = [];

  reconcile(graph: Graph): Change[] {
    const functions = new Set(ownResources(graph, "aws:lambda/function:Function").map(({ settings }) => settings.name));
    // A document of its own, which may allow anything.
    const open = new Set(
      ownResources(graph, "aws:lambda/resourcePolicy:ResourcePolicy").map(
        ({ settings }) => readReference(asText(settings.resourceArn) ?? "").name,
      ),
    );
    const permissions = ownResources(graph, "aws:lambda/permission:Permission").map(({ settings }) => settings);
    this.problems = Object.entries(CALLERS).flatMap(([service, { type, read }]) =>
      ownResources(graph, type)
        .flatMap((resource) => read(resource, graph))
        .flatMap(({ what, functionArn = "", sourceArn }) => {
          const callee = readReference(functionArn);
          if (sourceArn === undefined || !functions.has(callee.name) || open.has(callee.name)) return [];
          if (permissions.some((one) => permits(one, service, callee, sourceArn))) return [];
          const { name, qualifier } = callee;
          const settings = [`principal ${service}.amazonaws.com`, `sourceArn ${sourceArn}`];
          if (qualifier !== undefined) settings.push(`qualifier ${qualifier}`);
          return [
            `${what} calls function ${name} offline, but AWS does not let it: write an aws.lambda.Permission with ${settings.join(", ")}`,
          ];
        }),
    );
    return [];
  }
}

function ofRule({ settings }: PlainResource, graph: Graph): Caller[] {
  // With a role, it is the role that may call the function.
  if (asText(settings.roleArn)) return [];
  const bus = ({ eventBusName }: Settings) => asText(eventBusName) || "default";
  const rule = ownResources(graph, "aws:cloudwatch/eventRule:EventRule").find(
    (one) => one.settings.name === settings.rule && bus(one.settings) === bus(settings),
  );
  return [
    { what: `rule ${settings.rule}`, functionArn: ofLambda(settings.arn), sourceArn: asText(rule?.settings.arn) },
  ];
}

function ofLogGroup({ settings }: PlainResource, graph: Graph): Caller[] {
  const group = ownResources(graph, "aws:cloudwatch/logGroup:LogGroup").find(
    (one) => one.settings.name === settings.logGroup,
  );
  const arn = asText(group?.settings.arn);
  const sourceArn = arn && `${arn.replace(/:\*$/, "")}:*`;
  return [{ what: `log group ${settings.logGroup}`, functionArn: ofLambda(settings.destinationArn), sourceArn }];
}

function ofBucket({ settings }: PlainResource, graph: Graph): Caller[] {
  const sourceArn = `arn:${partitionOf(graph.region).partition}:s3:::${settings.bucket}`;
  return asList(settings.lambdaFunctions).map((one) => {
    return { what: `bucket ${settings.bucket}`, functionArn: ofLambda(one.lambdaFunctionArn), sourceArn };
  });
}

function ofTopic({ settings }: PlainResource): Caller[] {
  const sourceArn = asText(settings.topic);
  if (settings.protocol !== "lambda") return [];
  const what = `SNS topic ${sourceArn?.split(":").at(-1)}`;
  return [{ what, functionArn: ofLambda(settings.endpoint), sourceArn }];
}

function ofLambda(arn: unknown): string | undefined {
  const text = asText(arn);
  return text?.split(":")[2] === "lambda" ? text : undefined;
}

function permits(permission: Settings, service: string, callee: Reference, sourceArn: string): boolean {
  const { name, qualifier } = readReference(asText(permission.function) ?? "");
  const own = asText(permission.qualifier) || qualifier;
  if (name !== callee.name || own !== callee.qualifier) return false;
  if (!covers(permission.action, "lambda:InvokeFunction")) return false;
  const principal = asText(permission.principal) ?? "";
  if (principal !== "*" && !new RegExp(`^${service}\\.([\\w-]+\\.)?amazonaws\\.com`).test(principal)) return false;
  return !asText(permission.sourceArn) || covers(permission.sourceArn, sourceArn);
}
