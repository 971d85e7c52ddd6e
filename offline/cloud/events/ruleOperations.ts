import { scheduleMistake, scheduleRefusal } from "../../../expressions/schedules";
import { account } from "../../engine/context";
import { AwsError } from "../core/awsError";
import type { OperationCall, Run } from "../core/declaration";
import { type Tag, tagsOf } from "../core/tags";
import { DEFAULT_BUS, ruleArn } from "./arns";
import type { EventBuses } from "./eventBuses";
import { readPattern } from "./pattern";
import type { Rule } from "./rule";

type OnBus = { EventBusName?: string };
type Named = OnBus & { Name: string };

type PutRuleInput = Named & {
  ScheduleExpression?: string;
  EventPattern?: string;
  State?: string;
  Description?: string;
  RoleArn?: string;
  Tags?: Tag[];
};

/** The operations on rules. */
export const ruleOperations: Record<string, Run<EventBuses>> = {
  PutRule: putRule,
  DescribeRule: (buses, input: Named, call) => {
    const rule = findRule(buses, input, call);
    return { ...show(rule), CreatedBy: account };
  },
  ListRules: (buses, { EventBusName, NamePrefix = "" }: OnBus & { NamePrefix?: string }, { scope, page }) =>
    page(
      [...buses.get(EventBusName, scope.region).rules.values()].filter(({ name }) => name.startsWith(NamePrefix)),
      { show, positionOf: ({ name }) => name },
    ),
  ListRuleNamesByTarget: (buses, { EventBusName, TargetArn }: OnBus & { TargetArn: string }, { scope, page }) =>
    page(
      [...buses.get(EventBusName, scope.region).rules.values()].filter(({ targets }) =>
        [...targets.values()].some(({ Arn }) => Arn === TargetArn),
      ),
      { show: ({ name }) => name, positionOf: ({ name }) => name },
    ),
  EnableRule: (buses, input: Named, call) => setState(buses, findRule(buses, input, call), "ENABLED"),
  DisableRule: (buses, input: Named, call) => setState(buses, findRule(buses, input, call), "DISABLED"),
  DeleteRule: deleteRule,
};

/** @throws AwsError if there is no such bus or rule */
export function findRule(
  buses: EventBuses,
  { Name, EventBusName }: Named,
  { scope }: Pick<OperationCall, "scope">,
): Rule {
  const bus = buses.get(EventBusName, scope.region);
  const rule = bus.rules.get(Name);
  if (rule) return rule;
  throw new AwsError("ResourceNotFoundException", `Rule ${Name} does not exist on EventBus ${bus.name}.`);
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
function putRule(buses: EventBuses, input: PutRuleInput, { scope }: OperationCall): object {
  const { Name, EventBusName, ScheduleExpression, EventPattern, State = "ENABLED", Description, RoleArn, Tags } = input;
  const bus = buses.get(EventBusName, scope.region);
  if (!EventPattern && !ScheduleExpression)
    throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  if (EventPattern) checkPattern(EventPattern);
  if (ScheduleExpression) checkSchedule(ScheduleExpression, bus.name);
  const arn = ruleArn(Name, bus.arn);
  const known = bus.rules.get(Name);
  buses.putRule({
    name: Name,
    arn,
    bus: bus.arn,
    description: Description,
    pattern: EventPattern || undefined,
    schedule: ScheduleExpression || undefined,
    state: State,
    roleArn: RoleArn,
    tags: known?.tags ?? tagsOf(Tags),
  });
  return { RuleArn: arn };
}

/** @throws AwsError if AWS refuses the pattern */
export function checkPattern(pattern: string) {
  const read = readPattern(pattern);
  if (read instanceof Error) throw new AwsError("InvalidEventPatternException", read.message);
  return read;
}

function checkSchedule(expression: string, bus: string): void {
  if (scheduleMistake(expression, "rule")) throw invalid(scheduleRefusal(expression, "rule"));
  if (bus !== DEFAULT_BUS) throw invalid("ScheduleExpression is supported only on the default event bus.");
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

function setState(buses: EventBuses, { bus, targets: _, matches: __, ...rule }: Rule, state: string): undefined {
  buses.putRule({ ...rule, bus: bus.arn, state });
}

/** A rule that does not exist has been deleted already. */
function deleteRule(buses: EventBuses, { Name, EventBusName }: Named, { scope }: OperationCall): undefined {
  const rule = buses.get(EventBusName, scope.region).rules.get(Name);
  if (!rule) return;
  if (rule.targets.size > 0) throw invalid("Rule can't be deleted since it has targets.");
  buses.deleteRule(rule);
}

function show({ name, arn, bus, pattern, schedule, state, description, roleArn }: Rule): object {
  return {
    Name: name,
    Arn: arn,
    EventBusName: bus.name,
    EventPattern: pattern,
    ScheduleExpression: schedule,
    State: state,
    Description: description,
    RoleArn: roleArn,
  };
}
