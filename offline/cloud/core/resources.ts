import type { Graph, Resource } from "../../engine/graph";
import { resourcesOfType } from "../../engine/query";
import { reveal } from "../../engine/values";

/** Whether a program has a resource whose type begins with a prefix. */
export function hasType(prefix: string): (graph: Graph) => boolean {
  return ({ resources }) => resources.some(({ type }) => type.startsWith(prefix));
}

/** Settings as a program wrote them, with types unchecked. */
export type Settings = Record<string, unknown>;

export interface PlainResource {
  urn: string;
  name: string;
  /** The outputs, and those inputs that a provider does not return. */
  settings: Settings;
  resource: Resource;
}

/** The program's own resources of a type, with plain JavaScript values. */
export function ownResources(graph: Graph, type: string): PlainResource[] {
  return resourcesOfType(graph, type)
    .filter(({ external }) => !external)
    .map((resource) => ({ urn: resource.urn, name: resource.name, settings: revealSettings(resource), resource }));
}

function revealSettings({ inputs, outputs, id }: Resource): Settings {
  return { id, ...asMap(reveal(inputs)), ...asMap(reveal(outputs)) };
}

export function isMap(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function asMap(value: unknown): Settings {
  return isMap(value) ? value : {};
}

/** False for an omitted setting, which may be an empty object in the outputs. */
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
