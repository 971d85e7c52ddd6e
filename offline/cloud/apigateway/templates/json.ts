import { Double, MethodFailure, type Value, Walk } from "../../../../expressions/velocity";

/** A JSON array, which prints itself as JSON even where it stands in a map, as on AWS. */
export class JsonArray extends Array<Value> {
  static override get [Symbol.species]() {
    return Array;
  }

  override toString(): string {
    return jsonOf(this, { escapesSlashes: true });
  }
}

/**
 * Reads JSON as leniently as API Gateway's own parser: single quotes, names and texts without quotes, and superfluous
 * commas are allowed, and what follows the value is ignored.
 * @returns null if the text ends too early
 */
export function readJson(text: string): Value {
  const reader = new JsonReader(text);
  try {
    return reader.value();
  } catch (error) {
    if (!(error instanceof EarlyEnd)) throw error;
    return null;
  }
}

class EarlyEnd extends Error {}

const MOST_LEVELS = 500;

class JsonReader {
  private position = 0;
  private levels = 0;

  constructor(private readonly text: string) {}

  value(): Value {
    const first = this.peek();
    if (first === "{" || first === "[") {
      if (++this.levels > MOST_LEVELS) throw new MethodFailure(`JSON is nested more than ${MOST_LEVELS} levels deep`);
      const value = first === "{" ? this.object() : this.array();
      this.levels--;
      return value;
    }
    return first === '"' || first === "'" ? this.quoted() : plain(this.match(/[^,:{}[\]]+/y).trim());
  }

  /** The next character that is not white space. @throws EarlyEnd if there is none */
  private peek(): string {
    this.match(/\s*/y);
    const character = this.text[this.position];
    if (character === undefined) throw new EarlyEnd();
    return character;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const [found = ""] = pattern.exec(this.text) ?? [];
    this.position += found.length;
    return found;
  }

  private object(): Value {
    const members = new Map<Value, Value>();
    this.position++;
    while (this.peek() !== "}") {
      const at = this.position;
      const first = this.peek();
      const name = first === '"' || first === "'" ? this.quoted() : this.match(/[^,:{}[\]]+/y).trim();
      if (this.peek() === ":") {
        this.position++;
        this.peek();
        members.set(name, this.value());
      }
      if (this.peek() === "," || this.position === at) this.position++;
    }
    this.position++;
    return members;
  }

  private array(): Value {
    const items = new JsonArray();
    this.position++;
    while (this.peek() !== "]") {
      const at = this.position;
      if (this.peek() !== ",") items.push(this.value());
      if (this.peek() === "," || this.position === at) this.position++;
    }
    this.position++;
    return items;
  }

  private quoted(): string {
    const quote = this.text[this.position];
    const image = this.match(quote === '"' ? /"(?:[^"\\]|\\[\s\S])*"/y : /'(?:[^'\\]|\\[\s\S])*'/y);
    if (image === "") throw new EarlyEnd();
    return image.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, code?: string, character = "") => {
      return code ? String.fromCharCode(Number.parseInt(code, 16)) : (ESCAPED[character] ?? character);
    });
  }
}

const ESCAPED: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function plain(text: string): Value {
  if (text === "null") return null;
  if (text === "true" || text === "false") return text === "true";
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text);
    return BigInt.asIntN(32, value) === value ? Number(value) : value;
  }
  return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? new Double(Number(text)) : text;
}

const SHORT: Record<string, string> = { "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** JSON as API Gateway writes it, without spaces. */
export function jsonOf(value: Value, { escapesSlashes = false, walk = new Walk() } = {}): string {
  walk.step();
  if (typeof value === "string") return quote(value, escapesSlashes);
  if (Array.isArray(value)) return `[${value.map((one) => jsonOf(one, { escapesSlashes, walk })).join(",")}]`;
  if (!(value instanceof Map)) return String(value);
  const members = [...value].map(
    ([name, one]) => `${quote(String(name), escapesSlashes)}:${jsonOf(one, { escapesSlashes, walk })}`,
  );
  return `{${members.join(",")}}`;
}

function quote(text: string, escapesSlashes: boolean): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes.
  const escaped = text.replace(/["\\/\u0000-\u001f\u007f-\u009f\u2000-\u20ff]/g, (character) => {
    if (character === "/") return escapesSlashes ? "\\/" : "/";
    if (character === '"' || character === "\\") return `\\${character}`;
    return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}
