import { below, type Mistakes } from "../validation";
import { EndpointType, ResponseTransferMode, type ServerlessApiArgs, Validation } from "./args";
import { checkRoutes, nameCharacters } from "./checks";
import { describeHttpApi } from "./describe";
import { checkDomainTls } from "./edgeChecks";
import type { HttpApiArgs } from "./httpArgs";
import { deployedRoutes } from "./rules/httpBody";

/** The arguments that both kinds of API have. */
type Shared =
  | ("routes" | "title" | "version" | "description" | "license" | "contact" | "tagDescriptions")
  | ("auth" | "authorizers" | "stageName" | "cors" | "throttle" | "permissions" | "disableExecuteApiEndpoint")
  | ("domain" | "stageVariables" | "accessLogFormat" | "logRetentionDays" | "logKmsKeyArn" | "alarmTopicArns" | "tags");

/** Why HTTP APIs do not have an argument of REST APIs, and what to write instead. */
interface RestOnly {
  reason: string;
  /** The value that says what an HTTP API does anyway. */
  accepted?: unknown;
}

const regional = { reason: "they are public and regional; leave it out, or write a ServerlessApi" };
const keys = { reason: "they know no API keys; write `authorizers`, or a ServerlessApi" };
const tls = { reason: "their own endpoint has a fixed TLS policy; set that of a custom domain" };

/** @see "Choose between REST APIs and HTTP APIs" */
const restOnly: Record<Exclude<keyof ServerlessApiArgs, Shared>, RestOnly> = {
  validation: { reason: "they check no requests; let the functions check them", accepted: Validation.None },
  documentPath: {
    reason: "they answer nothing by themselves; serve it by a function, or publish the `document` output",
  },
  documentAuth: { reason: "they have no `documentPath`; leave it out" },
  apiKeyRequired: { ...keys, accepted: false },
  apiKeySource: keys,
  usagePlans: keys,
  tracing: { reason: "X-Ray does not trace them; leave it out, as the functions have `tracing`", accepted: false },
  cloudWatchRole: { reason: "they need no role for their logs; leave it out" },
  endpointType: { ...regional, accepted: EndpointType.Regional },
  securityPolicy: tls,
  endpointAccessMode: tls,
  vpcEndpointIds: regional,
  resourcePolicy: { reason: "they have no policy; say with `auth` who may call, or write a ServerlessApi" },
  minimumCompressionSize: { reason: "they do not compress; let the functions, or CloudFront, compress" },
  binaryMediaTypes: { reason: "they pass every body that is not text as bytes; leave it out" },
  waf: { reason: "AWS WAF cannot stand in front of them; write a ServerlessApi" },
  canary: { reason: "their stages have no canary; shift traffic with the function's `alias.routing`" },
  cacheSize: { reason: "they keep no responses; put CloudFront in front, or write a ServerlessApi" },
  clientCertificateId: { reason: "they show web servers no certificate; leave it out, or write a ServerlessApi" },
  gatewayResponses: { reason: "their own responses are fixed; leave it out, or write a ServerlessApi" },
  restApiArgs: { reason: "write `httpApiArgs`" },
};

/** The longest wait for a function, in milliseconds. @see "Quotas for configuring and running an HTTP API" */
const longestTimeout = 30_000;
/** The integrations of an HTTP API, of which each route has its own; AWS does not raise this quota. */
const mostRoutes = 300;

/** Adds every mistake in an HTTP API's arguments. */
export function checkHttpApi(mistakes: Mistakes, args: HttpApiArgs, name: string): void {
  mistakes.componentName(name, 128, ...nameCharacters);
  for (const [argument, { reason, accepted }] of Object.entries(restOnly)) {
    const given = args[argument as keyof typeof restOnly];
    mistakes.check(given === undefined || given === accepted, argument, notInHttp(reason));
  }
  for (const key of Object.keys(args.routes)) checkRoute(mistakes, key, args);
  checkDomainTls(mistakes, args.domain, "is not for HTTP APIs");
  const api = describeHttpApi(name, args);
  checkRoutes(mistakes, name, args, api);
  const { length } = deployedRoutes(api);
  mistakes.check(
    length <= mostRoutes,
    "routes",
    `become ${length} routes with an integration each, but an HTTP API has at most ${mostRoutes}: write several APIs, ` +
      "or a ServerlessApi",
  );
  const { body, name: other } = args.httpApiArgs ?? {};
  mistakes.check(body === undefined, "httpApiArgs.body", "write the component's `routes` instead");
  mistakes.check(other === undefined, "httpApiArgs.name", "write the component's `title` instead, which is the name");
}

function checkRoute(mistakes: Mistakes, key: string, { routes }: HttpApiArgs): void {
  const path = below("routes", key);
  const {
    validation = Validation.None,
    responseTransferMode,
    tenantId,
    timeoutInMillis = 0,
    apiKeyRequired,
    cache,
  } = routes[key] ?? {};
  mistakes.check(apiKeyRequired !== true, `${path}.apiKeyRequired`, notInHttp(keys.reason));
  mistakes.check(validation === Validation.None, `${path}.validation`, notInHttp(restOnly.validation.reason));
  mistakes.check(
    responseTransferMode !== ResponseTransferMode.Stream,
    `${path}.responseTransferMode`,
    notInHttp("they do not stream; write BUFFERED, a function's `url`, or a ServerlessApi"),
  );
  mistakes.check(
    tenantId === undefined,
    `${path}.tenantId`,
    notInHttp("they cannot tell Lambda the tenant; write a ServerlessApi"),
  );
  mistakes.check(cache === undefined, `${path}.cache`, notInHttp(restOnly.cacheSize.reason));
  mistakes.check(
    timeoutInMillis <= longestTimeout,
    `${path}.timeoutInMillis`,
    `is ${timeoutInMillis}; an HTTP API waits at most ${longestTimeout}: write that, or a ServerlessApi`,
  );
}

function notInHttp(reason: string): string {
  return `is not for HTTP APIs: ${reason}`;
}
