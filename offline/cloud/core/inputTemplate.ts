import { isMap } from "./resources";

/** Names, indexes and quoted names of a path. */
const STEP = /\.([^.[\]]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/gy;

/**
 * The part of a value that a path names, such as `$.detail.items[0].id`; undefined if there is none.
 * @throws Error if the path is not one
 */
export function valueAt(path: string, value: unknown): unknown {
  if (!path.startsWith("$")) throw new Error(`"${path}" is not a JSONPath: it begins with $`);
  let found = value;
  STEP.lastIndex = 1;
  for (let end = 1; end < path.length; end = STEP.lastIndex) {
    const step = STEP.exec(path);
    if (!step) throw new Error(`"${path}" is not a JSONPath of names and indexes: see character ${end + 1}`);
    const [, name, index, ...quoted] = step;
    const key = name ?? quoted.find((one) => one !== undefined);
    if (index !== undefined) found = Array.isArray(found) ? found[Number(index)] : undefined;
    else found = isMap(found) && key !== undefined && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}

/** A text or a placeholder of a template. */
type Part = { text: string } | { placeholder: string; quoted: boolean };

/** A template of JSON or text, with placeholders such as `<name>`. */
export interface InputTemplate {
  /** What stands between `<` and `>`. */
  placeholders: string[];
  /**
   * The template with the values of its placeholders; undefined stands for a missing value.
   * @throws Error if that makes invalid JSON of a template of JSON
   */
  fill(resolve: (placeholder: string) => unknown): string;
}

/**
 * Reads the template of a transformer. A JSON object or array gets values as JSON, and inside quotes the bare text. Any
 * other template is text, line by line in quotes, in which JSON loses its own quotes. (Recorded from AWS by localstack.)
 * @throws Error if it is neither JSON nor text in quotes
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function readTemplate(template: string): InputTemplate {
  const parts = partsOf(template);
  const isJson = /^\s*[[{]/.test(template);
  const check = (text: string) => {
    for (const one of isJson ? [text] : text.split("\n").filter((line) => line.trim() !== "")) JSON.parse(one);
  };
  const fill = (show: (part: { placeholder: string; quoted: boolean }) => string) =>
    parts.map((part) => ("text" in part ? part.text : show(part))).join("");
  check(fill(({ quoted }) => (quoted ? "" : "null")));
  return {
    placeholders: parts.flatMap((part) => ("text" in part ? [] : [part.placeholder])),
    fill: (resolve) => {
      const filled = fill(({ placeholder, quoted }) => {
        const value = resolve(placeholder) ?? "";
        if (!quoted) return JSON.stringify(value);
        if (typeof value === "string") return JSON.stringify(value).slice(1, -1);
        return isJson ? JSON.stringify(value) : JSON.stringify(value).replaceAll('"', "");
      });
      if (isJson) check(filled);
      return filled;
    },
  };
}

function partsOf(template: string): Part[] {
  const parts: Part[] = [];
  let quoted = false;
  for (const [piece] of template.matchAll(/<[\w.$\-[\]'"*]+>|\\.|[^\\<"]+|[\s\S]/g)) {
    if (piece === '"') quoted = !quoted;
    if (piece.length > 2 && piece.startsWith("<")) parts.push({ placeholder: piece.slice(1, -1), quoted });
    else parts.push({ text: piece });
  }
  return parts;
}
