import { account } from "../engine/context";
import type { Resource } from "../engine/graph";
import { type Properties, reveal, Unknown, type Value } from "../engine/values";
import { leaves, type Path } from "./paths";

/** The outputs of a resource that is created, replaced or updated, as texts. */
export interface Renewed {
  /** Those known only after deployment. */
  renewed: string[];
  /** Those that are known already, including its inputs. */
  kept: string[];
}

/** @param outputs The names of the outputs that change. @default all that are not inputs */
export function renewal(resource: Resource, outputs?: string[]): Renewed {
  const { id = "", inputs } = resource;
  const all: Properties = { ...resource.outputs, id };
  const changing = outputs ? Object.fromEntries(outputs.map((name) => [name, String(reveal(all[name]) ?? "")])) : all;
  // Each ARN contains the account and the region, which stay.
  const constant = new Set([...texts(inputs), account, reveal(all.region)]);
  const renewed = texts(changing).filter((text) => !constant.has(text));
  const isRenewed = new Set(renewed);
  return { renewed, kept: texts({ ...all, inputs }).filter((text) => !isRenewed.has(text)) };
}

/**
 * The places in a property made from a resource that are known only after deployment: the whole property if it shows
 * none of the resource's texts, as a digest of them does.
 */
export function renewedPaths(property: string, value: Value | undefined, { renewed, kept }: Renewed): Path[] {
  const found = leaves(value, [property]);
  const paths = found.filter(({ leaf }) => leaf instanceof Unknown || shows(leaf, renewed)).map(({ path }) => path);
  if (paths.length > 0 || found.some(({ leaf }) => shows(leaf, kept))) return paths;
  return [[property]];
}

/** Shorter texts, such as versions, occur in others by chance. */
const shortestPart = 5;

function shows(leaf: string | Unknown, parts: string[]): boolean {
  if (leaf instanceof Unknown) return false;
  return parts.some((text) => leaf === text || (text.length >= shortestPart && leaf.includes(text)));
}

function texts(properties: Properties): string[] {
  return leaves(properties).flatMap(({ leaf }) => (typeof leaf === "string" && leaf ? [leaf] : []));
}
