import type { Graph, Resource } from "../../engine/graph";
import { resourcesOfType } from "../../engine/query";
import { reveal } from "../../engine/values";

/** Whether a program has a resource whose type begins so. */
export function hasType(prefix: string): (graph: Graph) => boolean {
  return ({ resources }) => resources.some(({ type }) => type.startsWith(prefix));
}

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
export function ownResources(graph: Graph, type: string): PlainResource[] {
  return resourcesOfType(graph, type)
    .filter(({ external }) => !external)
    .map((resource) => ({ urn: resource.urn, name: resource.name, settings: revealSettings(resource), resource }));
}

function revealSettings({ inputs, outputs, id }: Resource): Settings {
  return { id, ...asMap(reveal(inputs)), ...asMap(reveal(outputs)) };
}

export function asMap(value: unknown): Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Settings) : {};
}

/** False for what the program has left out, which its outputs may have as an empty object. */
export function isGiven(value: unknown): boolean {
  return Object.keys(asMap(value)).length > 0;
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

export function asStrings(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(asMap(value)).map(([key, text]) => [key, String(text)]));
}
