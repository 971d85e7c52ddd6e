import { type Bean, MethodFailure, textOf, type Value } from "../../../../expressions/velocity";
import { readJson } from "./json";

const ESCAPED: Record<string, string> = { "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Escapes a text for a JavaScript string: single quotes and slashes too, which JSON does not need. */
function escapeJavaScript(text: string): string {
  return text.replace(/["'\\/]|[^ -~]/g, (character) => {
    if (/["'\\/]/.test(character)) return `\\${character}`;
    return ESCAPED[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  });
}

function urlEncode(text: string): string {
  const rest = /[!'()~]/g;
  return encodeURIComponent(Buffer.from(text).toString())
    .replace(rest, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}

function urlDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new MethodFailure(`${JSON.stringify(text)} is not encoded for a URL`);
  }
}

const FUNCTIONS: Record<string, (text: string) => Value> = {
  base64Decode: (text) => Buffer.from(text, "base64").toString(),
  base64Encode: (text) => Buffer.from(text).toString("base64"),
  escapeJavaScript,
  parseJson: readJson,
  urlDecode,
  urlEncode,
};

/**
 * What a template sees as `$util`. A function that API Gateway does not have gives nothing.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export const util: Bean = {
  isBean: true,
  call: (name, [given, ...more]) => {
    const run = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    return given === undefined || more.length > 0 ? undefined : run?.(given === null ? "" : textOf(given));
  },
  toString: () => "",
};
