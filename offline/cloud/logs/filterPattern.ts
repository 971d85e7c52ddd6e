import { jsonIn } from "../core/json";

type Test = (message: string) => boolean;

/**
 * A filter pattern of CloudWatch Logs: terms, `{ $.level = "ERROR" && $.took > 100 }` for JSON, or
 * `[ip, user, status = 4*, ...]` for fields between spaces.
 * @throws Error that says what is wrong with the pattern
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function filterPattern(pattern: string): Test {
  const text = pattern.trim();
  if (text.startsWith("{")) return jsonPattern(text);
  if (text.startsWith("[")) return fieldsPattern(text);
  return termsPattern(text);
}

/** All terms, none of those after `-`, and one of those after `?` if there are only such. */
function termsPattern(text: string): Test {
  const terms = [...text.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|([^\s"]+))/g)].map((match) => {
    const [, sign = "", quoted, expression, word = ""] = match;
    return { sign, test: containing(quoted?.replace(/\\(.)/g, "$1") ?? word, expression) };
  });
  const optional = terms.filter(({ sign }) => sign === "?");
  const others = terms.filter(({ sign }) => sign !== "?");
  return (message) => {
    if (others.length === 0 && optional.length > 0) return optional.some(({ test }) => test(message));
    return others.every(({ sign, test }) => test(message) !== (sign === "-"));
  };
}

function containing(text: string, expression: string | undefined): Test {
  if (expression === undefined) return (message) => message.includes(text);
  const regex = new RegExp(expression);
  return (message) => regex.test(message);
}

const OPERATORS = ["!=", "<=", ">=", "=", "<", ">"];
const TOKEN = /\s*(?:(\(|\)|&&|\|\||!=|<=|>=|=|<|>)|"((?:[^"\\]|\\.)*)"|%([^%]*)%|([^\s()=!<>&|]+))/y;

interface Token {
  kind: "sign" | "text" | "regex" | "word";
  text: string;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const [, sign, quoted, expression, word] = TOKEN.exec(text) ?? [];
    if (sign) tokens.push({ kind: "sign", text: sign });
    else if (quoted !== undefined) tokens.push({ kind: "text", text: quoted.replace(/\\(.)/g, "$1") });
    else if (expression !== undefined) tokens.push({ kind: "regex", text: expression });
    else if (word) tokens.push({ kind: "word", text: word });
    else throw new Error(`it cannot be read from "${text.slice(at).trim()}" on`);
  }
  return tokens;
}

/** How a condition finds the value that it names. @throws Error for a name that there cannot be */
type Lookup<Source> = (name: string) => (source: Source) => unknown;

/** Conditions that are joined by && and ||, where && binds more tightly. */
class Conditions<Source> {
  private readonly tokens: Token[];

  constructor(
    text: string,
    private readonly lookup: Lookup<Source>,
  ) {
    this.tokens = tokensOf(text);
  }

  parse(): (source: Source) => boolean {
    const test = this.any();
    if (this.tokens.length > 0) throw new Error(`"${this.tokens[0]?.text}" does not belong there`);
    return test;
  }

  private any(): (source: Source) => boolean {
    const tests = [this.all()];
    while (this.take("||")) tests.push(this.all());
    return (source) => tests.some((test) => test(source));
  }

  private all(): (source: Source) => boolean {
    const tests = [this.one()];
    while (this.take("&&")) tests.push(this.one());
    return (source) => tests.every((test) => test(source));
  }

  private one(): (source: Source) => boolean {
    if (this.take("(")) {
      const test = this.any();
      if (!this.take(")")) throw new Error('a ")" is missing');
      return test;
    }
    const name = this.tokens.shift();
    const operator = this.tokens.shift()?.text ?? "";
    const value = this.tokens.shift();
    if (!name || !value) throw new Error("a condition is a selector, an operator and a value");
    const find = this.lookup(name.text);
    if (operator.toUpperCase() === "IS") return (source) => isOf(find(source), value.text.toUpperCase());
    if (operator.toUpperCase() === "NOT" && value.text.toUpperCase() === "EXISTS") {
      return (source) => find(source) === undefined;
    }
    if (!OPERATORS.includes(operator)) throw new Error(`"${operator}" is not one of ${OPERATORS.join(", ")}`);
    const test = comparison(operator, value);
    return (source) => {
      const found = find(source);
      return Array.isArray(found) ? found.some(test) : test(found);
    };
  }

