import type { Answer } from "../../core/answer";
import { headerPairs } from "../../core/headerPairs";
import { checkAddress, exchange } from "../integrations/httpProxy";
import type { HttpIntegration } from "./model";
import { type HttpRequest, type Responder, timedOut } from "./request";

/** Headers of a connection, and those that are set anew. */
const NOT_PASSED =
  /^(?:connection|content-length|expect|forwarded|host|keep-alive|te|transfer-encoding|upgrade|via|x-amzn-trace-id)$/i;
const NOT_RETURNED = /^(?:connection|content-length|keep-alive|transfer-encoding)$/i;

/**
 * An integration that passes requests on to an HTTP server.
 * @param uri with `{name}` or `{name+}` for path parameters
 * @param timeout in milliseconds. @default none
 * @throws NotServable if the server is inside a VPC or at an address of AWS
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html
 */
export function compileHttpProxy({ method }: HttpIntegration, uri: string, timeout?: number): Responder {
  checkAddress(uri);
  const isAny = !method || method.toUpperCase() === "ANY";
  return async (request): Promise<Answer> => {
    const url = urlFor(uri, request);
    const signal = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
    const options = { method: isAny ? request.method : method, headers: headersFor(url, request), signal };
    try {
      const { status, headers, body } = await exchange(url, options, request.body);
      return { status, headers: headers.filter(([name]) => !NOT_RETURNED.test(name)), body };
    } catch (error) {
      throw timedOut(`${url.origin}: ${(error as Error).message}`);
    }
  };
}

/** The route `$default` adds the whole path to the URI. */
function urlFor(uri: string, { pathParameters, query, routeKey, path, newPath }: HttpRequest): URL {
  const filled = uri.replace(/\{([\w.-]+)\+?\}/g, (_, name) => encodePath(pathParameters[name] ?? ""));
  const url = new URL(routeKey === "$default" ? filled.replace(/\/?(?=\?|$)/, () => path) : filled);
  if (newPath !== undefined) url.pathname = newPath;
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url;
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function headersFor({ host }: URL, request: HttpRequest): string[] {
  const { rawHeaders, headers, sourceIp, trace, body } = request;
  const passed = headerPairs(rawHeaders).filter(([name]) => !NOT_PASSED.test(name));
  return [
    ...passed.flat(),
    "host",
    host,
    "forwarded",
    `by=127.0.0.1;for=${sourceIp};host=${headers.host ?? ""};proto=http`,
    "via",
    "HTTP/1.1 AmazonAPIGateway",
    "x-amzn-trace-id",
    trace.received,
    "content-length",
    String(body.length),
  ];
}
