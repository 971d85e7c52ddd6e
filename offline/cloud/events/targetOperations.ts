import { AwsError } from "../core/awsError";
import type { Run } from "../core/declaration";
import type { Target } from "./definitions";
import type { EventBuses } from "./eventBuses";
import { inputMistake } from "./payload";
import { findRule } from "./ruleOperations";

type OfRule = { Rule: string; EventBusName?: string };

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MAX_TARGETS = 5;

/** The operations on the targets of rules. */
export const targetOperations: Record<string, Run<EventBuses>> = {
  PutTargets: (buses, { Targets, ...of }: OfRule & { Targets: Target[] }, call) => {
    const { targets } = findRule(buses, named(of), call);
    for (const target of Targets) {
      const mistake = inputMistake(target);
      if (mistake) throw new AwsError("ValidationException", mistake);
    }
    if (new Set([...targets.keys(), ...Targets.map(({ Id }) => Id)]).size > MAX_TARGETS)
      throw new AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
    for (const target of Targets) targets.set(target.Id, target);
    return SUCCESS;
  },
  ListTargetsByRule: (buses, of: OfRule, call) =>
    call.page([...findRule(buses, named(of), call).targets.values()], { positionOf: ({ Id }) => Id }),
  RemoveTargets: (buses, { Ids, ...of }: OfRule & { Ids: string[] }, call) => {
    const { targets } = findRule(buses, named(of), call);
    for (const id of Ids) targets.delete(id);
    return SUCCESS;
  },
};

const SUCCESS = { FailedEntryCount: 0, FailedEntries: [] };

function named({ Rule, EventBusName }: OfRule) {
  return { Name: Rule, EventBusName };
}
