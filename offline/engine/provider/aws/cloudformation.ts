import { isMap, isScalar, parseDocument } from "yaml";
import type { Template } from "../templates";

/**
 * The outputs that a CloudFormation template declares: plain values as they are, computed ones made up.
 * Undefined without a template in the program, or if it cannot be parsed.
 * @param guess Makes up the text of an output with that name
 */
export function declaredOutputs(template: unknown, guess: (name: string) => string): Template | undefined {
  if (typeof template !== "string" || template === "") return undefined;
  const document = parseDocument(template, { logLevel: "silent" });
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  const outputs = document.get("Outputs");
  if (!isMap(outputs)) return {};
  const entries = outputs.items.map(({ key }) => {
    const name = String(key);
    const value = outputs.getIn([name, "Value"], true);
    const isPlain = isScalar(value) && !value.tag?.startsWith("!");
    // Its source, because a parsed 012345678901 would lose its zero.
    return [name, isPlain ? (value.source ?? "") : guess(name)];
  });
  return Object.fromEntries(entries);
}
