import type { IncomingHttpHeaders } from "node:http";
import { account } from "../../../engine/context";
import { commonLogTime } from "../answer";
import { headerPairs } from "../headerPairs";
import type { Caller } from "../iam/caller";

/** A request, and what it has met on its way to the function. */
export interface ReceivedRequest {
  method: string;
  /** The path as the function is told it. */
  rawPath: string;
  /** As sent. */
  rawQuery: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Alternating names and values, as sent. */
  rawHeaders: string[];
  sourceIp: string;
  /** Such as `HTTP/1.1`. */
  protocol: string;
  /** In milliseconds since 1970. */
  time: number;
  /** The header of its trace. */
  trace: string;
  /** Such as `GET /items/{id}`. */
  routeKey: string;
  stage: string;
  accountId: string;
  apiId: string;
  requestId: string;
  /** What is known of the caller, by the kind of authorizer. @default nothing */
  authorizer?: object;
}

/** What reaches the function as text; it gets every other body in Base64. */
const TEXT = /^(?:text\/.*|application\/(?:json|xml|javascript))$/i;

/**
 * The event of a request in payload format 2.0, without its body.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function eventOf(request: ReceivedRequest) {
  const { method, rawPath, rawQuery, query, headers, sourceIp, protocol, time, routeKey, stage } = request;
  const { accountId, apiId, requestId, authorizer } = request;
  const cookies = headers.cookie?.split(/; */);
  return {
    version: "2.0",
    routeKey,
    rawPath,
    rawQueryString: rawQuery,
    ...(cookies && { cookies }),
    headers: headersOf(request),
    ...(query.size > 0 && { queryStringParameters: parametersOf(query) }),
    requestContext: {
      accountId,
      apiId,
      ...(authorizer && { authorizer }),
      domainName: headers.host ?? "",
      domainPrefix: apiId,
      http: { method, path: rawPath, protocol, sourceIp, userAgent: headers["user-agent"] ?? "" },
      requestId,
      routeKey,
      stage,
      time: commonLogTime(time),
      timeEpoch: time,
    },
  };
}

/** The body of a request as an event has it: text, or Base64 if its type may be binary. */
export function bodyOf(body: Buffer, contentType = ""): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const text = isText(contentType);
  return { body: body.toString(text ? "utf8" : "base64"), isBase64Encoded: !text };
}

export function isText(contentType = ""): boolean {
  return TEXT.test(contentType.replace(/;.*/s, "").trim());
}

/** What a request's context says of who signed it. */
export function signerOf({ accessKeyId, arn, userId }: Caller) {
  return {
    accessKey: accessKeyId,
    accountId: account,
    callerId: userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: arn,
    userId,
  };
}

/** Repeated names have their values joined by commas. */
function parametersOf(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(query.keys())].sort().map((name) => [name, query.getAll(name).join(",")]));
}

/** In lower case, each with one value. */
function headersOf({ headers, rawHeaders, trace, sourceIp }: ReceivedRequest): Record<string, string> {
  const all = new Map<string, string>();
  for (const [sent, value] of headerPairs(rawHeaders)) {
    const name = sent.toLowerCase();
    if (name === "connection" || name === "cookie") continue;
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  const forwarded = headers["x-forwarded-for"];
  return {
    ...Object.fromEntries(all),
    "x-amzn-trace-id": trace,
    "x-forwarded-for": forwarded ? `${forwarded},${sourceIp}` : sourceIp,
    "x-forwarded-port": headers.host?.split(":")[1] ?? "80",
    "x-forwarded-proto": "http",
  };
}
