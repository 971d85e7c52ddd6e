import { account } from "../engine/context";
import type { Resource } from "../engine/graph";
import { type Properties, reveal, Unknown, type Value } from "../engine/values";
import { leaves, type Path } from "./paths";

/** A resource some of whose outputs are known only after the deployment: it is created, replaced, or updated. */
export interface Renewed {
  /** Why: "created", "replaced" or "updated". */
  why: string;
  /** The texts that will be others. */
  renewed: string[];
  /** Those that stay. */
  kept: string[];
}

/** @param outputs The outputs that will be others; default: all that are not inputs */
export function renewal(why: string, resource: Resource, region: string, outputs?: string[]): Renewed {
  const { id = "", inputs } = resource;
  const all: Properties = { ...resource.outputs, id };
  const changing = outputs ? Object.fromEntries(outputs.map((name) => [name, String(reveal(all[name]) ?? "")])) : all;
  const constant = new Set([...texts(inputs), account, region]);
  const renewed = texts(changing).filter((text) => !constant.has(text));
  const isRenewed = new Set(renewed);
  return { why, renewed, kept: texts({ ...all, inputs }).filter((text) => !isRenewed.has(text)) };
}

/**
 * Where the values of a property are not known before a deployment, as they are made from outputs of a resource that is
 * renewed. The whole property, when it depends on the resource and does not show how.
 */
export function renewedPaths(property: string, value: Value | undefined, { renewed, kept }: Renewed): Path[] {
  const found = leaves(value, [property]);
  const paths = found.filter(({ leaf }) => leaf instanceof Unknown || shows(leaf, renewed)).map(({ path }) => path);
  if (paths.length > 0 || found.some(({ leaf }) => shows(leaf, kept))) return paths;
  return [[property]];
}

/** A shorter text, such as a version, is inside of many others by chance. */
const shortestPart = 5;

function shows(leaf: string | Unknown, parts: string[]): boolean {
  if (leaf instanceof Unknown) return false;
  return parts.some((text) => leaf === text || (text.length >= shortestPart && leaf.includes(text)));
}

function texts(properties: Properties): string[] {
  return leaves(properties).flatMap(({ leaf }) => (typeof leaf === "string" && leaf ? [leaf] : []));
}
