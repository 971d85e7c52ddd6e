import { s3Error } from "./errors";

/** The content of an element: text, elements, or several elements of its name. Undefined is left out. */
export type Content = string | number | boolean | undefined | Content[] | { [name: string]: Content };

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** A document of S3's API. */
export function document(name: string, content: Content): string {
  return HEAD + element(name, content, ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"');
}

/** S3's errors have no namespace. */
export function errorDocument(content: Content): string {
  return HEAD + element("Error", content);
}

function element(name: string, content: Content, attributes = ""): string {
  if (content === undefined) return "";
  if (Array.isArray(content)) return content.map((one) => element(name, one)).join("");
  return `<${name}${attributes}>${typeof content === "object" ? elements(content) : escapeText(String(content))}</${name}>`;
}

function elements(content: { [name: string]: Content }): string {
  return Object.entries(content)
    .map(([name, inner]) => element(name, inner))
    .join("");
}

function escapeText(text: string): string {
  // Control characters as well: parsers would turn some of them into others.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys may have them
  return text.replace(/[<>&'"\u0000-\u001f]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/**
 * The contents of each element of that name, in order. Enough for the few documents that S3 is sent, which are one or
 * two levels deep and have neither attributes of interest nor CDATA.
 */
function readElements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, "gs"))].map(([, inner = ""]) => inner);
}

/** The text of the first element of that name. */
export function readText(xml: string, name: string): string | undefined {
  const [inner] = readElements(xml, name);
  return inner?.replace(/&(#x?)?(\w+);/g, (entity, numeric: string | undefined, code: string) => {
    if (!numeric) return ENTITIES[code] ?? entity;
    return String.fromCodePoint(Number.parseInt(code, numeric === "#x" ? 16 : 10));
  });
}

/** @throws AwsError when the document has none of these elements */
export function demandElements(xml: string, name: string): string[] {
  const found = readElements(xml, name);
  if (found.length === 0) throw s3Error("MalformedXML", `The XML you provided has no ${name}`);
  return found;
}