  private take(sign: string): boolean {
    const [next] = this.tokens;
    if (next?.kind !== "sign" || next.text !== sign) return false;
    this.tokens.shift();
    return true;
  }
}

function isOf(value: unknown, kind: string): boolean {
  if (kind === "NULL") return value === null;
  return value === (kind === "TRUE");
}

function comparison(operator: string, { kind, text }: Token): (value: unknown) => boolean {
  const number = kind === "word" ? Number(text) : Number.NaN;
  if (/[<>]/.test(operator)) {
    if (Number.isNaN(number)) throw new Error(`${operator} compares numbers, and "${text}" is not one`);
    return (value) => typeof value === "number" && compares(operator, value, number);
  }
  const isWanted = operator === "=";
  const regex = kind === "regex" ? new RegExp(text) : wildcards(text);
  return (value) => {
    if (value === undefined || value === null || typeof value === "object") return false;
    const equal = typeof value === "number" && !Number.isNaN(number) ? value === number : regex.test(String(value));
    return equal === isWanted;
  };
}

function compares(operator: string, one: number, other: number): boolean {
  if (one === other) return operator.endsWith("=");
  return one < other === operator.startsWith("<");
}

function wildcards(text: string): RegExp {
  const escaped = text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`, "s");
}

function jsonPattern(text: string): Test {
  if (!text.endsWith("}")) throw new Error('the closing "}" is missing');
  const test = new Conditions<unknown>(text.slice(1, -1), selected).parse();
  return (message) => {
    const value = jsonIn(message);
    return value !== undefined && test(value);
  };
}

/** What a selector such as `$.user.names[0]` or `$.errors[*].code` finds: all of them where it has a `*`. */
function selected(selector: string): (value: unknown) => unknown {
  if (!selector.startsWith("$")) throw new Error(`the selector "${selector}" does not begin with "$"`);
  const steps = [...selector.matchAll(/\.([\w-]+)|\[(?:(\d+|\*)|'([^']*)')\]/g)];
  return (value) => {
    let found: unknown[] = [value];
    for (const [, name, index, quoted] of steps) {
      found = found.flatMap((one) => {
        if (index === "*") return Array.isArray(one) ? one : [];
        const next = (one as Record<string, unknown> | null | undefined)?.[name ?? quoted ?? index ?? ""];
        return next === undefined ? [] : [next];
      });
    }
    return selector.includes("*") ? found : found[0];
  };
}

/** Fields between spaces; brackets and quotes hold one together. */
function fieldsPattern(text: string): Test {
  if (!text.endsWith("]")) throw new Error('the closing "]" is missing');
  const columns = text
    .slice(1, -1)
    .split(",")
    .map((one) => one.trim());
  const rest = columns.indexOf("...");
  const names = columns.map((one) => /^[\w-]*/.exec(one)?.[0] ?? "");
  const place = (index: number, length: number) =>
    rest >= 0 && index > rest ? length - (columns.length - index) : index;
  const lookup: Lookup<string[]> = (name) => {
    const index = names.indexOf(name);
    if (index < 0) throw new Error(`there is no field "${name}"`);
    return (fields) => numeric(fields[place(index, fields.length)]);
  };
  const tests = columns
    .filter((column) => /[=<>]/.test(column))
    .map((column) => new Conditions<string[]>(column, lookup).parse());
  return (message) => {
    const fields = [...message.matchAll(/\[([^\]]*)\]|"([^"]*)"|(\S+)/g)].map(([, one, other, word]) => {
      return one ?? other ?? word ?? "";
    });
    const fits = rest < 0 ? fields.length === columns.length : fields.length >= columns.length - 1;
    return fits && tests.every((test) => test(fields));
  };
}

function numeric(text: string | undefined): unknown {
  return text !== undefined && text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}
