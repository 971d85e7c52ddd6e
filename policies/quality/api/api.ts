import type { PolicyResource } from "@pulumi/policy";
import { isShared, ofType } from "../../lib/related";
import type { Finding, ResourceRule, Settings, StackFinding, StackRule } from "../../lib/rule";
import { anyOf, unless, watch } from "../../lib/unknowns";
import { holds, read } from "../../lib/values";
import { byPath, byType, demandGiven } from "../checks";
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
    "Give each route an authorizer, IAM authorization or an API key, or name it in the setting open. Preflight requests " +
    "(OPTIONS) need none, and of a WebSocket API only $connect does.",
  settings: {
    required: { type: "boolean", description: "Require it, as for a stack in production.", default: false },
    open: {
      type: "array",
      items: { type: "string" },
      description: "Routes that are meant for everybody, such as GET /health.",
      default: [],
    },
  },
  checkResource: (subject, settings) => {
    return settings.required && !socketDefault.test(subject.urn) ? authorizationOf(subject, settings) : [];
  },
};

/**
 * The `$default` route of a WebSocketApi: `$connect` authorizes its callers. The key alone does not tell it from the
 * `$default` route of an HTTP API, which anybody could call.
 */
const socketDefault = /graviton:index:WebSocketApi\$aws:apigatewayv2\/route:Route::[^:]*-default$/;

function meantFor({ open }: Settings): string[] {
  return Array.isArray(open) ? open : [];
}

const openTo = (props: object, settings: Settings) => openOperations(props, "body", meantFor(settings));

const authorizationOf = byType({
  "aws:apigateway/method:Method": (props) =>
    unless(
      () => holds(props, "httpMethod", (method) => method === "OPTIONS"),
      () => authorized(props, "authorization"),
    ),
  "aws:apigatewayv2/route:Route": (props, settings) =>
    unless(
      () =>
        holds(props, "routeKey", (key) => {
          const route = String(key);
          return route.startsWith("OPTIONS ") || isOfConnected(route) || meantFor(settings).includes(route);
        }),
      () => authorized(props, "authorizationType"),
    ),
  "aws:lambda/functionUrl:FunctionUrl": (props) => authorized(props, "authorizationType"),
  "aws:apigateway/restApi:RestApi": openTo,
  "aws:apigateway/restApiPut:RestApiPut": openTo,
  "aws:apigatewayv2/api:Api": openTo,
});

/** Routes of WebSocket APIs that only those can reach whom `$connect` has let in, unless they are called `$default`. */
function isOfConnected(routeKey: string): boolean {
  return routeKey === "$disconnect" || !/^\$|\s/.test(routeKey);
}

function authorized(props: object, path: string): Finding[] {
  return unless(
    () => holds(props, "apiKeyRequired", (value) => value === true),
    () =>
      read(props, path).flatMap((reading) => {
        const isOpen = reading.state === "missing" || (reading.state === "known" && reading.value === "NONE");
        return isOpen ? [{ message: `${path} is NONE, so anybody may call it: write AWS_IAM or an authorizer.` }] : [];
      }),
  );
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
  checkStack: (resources) => [
    ...ofType(resources, "aws:apigatewayv2/stage:Stage").flatMap((stage) =>
      demandLimits(stage, stage.props, "defaultRouteSettings"),
    ),
    ...ofType(resources, "aws:apigateway/stage:Stage").flatMap((stage) =>
      demandThrottled(stage, ofType(resources, "aws:apigateway/methodSettings:MethodSettings")),
    ),
  ],
};

const limits =
  "write a throttlingRateLimit (requests per second) and a throttlingBurstLimit (requests at once) that the backend " +
  "can serve";

function demandThrottled(stage: PolicyResource, settings: PolicyResource[]): StackFinding[] {
  const message = `The stage has no aws.apigateway.MethodSettings that throttles all its methods (*/*): ${limits}.`;
  return unless(
    () =>
      anyOf(
        ...settings.map((own) => () => demandLimits(stage, own.props, "settings").length === 0 && governs(own, stage)),
      ),
    () => {
      const own = settings.filter((own) => watch(() => governs(own, stage)).result);
      const [found] = own.flatMap(({ props }) => demandLimits(stage, props, "settings"));
      return [found ?? { subject: stage, message }];
    },
  );
}

/** Whether the settings are those of all the stage's methods. */
function governs(settings: PolicyResource, stage: PolicyResource): boolean {
  return (
    holds(settings.props, "methodPath", (path) => path === "*/*") &&
    ["restApi", "stageName"].every((name) => isShared(settings, stage, name))
  );
}

function demandLimits(subject: PolicyResource, props: object, path: string): StackFinding[] {
  const unset = ["throttlingRateLimit", "throttlingBurstLimit"].filter((name) => {
    const [reading] = read(props, `${path}.${name}`);
    return reading?.state !== "unknown" && !(reading?.state === "known" && Number(reading.value) >= 0);
  });
  return unset.length > 0 ? [{ subject, message: `${path} has no ${unset.join(" or ")}: ${limits}.` }] : [];
}

export const apiRules = [accessLogs, authorization, throttling];
