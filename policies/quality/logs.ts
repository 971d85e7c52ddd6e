import type { PolicyResource } from "@pulumi/policy";
import type { ResourceRule, StackFinding, StackRule } from "../lib/rule";
import { isGiven, known, read } from "../lib/values";
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
      // AWS keeps logs of this class for two days, whatever retentionInDays is.
      if (known(props, "logGroupClass").includes("DELIVERY")) return [];
      return demand(props, "retentionInDays", {
        type: "number",
        isRight: (days) => days > 0 && days <= Number(maximumDays),
        instead: `write a number of days up to ${maximumDays}, such as 30 (0, or no value, keeps logs for ever)`,
      });
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
  checkStack: (resources) => {
    const hasGroup = logGroupNames(resources);
    return ofType(resources, "aws:lambda/function:Function").flatMap((subject): StackFinding[] => {
      if (isGiven(subject.props, "loggingConfig.logGroup")) return [];
      const [name] = read(subject.props, "name");
      if (name?.state !== "known" || hasGroup(`/aws/lambda/${name.value}`)) return [];
      const message =
        `loggingConfig.logGroup is missing, and the stack has no log group /aws/lambda/${name.value}: Lambda creates ` +
        "one that keeps logs for ever and outlives the stack. Create a log group and write its name there.";
      return [{ subject, message }];
    });
  },
};

const executionLogGroup: StackRule = {
  name: "api-execution-log-group",
  description: "REST APIs write execution logs to a log group of the stack, so that its retention applies.",
  severity: "medium",
  practice: "COST04-BP05",
  tags: ["api-gateway", "logs"],
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
  remediationSteps:
    "Create an aws.cloudwatch.LogGroup named API-Gateway-Execution-Logs_API/STAGE with retentionInDays.",
  checkStack: (resources) => {
    const hasGroup = logGroupNames(resources);
    return ofType(resources, "aws:apigateway/methodSettings:MethodSettings").flatMap((subject): StackFinding[] => {
      const [level] = known(subject.props, "settings.loggingLevel");
      const [api] = known(subject.props, "restApi");
      const [stage] = known(subject.props, "stageName");
      if (level === undefined || level === "OFF" || api === undefined || stage === undefined) return [];
      const group = `API-Gateway-Execution-Logs_${api}/${stage}`;
      if (hasGroup(group)) return [];
      const message =
        `settings.loggingLevel is ${level}, and the stack has no log group ${group}: API Gateway creates one that ` +
        "keeps logs for ever and outlives the stack. Create a log group with that name.";
      return [{ subject, message }];
    });
  },
};

function ofType(resources: PolicyResource[], type: string): PolicyResource[] {
  return resources.filter((resource) => resource.type === type);
}

/** Whether the stack has a log group of a name, or one whose name is unknown and may be the same. */
function logGroupNames(resources: PolicyResource[]): (name: string) => boolean {
  const readings = ofType(resources, logGroupType).flatMap(({ props }) => read(props, "name"));
  const names = new Set(readings.map((reading) => reading.state === "known" && reading.value));
  return (name) => names.has(name) || readings.some(({ state }) => state === "unknown");
}

export const logRules = [retention, ownLogGroup, executionLogGroup];
