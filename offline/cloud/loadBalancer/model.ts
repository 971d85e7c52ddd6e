import type { Graph } from "../../engine/graph";
import { asList, asNumber, asText, ownResources, type PlainResource, type Settings } from "../core/resources";

/** A target group whose target is a function. */
export interface Group {
  name: string;
  arn: string;
  /** The ARN of its function. @default it has none yet */
  target?: string;
  /** Whether events and responses have all values of repeated headers and parameters. */
  multiValueHeaders: boolean;
}

/** What a listener does with the requests that meet all its conditions. */
interface Rule {
  name: string;
  conditions: Settings[];
  action: Settings;
  /** What of it is not emulated, so that its requests are answered with 501. */
  unserved?: string;
}

/** A listener through which requests reach a function. */
export interface Listener {
  arn: string;
  name: string;
  /** In the order in which they are tried; the last one is the default and has no conditions. */
  rules: Rule[];
}

export interface Model {
  listeners: Listener[];
  groups: Group[];
}

/** The resources of a type, which the provider offers under two names. */
export function resourcesOf(graph: Graph, type: string): PlainResource[] {
  return ["lb", "alb"].flatMap((module) => ownResources(graph, `aws:${module}/${type}`));
}

/** Reads the listeners that reach functions, and the target groups of these. */
export function readModel(graph: Graph): Model {
  const attachments = resourcesOf(graph, "targetGroupAttachment:TargetGroupAttachment");
  const groups = resourcesOf(graph, "targetGroup:TargetGroup")
    .filter(({ settings }) => settings.targetType === "lambda")
    .map(({ name, settings }): Group => {
      const arn = arnOf(settings);
      const attached = attachments.find(({ settings: { targetGroupArn } }) => targetGroupArn === arn);
      const target = asText(attached?.settings.targetId);
      return { name, arn, target, multiValueHeaders: settings.lambdaMultiValueHeadersEnabled === true };
    });
  const known = groups.map(({ arn }) => arn);
  const reaches = ({ rules }: Listener) =>
    rules.some(({ action }) => forwardsOf(action).some(({ arn }) => known.includes(arn)));
  return { groups, listeners: readListeners(graph).filter(reaches) };
}

/** The target groups to which an action forwards requests, with their weights. */
export function forwardsOf({ type, targetGroupArn, forward }: Settings): { arn: string; weight: number }[] {
  if (type !== "forward") return [];
  const weighted = asList(asList([forward])[0]?.targetGroups);
  if (weighted.length === 0) return [{ arn: String(targetGroupArn), weight: 1 }];
  return weighted.map(({ arn, weight }) => ({ arn: String(arn), weight: asNumber(weight) ?? 1 }));
}

/** A listener that only rules name is one of another program; it is served with these rules. */
function readListeners(graph: Graph): Listener[] {
  const rules = resourcesOf(graph, "listenerRule:ListenerRule");
  const own = resourcesOf(graph, "listener:Listener");
  const foreign = rules
    .filter(({ settings }) => !own.some((listener) => arnOf(listener.settings) === settings.listenerArn))
    .map(({ name, settings }) => ({ name, settings: { arn: settings.listenerArn } }));
  const byArn = new Map([...foreign, ...own].map((listener) => [arnOf(listener.settings), listener]));
  return [...byArn].map(([arn, { name, settings }]) => {
    const its = rules.filter((rule) => rule.settings.listenerArn === arn);
    const byPriority = its.map(readRule).sort((one, other) => one.priority - other.priority);
    const { action, unserved } = readActions(asList((settings as Settings).defaultActions));
    return { arn, name, rules: [...byPriority, { name, conditions: [], action, unserved }] };
  });
}

/** AWS gives a rule without a priority the next free one. */
function readRule({ name, settings }: PlainResource): Rule & { priority: number } {
  const { action, unserved } = readActions(asList(settings.actions));
  const rewrites = asList(settings.transforms).length > 0 ? "its transforms" : undefined;
  const priority = asNumber(settings.priority) ?? Number.MAX_SAFE_INTEGER;
  return { name, conditions: asList(settings.conditions), action, unserved: unserved ?? rewrites, priority };
}

const SERVED = ["forward", "fixed-response", "redirect"];

/** The last action answers; those before it check who calls. */
function readActions(actions: Settings[]): Pick<Rule, "action" | "unserved"> {
  const inOrder = actions.toSorted((one, other) => (asNumber(one.order) ?? 0) - (asNumber(other.order) ?? 0));
  const unserved = inOrder.find(({ type }) => !SERVED.includes(String(type)))?.type;
  const action = inOrder.at(-1) ?? { type: "fixed-response", fixedResponse: { statusCode: "404" } };
  return { action, unserved: asText(unserved) && `its action ${unserved}` };
}

function arnOf({ arn, id }: Settings): string {
  return asText(arn) ?? asText(id) ?? "";
}
