import { describeTemplateMistake, templateMistakes } from "../../expressions/velocity";
import { below, type Mistakes } from "../validation";
import { CacheSize, EndpointType, ResponseTransferMode, type ServerlessApiArgs } from "./args";
import { edgeRegion } from "./domain";
import type { DomainArgs } from "./edgeArgs";
import { checkSecurityPolicy } from "./endpointChecks";
import { resolveRoutes } from "./routes";
import { parametersOf } from "./rules/document";
import { responseTypes } from "./rules/gatewayResponses";

/** Adds the mistakes in what stands in front of a REST API, and in what its stage has. */
export function checkEdge(mistakes: Mistakes, args: ServerlessApiArgs, name: string): void {
  if (args.domain) checkRestDomain(mistakes, args.domain, args);
  checkWebAcl(mistakes, args, name);
  checkResponses(mistakes, args);
  checkCache(mistakes, args);
  checkStageVariables(mistakes, args.canary?.stageVariables, "canary.stageVariables");
}

/** Adds the mistakes that the domains of all kinds of API can have, and in what all kinds of stage have. */
export function checkStage(mistakes: Mistakes, { domain, stageVariables, accessLogFormat }: ServerlessApiArgs): void {
  checkStageVariables(mistakes, stageVariables, "stageVariables");
  checkCertificate(mistakes, domain);
  if (accessLogFormat?.trim().startsWith("{") && !isJsonLine(accessLogFormat)) {
    mistakes.add("accessLogFormat", "begins as JSON, but is not JSON; write a whole object, with its names in quotes");
  }
}

/** Adds the mistake of a domain without a certificate, or a zone to validate one in. */
export function checkCertificate(mistakes: Mistakes, domain: DomainArgs | undefined): void {
  if (domain && domain.certificateArn === undefined && domain.zoneId === undefined) {
    mistakes.add("domain.certificateArn", "is missing; write one, or the `zoneId` in which a new one is validated");
  }
}

/**
 * Adds the mistakes in the TLS settings of a domain that is not for a REST API.
 * @param reason such as "is not for HTTP APIs"
 */
export function checkDomainTls(mistakes: Mistakes, domain: DomainArgs | undefined, reason: string): void {
  const { securityPolicy = "TLS_1_2", endpointAccessMode } = domain ?? {};
  mistakes.check(securityPolicy === "TLS_1_2", "domain.securityPolicy", `${reason}: write TLS_1_2, or leave it out`);
  mistakes.check(endpointAccessMode === undefined, "domain.endpointAccessMode", `${reason}: leave it out`);
}

/** Whether a format makes JSON of any values: those outside of quotes are numbers. */
function isJsonLine(format: string): boolean {
  try {
    JSON.parse(format.replace(/\$context(?:\.\w+)+/g, "0"));
    return true;
  } catch {
    return false;
  }
}

function checkRestDomain(mistakes: Mistakes, domain: DomainArgs, { endpointType }: ServerlessApiArgs): void {
  const isEdge = endpointType === EndpointType.Edge;
  mistakes.check(
    endpointType !== EndpointType.Private,
    "domain",
    "is not for an API that is PRIVATE; leave it out, and call the API by its VPC endpoint",
  );
  const { securityPolicy, endpointAccessMode, certificateArn } = domain;
  checkSecurityPolicy(mistakes, { securityPolicy, endpointAccessMode, endpointType }, "domain.");
  const region = typeof certificateArn === "string" ? certificateArn.split(":")[3] : undefined;
  mistakes.check(
    !isEdge || region === undefined || region === edgeRegion,
    "domain.certificateArn",
    `is in ${region}, but an API that is EDGE needs one of ${edgeRegion}: write such a one, or make the API REGIONAL`,
  );
  mistakes.check(
    !(isEdge && domain.mutualTls),
    "domain.mutualTls",
    "is not for an API that is EDGE; leave it out, or make the API REGIONAL",
  );
}

