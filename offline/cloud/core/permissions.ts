import type { Graph } from "../../engine/graph";
import { policiesOf } from "./iam/attached";
import { isAbout } from "./iam/policy";
import { ownResources, type Settings } from "./resources";

/** An action on no stream in particular. */
const LISTS = "dynamodb:ListStreams";

/**
 * The actions on a resource that a role lacks. None if that cannot be told: the program does not have the role, or not all
 * of its policies can be read.
 * @param roleArn its ARN
 * @param needed of several actions in a row, one is enough
 * @param arn the resource's
 */
export function missingActions(graph: Graph, roleArn: unknown, needed: string[][], arn: string): string[] {
  const role = ownResources(graph, "aws:iam/role:Role").find(
    ({ settings }) => settings.arn !== undefined && settings.arn === roleArn,
  );
  // A consumer is read with permissions of its own.
  if (!role || arn.includes("/consumer/")) return [];
  const { statements, unread } = policiesOf(graph, "role", role.settings);
  if (unread.length > 0) return [];
  const allows = (action: string) => {
    const about = statements.filter((statement) => applies(statement, action, arn));
    const isDenied = about.some(({ Effect, Condition }) => Effect === "Deny" && Condition === undefined);
    return !isDenied && about.some(({ Effect }) => Effect === "Allow");
  };
  return needed.filter((actions) => !actions.some(allows)).map(([action = ""]) => action);
}

/** Whether a statement is about an action on a resource, under whatever condition. */
function applies(statement: Settings, action: string, arn: string): boolean {
  const { Resource: _, NotResource: __, ...anywhere } = statement;
  const about = action === LISTS ? { ...anywhere, Resource: "*" } : statement;
  return isAbout(about, { action, resource: arn, facts: {} });
}
