import { architectureOf, isGraviton } from "./architecture";
import { gravitonEquivalent } from "./equivalent";

/**
 * What is wrong with a type that is not for Graviton, and what to write instead.
 * @param example what to write where nothing replaces the type
 */
export function gravitonMistake(type: string, example: string): string | undefined {
  if (architectureOf(type) === "x86_64") {
    const instead = gravitonEquivalent(type)?.type;
    return `is "${type}", which is x86; write ${instead ? `"${instead}"` : `a Graviton type, such as ${example}`}`;
  }
  return isGraviton(type) ? undefined : `is "${type}", which is not a Graviton type; write one, such as ${example}`;
}