function checkCache(mistakes: Mistakes, args: ServerlessApiArgs): void {
  const cached = resolveRoutes(args).filter(({ cache }) => cache !== undefined);
  const isUsed = args.cacheSize === undefined || cached.length > 0;
  mistakes.check(
    isUsed,
    "cacheSize",
    "costs money and is used by no route; give a GET route a `cache`, or leave it out",
  );
  for (const route of cached) {
    const path = below("routes", route.name);
    const { method, responseTransferMode, cache } = route;
    mistakes.check(
      args.cacheSize !== undefined,
      `${path}.cache`,
      `needs a cache; write the API's \`cacheSize: "${CacheSize.Gb0_5}"\` too, or leave it out`,
    );
    mistakes.check(method === "GET", `${path}.cache`, `is for GET, not for ${method}; leave it out`);
    mistakes.check(
      responseTransferMode !== ResponseTransferMode.Stream,
      `${path}.cache`,
      "is not for responses that are streamed; leave it out, or write BUFFERED",
    );
    const known = parametersOf(route).map(({ name }) => name);
    const unknown = cache?.keys?.filter((key) => !known.includes(key)) ?? [];
    mistakes.check(
      unknown.length === 0,
      `${path}.cache.keys`,
      `name ${unknown.join(", ")}, which the route does not have; declare such \`parameters\`, or leave them out`,
    );
  }
}

function checkWebAcl(mistakes: Mistakes, { waf }: ServerlessApiArgs, name: string): void {
  if (!waf) return;
  const { webAclArn, managedRuleGroups, rateLimit } = waf;
  if (webAclArn === undefined) {
    mistakes.autoName(name, "waf", 128);
    const isEmpty = managedRuleGroups?.length === 0 && rateLimit === undefined;
    mistakes.check(!isEmpty, "waf", "refuses nothing; write `managedRuleGroups` or a `rateLimit`");
    return;
  }
  const own = "is not for a web ACL that is given; set its rules where it is created, or leave `webAclArn` out";
  const isGlobal = typeof webAclArn === "string" && webAclArn.includes(":global/");
  mistakes.check(!isGlobal, "waf.webAclArn", `is "${webAclArn}", one for CloudFront; write a regional web ACL's ARN`);
  mistakes.check(managedRuleGroups === undefined, "waf.managedRuleGroups", own);
  mistakes.check(rateLimit === undefined, "waf.rateLimit", own);
}

function checkResponses(mistakes: Mistakes, { gatewayResponses = {} }: ServerlessApiArgs): void {
  for (const [type, { headers = {}, templates = {} }] of Object.entries(gatewayResponses)) {
    const path = below("gatewayResponses", type);
    const known = responseTypes.includes(type);
    mistakes.check(known, path, `is not a type of response; write one of ${responseTypes.join(", ")}`);
    for (const [header, value] of Object.entries(headers)) {
      const place = below(`${path}.headers`, header);
      mistakes.check(
        /^[\w!#$%&*+.^`|~-]+$/.test(header),
        place,
        "is not the name of a header; write one such as X-Reason",
      );
      mistakes.check(
        /^[ -&(-~]*$/.test(value),
        place,
        "has a character that the mapping cannot contain; write ASCII without '",
      );
    }
    for (const [mediaType, template] of Object.entries(templates)) {
      const found = templateMistakes(template).map(describeTemplateMistake);
      for (const mistake of found) mistakes.add(below(`${path}.templates`, mediaType), mistake);
    }
  }
}

/** @see "Stage variables" in the "Amazon API Gateway quotas and important notes" */
function checkStageVariables(
  mistakes: Mistakes,
  variables: ServerlessApiArgs["stageVariables"] = {},
  path: string,
): void {
  for (const [name, value] of Object.entries(variables)) {
    const place = below(path, name);
    mistakes.check(/^\w+$/.test(name), place, "is not the name of a variable; write letters, digits and `_`");
    const isText = typeof value !== "string" || /^[\w.~:/?#&=,-]+$/.test(value);
    mistakes.check(isText, place, "has a value that AWS refuses; write letters, digits and -._~:/?#&=,");
  }
}
