import type { Finding, ResourceRule, StackFinding, StackRule } from "../../lib/rule";
import { known, read } from "../../lib/values";
import { byPath, byType, demandGiven, mayBe } from "../checks";
import { openOperations } from "./openApi";

const accessLogs: ResourceRule = {
  name: "api-access-logs",
  description: "API stages have access logs.",
  severity: "medium",
  practice: "SEC04-BP01",
  tags: ["api-gateway", "logs"],
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
  remediationSteps: "Set accessLogSettings to the ARN of a log group and a format.",
  checkResource: byPath(
    {
      "aws:apigateway/stage:Stage": "accessLogSettings.destinationArn",
      "aws:apigatewayv2/stage:Stage": "accessLogSettings.destinationArn",
    },
    (props, path) => demandGiven(props, path, "write the ARN of a log group, and set the format too"),
  ),
};

const authorization: ResourceRule = {
  name: "api-authorization",
  description: "APIs and function URLs authorize their callers, in stacks that require it.",
  severity: "high",
  practice: "SEC03-BP07",
  tags: ["api-gateway", "lambda", "security"],
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
  remediationSteps:
    "Give each route an authorizer, IAM authorization or an API key. Preflight requests (OPTIONS) need none.",
  settings: { required: { type: "boolean", description: "Require it, as for a stack in production.", default: false } },
  checkResource: (subject, { required }) => (required ? authorizationOf(subject, {}) : []),
};

const authorizationOf = byType({
  "aws:apigateway/method:Method": (props) =>
    known(props, "httpMethod").includes("OPTIONS") ? [] : authorized(props, "authorization"),
  "aws:apigatewayv2/route:Route": (props) =>
    known(props, "routeKey").some((key) => String(key).startsWith("OPTIONS "))
      ? []
      : authorized(props, "authorizationType"),
  "aws:lambda/functionUrl:FunctionUrl": (props) => authorized(props, "authorizationType"),
  "aws:apigateway/restApi:RestApi": (props) => openOperations(props, "body"),
  "aws:apigatewayv2/api:Api": (props) => openOperations(props, "body"),
});

function authorized(props: object, path: string): Finding[] {
  if (mayBe(props, "apiKeyRequired", true)) return [];
  return read(props, path).flatMap((reading) => {
    const isOpen = reading.state === "missing" || (reading.state === "known" && reading.value === "NONE");
    return isOpen ? [{ message: `${path} is NONE, so anybody may call it: write AWS_IAM or an authorizer.` }] : [];
  });
}

const throttling: StackRule = {
  name: "api-throttling",
  description: "API stages have throttling limits of their own, below the account's.",
  enforcementLevel: "advisory",
  severity: "low",
  practice: "REL05-BP02",
  tags: ["api-gateway", "reliability", "cost"],
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
  remediationSteps:
    "Set throttlingRateLimit and throttlingBurstLimit in the settings of an aws.apigateway.MethodSettings with the " +
    "methodPath */*, or in the defaultRouteSettings of an aws.apigatewayv2.Stage.",
  checkStack: (resources) => {
    const settings = resources.filter(({ type }) => type === "aws:apigateway/methodSettings:MethodSettings");
    return resources.flatMap((subject): StackFinding[] => {
      if (subject.type === "aws:apigatewayv2/stage:Stage")
        return notThrottled(subject, subject, "defaultRouteSettings");
      if (subject.type !== "aws:apigateway/stage:Stage") return [];
      const own = settings.filter(
        ({ props }) =>
          mayBe(props, "methodPath", "*/*") &&
          ["restApi", "stageName"].every((name) => known(subject.props, name).every((it) => mayBe(props, name, it))),
      );
      const findings = own.map((setting) => notThrottled(subject, setting, "settings"));
      if (findings.some((found) => found.length === 0)) return [];
      const message = `The stage has no aws.apigateway.MethodSettings that throttles all its methods (*/*): ${limits}.`;
      return findings[0] ?? [{ subject, message }];
    });
  },
};

const limits =
  "write a throttlingRateLimit (requests per second) and a throttlingBurstLimit (requests at once) that the backend " +
  "can serve";

function notThrottled(subject: StackFinding["subject"], { props }: { props: object }, path: string): StackFinding[] {
  const unset = ["throttlingRateLimit", "throttlingBurstLimit"].filter((name) => {
    const [reading] = read(props, `${path}.${name}`);
    return reading?.state !== "unknown" && !(reading?.state === "known" && Number(reading.value) >= 0);
  });
  return unset.length > 0 ? [{ subject, message: `${path} has no ${unset.join(" or ")}: ${limits}.` }] : [];
}

export const apiRules = [accessLogs, authorization, throttling];
