import type { PolicyResource } from "@pulumi/policy";
import { behind, isMadeOf, ofType } from "../lib/related";
import type { ResourceRule, StackFinding, StackRule } from "../lib/rule";
import { anyOf, note, unless } from "../lib/unknowns";
import { holds, isGiven, known, read } from "../lib/values";
import { byType, demand } from "./checks";

const logGroupType = "aws:cloudwatch/logGroup:LogGroup";

const retention: ResourceRule = {
  name: "log-retention",
  description: "Log groups have a retention period.",
  severity: "medium",
  practice: "COST04-BP05",
  tags: ["logs", "cost"],
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
  remediationSteps: "Set retentionInDays.",
  settings: {
    maximumDays: {
      type: "integer",
      description: "The longest retention period allowed, in days.",
      minimum: 1,
      default: 3653,
    },
  },
  checkResource: byType({
    [logGroupType]: (props, { maximumDays }) => {
      const instead = `write a number of days up to ${maximumDays}, such as 30 (0, or no value, keeps logs for ever)`;
      const isRight = (days: number) => days > 0 && days <= Number(maximumDays);
      // AWS keeps logs of this class for two days, whatever retentionInDays is.
      return unless(
        () => holds(props, "logGroupClass", (value) => value === "DELIVERY"),
        () => demand(props, "retentionInDays", { type: "number", isRight, instead }),
      );
    },
  }),
};

const ownLogGroup: StackRule = {
  name: "lambda-log-group",
  description: "Lambda functions write to a log group of the stack, so that its retention applies.",
  severity: "medium",
  practice: "COST04-BP05",
  tags: ["lambda", "logs"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html",
  remediationSteps:
    "Create an aws.cloudwatch.LogGroup with retentionInDays, and write its name in loggingConfig.logGroup.",
  checkStack: (resources) =>
    ofType(resources, "aws:lambda/function:Function").flatMap((subject) =>
      unless(
        () => isGiven(subject.props, "loggingConfig.logGroup") || hasGroupMadeOf(resources, [subject]),
        () => demandOwnGroup(resources, subject),
      ),
    ),
};

function demandOwnGroup(resources: PolicyResource[], subject: PolicyResource): StackFinding[] {
  const [name] = read(subject.props, "name");
  if (name?.state !== "known") {
    // A function without a name gets one when it is deployed.
    note([{ within: subject.props, path: "name" }]);
    return [];
  }
  const group = `/aws/lambda/${name.value}`;
  const message =
    `loggingConfig.logGroup is missing, and the stack has no log group ${group}: Lambda creates one that keeps logs ` +
    "for ever and outlives the stack. Create a log group and write its name there.";
  return demandGroup(resources, group, { subject, message });
}

const executionLogGroup: StackRule = {
  name: "api-execution-log-group",
  description: "REST APIs write execution logs to a log group of the stack, so that its retention applies.",
  severity: "medium",
  practice: "COST04-BP05",
  tags: ["api-gateway", "logs"],
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
  remediationSteps:
    "Create an aws.cloudwatch.LogGroup named API-Gateway-Execution-Logs_API/STAGE with retentionInDays.",
  checkStack: (resources) =>
    ofType(resources, "aws:apigateway/methodSettings:MethodSettings").flatMap((subject) =>
      unless(
        () => hasGroupMadeOf(resources, behind(subject, "restApi")),
        () => demandExecutionGroup(resources, subject),
      ),
    ),
};

function demandExecutionGroup(resources: PolicyResource[], subject: PolicyResource): StackFinding[] {
  const { props } = subject;
  return known(props, "settings.loggingLevel").flatMap((level) => {
    if (level === "OFF") return [];
    const stages = known(props, "restApi").flatMap((api) =>
      known(props, "stageName").map((stage) => `${api}/${stage}`),
    );
    return stages.flatMap((stage) => {
      const group = `API-Gateway-Execution-Logs_${stage}`;
      const message =
        `settings.loggingLevel is ${level}, and the stack has no log group ${group}: API Gateway creates one that ` +
        "keeps logs for ever and outlives the stack. Create a log group with that name.";
      return demandGroup(resources, group, { subject, message });
    });
  });
}

/** Whether a log group's name is still unknown and comes from the resource that writes to it. */
function hasGroupMadeOf(resources: PolicyResource[], writers: PolicyResource[]): boolean {
  return ofType(resources, logGroupType).some((group) => isMadeOf(group, "name", writers));
}

/** The finding if no log group of the stack has the name, or may have it. */
function demandGroup(resources: PolicyResource[], name: string, finding: StackFinding): StackFinding[] {
  const groups = ofType(resources, logGroupType);
  return unless(
    () =>
      anyOf(
        ...groups.map(
          ({ props }) =>
            () =>
              holds(props, "name", (value) => value === name),
        ),
      ),
    () => [finding],
  );
}

export const logRules = [retention, ownLogGroup, executionLogGroup];
