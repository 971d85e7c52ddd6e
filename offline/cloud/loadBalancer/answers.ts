import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Answer } from "../core/answer";
import { contentOf, headOf, repeatedHeaders } from "../core/payload/response";
import { asList, asText, isMap, type Settings } from "../core/resources";
import { nameOf } from "./conditions";
import type { Group } from "./model";

/** The largest body of a request, and the largest result of a function. */
export const MOST_BYTES = 2 ** 20;

/**
 * The answer that a function's result describes. A group with multi-value headers reads only `multiValueHeaders`, and any
 * other group only `headers`.
 * @param result as JSON
 * @throws Error that says what is wrong with it
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export function answerIn(result: string, { multiValueHeaders: isMulti }: Group): Answer {
  const bytes = Buffer.byteLength(result);
  if (bytes > MOST_BYTES) throw new Error(`its response has ${bytes} bytes; a load balancer takes ${MOST_BYTES}`);
  const response: unknown = JSON.parse(result);
  if (!isMap(response)) throw new Error("its response is not an object with statusCode, headers and body");
  const { statusCode, headers, multiValueHeaders, body } = response;
  if (typeof statusCode !== "number") throw new Error(`its statusCode is ${JSON.stringify(statusCode)}, not a number`);
  if (typeof (body ?? "") !== "string") throw new Error("its body is not text: pass it through JSON.stringify");
  const repeated = isMulti ? repeatedHeaders(multiValueHeaders) : [];
  const head = isMulti ? { statusCode } : { statusCode, headers };
  return { ...headOf(head, "application/octet-stream", repeated), body: contentOf(response) };
}

/** A page of the load balancer itself. */
export function page(status: number): Answer {
  const title = `${status} ${STATUS_CODES[status]}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return {
    status,
    headers: [
      ["Server", "awselb/2.0"],
      ["Content-Type", "text/html"],
    ],
    body,
  };
}

export function fixedResponse({ fixedResponse }: Settings): Answer {
  const { statusCode, contentType, messageBody } = settingsOf(fixedResponse);
  return {
    status: Number(statusCode ?? 200),
    headers: [
      ["Server", "awselb/2.0"],
      ["Content-Type", asText(contentType) ?? "text/plain"],
    ],
    body: asText(messageBody) ?? "",
  };
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html */
export function redirection({ redirect }: Settings, { url = "/", headers, socket }: IncomingMessage): Answer {
  const settings = settingsOf(redirect);
  const [, path = "", query = ""] = /^\/?([^?#]*)\??([^#]*)/s.exec(url) ?? [];
  const sent: Settings = { protocol: "http", host: nameOf(headers.host), port: socket.localPort, path, query };
  const part = (name: string, usual: string) =>
    (asText(settings[name]) ?? usual).replace(/#\{(\w+)\}/g, (_, variable: string) => String(sent[variable] ?? ""));
  const search = part("query", "#{query}");
  const target = `${part("protocol", "#{protocol}").toLowerCase()}://${part("host", "#{host}")}:${part("port", "#{port}")}`;
  const location = `${target}${part("path", "/#{path}")}${search && `?${search}`}`;
  const answer = page(settings.statusCode === "HTTP_302" ? 302 : 301);
  return { ...answer, headers: [...answer.headers, ["Location", location]] };
}

/** The provider's outputs may have a block in a list. */
function settingsOf(block: unknown): Settings {
  return asList([block].flat())[0] ?? {};
}
