import type { Graph, Resource } from "../engine/graph";
import { reveal } from "../engine/values";

/** Settings as a program wrote them: nothing is sure about their types. */
export type Settings = Record<string, unknown>;

export interface PlainResource {
  urn: string;
  name: string;
  /** The outputs, and for what a provider does not return, the inputs. */
  settings: Settings;
  resource: Resource;
}

/** The resources of a type that the program owns, their values as plain JavaScript. */
export function resourcesOfType(graph: Graph, type: string): PlainResource[] {
  return graph.resources
    .filter((resource) => resource.type === type && !resource.external)
    .map((resource) => ({ urn: resource.urn, name: resource.name, settings: revealSettings(resource), resource }));
}

function revealSettings({ inputs, outputs, id }: Resource): Settings {
  return { id, ...asMap(reveal(inputs)), ...asMap(reveal(outputs)) };
}

export function asMap(value: unknown): Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Settings) : {};
}

export function asList(value: unknown): Settings[] {
  return Array.isArray(value) ? value.map(asMap) : [];
}

export function asText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

export function asNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

export function asTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The account that the program's ARNs name. */
export function accountOf(graph: Graph): string {
  for (const { outputs } of graph.resources) {
    const arn = asText(reveal(outputs.arn));
    const account = arn?.split(":")[4];
    if (account && /^\d{12}$/.test(account)) return account;
  }
  return "123456789012";
}
