import { MethodFailure } from "../failures";

const CLASSES: Record<string, string> = {
  Alpha: "a-zA-Z",
  Digit: "0-9",
  Alnum: "a-zA-Z0-9",
  Upper: "A-Z",
  Lower: "a-z",
  Punct: "!-\\/:-@\\[-`{-~",
  Space: "\\s",
  XDigit: "0-9a-fA-F",
};

/** The JavaScript expression that means what a Java one does, as far as both languages go together. */
export function regexOf(source: string, flags = ""): RegExp {
  const [, inline = ""] = /^\(\?([ims]+)\)/.exec(source) ?? [];
  const rest = inline === "" ? source : source.slice(inline.length + 3);
  const translated = rest
    .replace(/\\Q(.*?)(?:\\E|$)/gs, (_, quoted: string) => quoted.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
    .replace(/\\p\{(?:Is)?(\w+)\}/g, (whole, name: string, at: number) => {
      const characters = CLASSES[name];
      if (!characters) return whole;
      const isInClass = /\[[^\]]*$/.test(rest.slice(0, at));
      return isInClass ? characters : `[${characters}]`;
    })
    .replace(/\\[zZ]/g, "$")
    .replace(/\\A/g, "^");
  try {
    return new RegExp(translated, flags + inline);
  } catch {
    throw new MethodFailure(`${JSON.stringify(source)} is not a regular expression`);
  }
}

/** Puts text in place of matches, with Java's `$1` and `\$`. The size limit applies while it grows. */
export function replaceMatches(
  text: string,
  source: string,
  replacement: string,
  flags: string,
  limit: number,
): string {
  let size = text.length;
  return text.replace(regexOf(source, flags), (...found: unknown[]) => {
    const put = replacement.replace(
      /\\(.)|\$(\d)|\$\{(\w+)\}/gs,
      (_, escaped?: string, group?: string, name?: string) => {
        if (escaped !== undefined) return escaped;
        if (group !== undefined) return String(found[Number(group)] ?? "");
        const groups = found.at(-1);
        return typeof groups === "object" && groups !== null
          ? String((groups as Record<string, string>)[name ?? ""] ?? "")
          : "";
      },
    );
    size += put.length;
    if (size > limit) throw new MethodFailure("the text becomes too long");
    return put;
  });
}

/** As Java's `split`: no empty part at the end, unless a limit is given, nor for an empty match at the beginning. */
export function split(text: string, source: string, limit = 0): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(regexOf(source, "g"))) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (index + found.length === 0 || (found === "" && index >= text.length)) continue;
    parts.push(text.slice(from, index));
    from = index + found.length;
  }
  if (parts.length === 0) return [text];
  parts.push(text.slice(from));
  if (limit === 0) while (parts.length > 0 && parts.at(-1) === "") parts.pop();
  return parts;
}
