/** A number of JSON, which keeps its spelling: AWS compares those that a double does not hold exactly as text. */
export class JsonNumber {
  constructor(readonly text: string) {}

  /** Its value, or undefined if a double does not hold it exactly. */
  get value(): number | undefined {
    const value = Number(this.text);
    if (String(value) === this.text) return value;
    const isExact = Number.isFinite(value) && normalize(String(value)) === normalize(this.text);
    // Zero has one sign only.
    return isExact ? value + 0 : undefined;
  }
}

/** An object of JSON, with its members in order. A name may appear more than once. */
export class JsonObject {
  readonly members: [name: string, value: Json][] = [];
}

export type JsonLeaf = string | JsonNumber | boolean | null;
export type Json = JsonLeaf | Json[] | JsonObject;

/** As deep as AWS's parser goes. */
const MAX_DEPTH = 1000;
const TOKENS = /[{}[\]]|"[^"\\]*(?:\\.[^"\\]*)*"|[^\s{}[\],:"]+/g;
const LITERALS = new Map<string, JsonLeaf>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/**
 * Reads JSON as it is spelled. `JSON.parse` loses digits of numbers and earlier members of the same name; `lossless-json`
 * keeps the digits only.
 * @param document JSON, or what `JSON.stringify` makes JSON of
 * @throws SyntaxError if the text is not JSON
 */
export function readJson(document: string | object): Json {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  // Checks the text, so that all tokens are where they should be.
  JSON.parse(text);
  const tokens = text.match(TOKENS) ?? [];
  let position = 0;
  const next = () => tokens[position++] ?? "";
  const read = (depth: number): Json => {
    if (depth > MAX_DEPTH) throw new SyntaxError(`The JSON is nested more than ${MAX_DEPTH} levels deep`);
    const token = next();
    if (token === "{") {
      const object = new JsonObject();
      while (tokens[position] !== "}") object.members.push([unquoted(next()), read(depth + 1)]);
      position++;
      return object;
    }
    if (token === "[") {
      const items: Json[] = [];
      while (tokens[position] !== "]") items.push(read(depth + 1));
      position++;
      return items;
    }
    if (token.startsWith('"')) return unquoted(token);
    const literal = LITERALS.get(token);
    return literal === undefined ? new JsonNumber(token) : literal;
  };
  return read(0);
}

function unquoted(token: string): string {
  return token.includes("\\") ? JSON.parse(token) : token.slice(1, -1);
}

/** The digits of a decimal number without the zeros at its ends, and its exponent. */
function normalize(text: string): string {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
