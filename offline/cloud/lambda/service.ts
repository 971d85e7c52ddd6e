import { BodyTooLarge, readBody } from "../core/body";
import { refuse } from "../core/refusal";
import type { Service } from "../core/types";
import type { Functions } from "./functions";

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_PAYLOAD_BYTES = 6 * 2 ** 20;
const INVOCATIONS = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Lambda's own API, as far as functions call each other: Invoke, waited for or asynchronous. */
export function createLambda(functions: Functions): Service {
  return async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const reference = request.method === "POST" ? INVOCATIONS.exec(url.pathname)?.[1] : undefined;
    if (!reference) {
      const message = `lambda ${request.method} ${url.pathname} is not emulated offline, only Invoke is. Point lambda elsewhere with --endpoint lambda=http://HOST:PORT`;
      return refuse(request, response, 501, "NotEmulated", message);
    }
    const name = decodeURIComponent(reference);
    const target = functions.find(name, url.searchParams.get("Qualifier") ?? undefined);
    if (!target) {
      const message = `Function not found: ${name}. There are: ${functions.names.join(", ")}`;
      return refuse(request, response, 404, "ResourceNotFoundException", message);
    }
    const payload = await readBody(request, MAX_PAYLOAD_BYTES).catch((error) => error as Error);
    if (payload instanceof BodyTooLarge) {
      const message = `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation`;
      return refuse(request, response, 413, "RequestTooLargeException", message);
    }
    if (payload instanceof Error) throw payload;
    const event = payload.toString() || "{}";
    if (!isJson(event)) {
      const message = "Could not parse request body into json";
      return refuse(request, response, 400, "InvalidRequestContentException", message);
    }
    const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
    if (type === "DryRun") return void response.writeHead(204).end();
    if (type === "Event") {
      void functions.invoke(target, event);
      return void response.writeHead(202).end();
    }
    const { requestId, payload: result, error } = await functions.invoke(target, event);
    response.writeHead(200, {
      "Content-Type": "application/json",
      "x-amzn-RequestId": requestId,
      "X-Amz-Executed-Version": target.qualifier ?? "$LATEST",
      ...(error && { "X-Amz-Function-Error": "Unhandled" }),
    });
    response.end(error ? JSON.stringify(error) : result);
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
