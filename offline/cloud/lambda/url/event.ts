import type { IncomingMessage } from "node:http";
import { account } from "../../../engine/context";
import { commonLogTime } from "../../core/answer";
import { headerPairs } from "../../core/headerPairs";
import { queryOf } from "../../core/signature/signature";
import type { Caller } from "./authorization";
import type { UrlSettings } from "./settings";

/** What reaches the function as text; it gets every other body in Base64. */
const TEXT = /^(?:text\/.*|application\/(?:json|xml|javascript))$/i;

/**
 * The event, as JSON, with which a function URL invokes its function (payload format 2.0).
 * @param caller who signed the request, if the URL requires a signature
 * @param trace the header of the request's trace
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function eventOf(
  request: IncomingMessage,
  body: Buffer,
  { id, requestId, caller, trace }: Pick<UrlSettings, "id"> & { requestId: string; caller?: Caller; trace: string },
): string {
  const { method = "GET", url = "/", headers, httpVersion, socket } = request;
  const [, rawPath = "/", rawQueryString = ""] = /^([^?]*)\??(.*)$/s.exec(url) ?? [];
  const query = queryOf(url);
  const parameters = [...new Set(query.keys())].sort().map((name) => [name, query.getAll(name).join(",")]);
  const cookies = headers.cookie?.split(/; */);
  const isText = TEXT.test(headers["content-type"]?.replace(/;.*/s, "").trim() ?? "");
  const sourceIp = socket.remoteAddress ?? "127.0.0.1";
  const time = Date.now();
  return JSON.stringify({
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString,
    ...(cookies && { cookies }),
    headers: eventHeaders(request, trace, sourceIp),
    ...(parameters.length > 0 && { queryStringParameters: Object.fromEntries(parameters) }),
    requestContext: {
      accountId: caller ? account : "anonymous",
      apiId: id,
      ...(caller && { authorizer: { iam: authorizerOf(caller) } }),
      domainName: headers.host ?? "",
      domainPrefix: id,
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${httpVersion}`,
        sourceIp,
        userAgent: headers["user-agent"],
      },
      requestId,
      routeKey: "$default",
      stage: "$default",
      time: commonLogTime(time),
      timeEpoch: time,
    },
    ...(body.length > 0 && { body: body.toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !isText,
  });
}

/** In lower case, each with one value. */
function eventHeaders({ headers, rawHeaders }: IncomingMessage, trace: string, sourceIp: string) {
  const all = new Map<string, string>();
  for (const [sent, value] of headerPairs(rawHeaders)) {
    const name = sent.toLowerCase();
    if (name === "connection" || name === "cookie") continue;
    all.set(name, all.has(name) ? `${all.get(name)},${value}` : value);
  }
  return {
    ...Object.fromEntries(all),
    "x-amzn-trace-id": trace,
    "x-forwarded-for": [headers["x-forwarded-for"], sourceIp].filter(Boolean).join(","),
    "x-forwarded-port": headers.host?.split(":")[1] ?? "80",
    "x-forwarded-proto": "http",
  };
}

function authorizerOf({ accessKeyId, arn }: Caller) {
  return {
    accessKey: accessKeyId,
    accountId: account,
    callerId: accessKeyId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: arn,
    userId: accessKeyId,
  };
}
