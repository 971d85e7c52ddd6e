import type { IncomingMessage } from "node:http";
import { isInNetwork } from "../core/networks";
import { asList, asMap, asText, asTexts, isGiven, type Settings } from "../core/resources";
import { queryOf } from "../core/signature/signature";
import { covers, matches } from "../core/wildcards";

/**
 * Whether a request meets all conditions of a rule.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export function meets(request: IncomingMessage, conditions: Settings[]): boolean {
  return conditions.every((condition) =>
    Object.entries(kinds).every(([kind, holds]) => {
      const isSet = isGiven(condition[kind]) || asList(condition[kind]).length > 0;
      return !isSet || holds(request, asMap(condition[kind]), asList(condition[kind]));
    }),
  );
}

type Holds = (request: IncomingMessage, settings: Settings, list: Settings[]) => boolean;

const kinds: Record<string, Holds> = {
  hostHeader: ({ headers }, settings) => isAmong(nameOf(headers.host), settings, true),
  pathPattern: ({ url = "/" }, settings) => isAmong(url.replace(/[?#].*$/s, ""), settings, false),
  httpRequestMethod: ({ method = "" }, { values }) => asTexts(values).includes(method),
  httpHeader: ({ headers }, settings) => {
    const value = headers[String(settings.httpHeaderName).toLowerCase()];
    return value !== undefined && isAmong([value].flat().join(","), settings, true);
  },
  queryStrings: ({ url = "/" }, _, list) => {
    const sent = [...queryOf(url)];
    return list.some(({ key, value }) =>
      sent.some(([name, text]) => covers(asText(key) || "*", name) && covers(asText(value) ?? "*", text)),
    );
  },
  sourceIp: ({ socket }, { values }) => {
    const address = socket.remoteAddress ?? "127.0.0.1";
    return asTexts(values).some((network) => isInNetwork(address, network));
  },
};

function isAmong(text: string, { values, regexValues }: Settings, anyCase: boolean): boolean {
  const isMatch = (pattern: string) => (anyCase ? covers(pattern, text) : matches(pattern, text));
  return (
    asTexts(values).some(isMatch) ||
    asTexts(regexValues).some((regex) => new RegExp(regex, anyCase ? "i" : "").test(text))
  );
}

/** The name in a `Host` header. */
export function nameOf(host = ""): string {
  return host.replace(/:\d+$/, "");
}
