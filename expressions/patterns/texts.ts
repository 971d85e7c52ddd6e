import { refuse } from "./mistakes";

/** What a text must be. */
export type TextTest = (text: string) => boolean;

/**
 * Texts that are equal but for upper and lower case. AWS compares half a surrogate pair as a question mark, so that an
 * emoji is not equal to itself here.
 */
export function equalIgnoringCase(text: string): TextTest {
  const expression = new RegExp(`^${ignoringCase(text)}$`);
  return (value) => expression.test(value);
}

export function startsIgnoringCase(prefix: string): TextTest {
  const expression = new RegExp(`^${ignoringCase(prefix)}`);
  return (value) => expression.test(value);
}

export function endsIgnoringCase(suffix: string): TextTest {
  const expression = new RegExp(`${ignoringCase(suffix)}$`);
  return (value) => expression.test(value);
}

/** Each character as it is in lower and in upper case. That is not always one character: `ß` and `SS`. */
function ignoringCase(text: string): string {
  return text
    .split("")
    .map((unit) => {
      if (/[\ud800-\udfff]/.test(unit)) return "\\?";
      const lower = escaped(unit.toLowerCase());
      const upper = escaped(unit.toUpperCase());
      return lower === upper ? lower : `(?:${lower}|${upper})`;
    })
    .join("");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/**
 * A pattern in which `*` stands for any characters, and `\*` and `\\` for themselves.
 * @throws Refusal for two `*` in a row, and any other `\`
 */
export function readWildcard(pattern: string): TextTest {
  const [first = "", ...rest] = piecesOf(pattern);
  const last = rest.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false;
    const end = value.length - last.length;
    let position = first.length;
    for (const piece of rest) {
      const found = value.indexOf(piece, position);
      if (found < 0 || found + piece.length > end) return false;
      position = found + piece.length;
    }
    return true;
  };
}

/** The texts between the wildcards. */
export function piecesOf(pattern: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (let index = 0; index < pattern.length; index++) {
    const next = pattern[index + 1];
    // AWS counts bytes, from a quotation mark before the text.
    const position = () => Buffer.byteLength(pattern.slice(0, index)) + 1;
    if (pattern[index] === "*") {
      if (next === "*") refuse(`Consecutive wildcard characters at pos ${position()}`, "Write one * only.");
      pieces.push(piece);
      piece = "";
    } else if (pattern[index] !== "\\") {
      piece += pattern[index];
    } else if (next === "*" || next === "\\") {
      piece += next;
      index++;
    } else {
      refuse(`Invalid escape character at pos ${position()}`, "Write \\\\ for a backslash, and \\* for an asterisk.");
    }
  }
  return [...pieces, piece];
}
