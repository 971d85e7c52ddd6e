import { isMap, isScalar, parseDocument } from "yaml";
import type { Template } from "../templates";

/**
 * The outputs that a CloudFormation template declares: plain text as it is, anything computed made up.
 * Undefined when the template is not at hand.
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
    return [name, isPlain ? String(value.value) : guess(name)];
  });
  return Object.fromEntries(entries);
}
