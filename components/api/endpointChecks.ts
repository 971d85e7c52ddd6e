import { below, type Mistakes } from "../validation";
import { EndpointType, ResponseTransferMode, type ServerlessApiArgs } from "./args";
import type { ResolvedRoute } from "./routes";

/** How long API Gateway waits at the edge, and anywhere by default, in milliseconds. */
const usualTimeout = 29_000;
/** The longest wait for a response that is not streamed, in milliseconds. */
const bufferedTimeout = 300_000;

/** Adds the mistakes in where and how an API can be reached. */
export function checkEndpoint(mistakes: Mistakes, args: ServerlessApiArgs): void {
  checkPrivate(mistakes, args);
  checkSecurityPolicy(mistakes, args);
}

function checkPrivate(mistakes: Mistakes, { endpointType, resourcePolicy, vpcEndpointIds }: ServerlessApiArgs): void {
  if (endpointType === EndpointType.Private && resourcePolicy === undefined) {
    mistakes.add("resourcePolicy", "is missing; write one, as a private API refuses all callers without it");
  }
  if (typeof resourcePolicy === "string" && !isJsonObject(resourcePolicy)) {
    mistakes.add(
      "resourcePolicy",
      "is not an object in JSON; write a policy, such as JSON.stringify({ Statement: [...] })",
    );
  }
  if (vpcEndpointIds !== undefined && endpointType !== EndpointType.Private) {
    mistakes
      .from("endpointType")
      .add("vpcEndpointIds", `does nothing here; write \`endpointType: "${EndpointType.Private}"\` too`);
  }
}

function isJsonObject(text: string): boolean {
  try {
    return /^\s*\{/.test(text) && JSON.parse(text) !== null;
  } catch {
    return false;
  }
}

/** Whether a policy is of the newer kind, which has an access mode and is for one kind of endpoint. */
export function isModern(securityPolicy = ""): boolean {
  return securityPolicy.startsWith("SecurityPolicy_");
}

/** Adds the mistakes in the TLS settings of an API or, below `prefix`, of its domain. */
export function checkSecurityPolicy(
  mistakes: Mistakes,
  args: Pick<ServerlessApiArgs, "securityPolicy" | "endpointAccessMode" | "endpointType">,
  prefix = "",
): void {
  const { securityPolicy, endpointAccessMode, endpointType = EndpointType.Regional } = args;
  if (endpointAccessMode !== undefined && !isModern(securityPolicy)) {
    mistakes
      .from(`${prefix}securityPolicy`)
      .add(
        `${prefix}endpointAccessMode`,
        "is only for a `securityPolicy` that begins with SecurityPolicy_; write one, or leave the mode out",
      );
  }
  if (!isModern(securityPolicy)) return;
  const isEdge = endpointType === EndpointType.Edge;
  if (securityPolicy?.endsWith("_EDGE") === isEdge) return;
  const instead = isEdge ? "SecurityPolicy_TLS13_2025_EDGE" : "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09";
  mistakes.add(`${prefix}securityPolicy`, `is not for an API that is ${endpointType}; write one such as ${instead}`);
}

/** Adds the mistakes in how a route's response is passed on, and how long it may take. */
export function checkTransfer(mistakes: Mistakes, route: ResolvedRoute, args: ServerlessApiArgs): void {
  const path = below("routes", route.name);
  const { timeoutInMillis = usualTimeout } = route;
  const streams = route.responseTransferMode === ResponseTransferMode.Stream;
  mistakes.check(
    !(streams && args.minimumCompressionSize !== undefined),
    `${path}.responseTransferMode`,
    "is STREAM, but API Gateway cannot compress what it streams; leave `minimumCompressionSize` out, or write BUFFERED",
  );
  mistakes.check(
    timeoutInMillis <= usualTimeout || args.endpointType !== EndpointType.Edge,
    `${path}.timeoutInMillis`,
    `is ${timeoutInMillis}; an API that is EDGE waits at most ${usualTimeout}: write that, or make it REGIONAL`,
  );
  mistakes.check(
    streams || timeoutInMillis <= bufferedTimeout,
    `${path}.timeoutInMillis`,
    `is ${timeoutInMillis}; without streaming it is at most ${bufferedTimeout}: write that, or ` +
      `\`responseTransferMode: "${ResponseTransferMode.Stream}"\``,
  );
}
