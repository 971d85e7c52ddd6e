import { isDeepStrictEqual } from "node:util";
import { Archive, Asset, hasSecret, isMap, type Properties, ResourceReference, Secret, type Value } from "../values";
import { blank } from "./messages";

/**
 * What a remediation returned, with what got lost on the way put back: policies see references as text, a policy that
 * copies its properties makes secrets plain, and @pulumi/policy 1.21 returns an AssetArchive as the names of its assets.
 * @throws Error when it returned such an archive where none was
 */
export function remediated(before: Properties, after: Properties): Properties {
  const entries = Object.entries(after).map(([key, value]) => [key, restore(before[key], value)]);
  return Object.fromEntries(entries);
}

function restore(before: Value | undefined, after: Value): Value {
  if (before instanceof Secret) return new Secret(restore(before.value, after instanceof Secret ? after.value : after));
  if (before instanceof ResourceReference) return isDeepStrictEqual(before.id ?? before.urn, after) ? before : after;
  if (after instanceof Asset && before instanceof Asset && before.source.text === "" && after.source.text === blank) {
    return before;
  }
  if (after instanceof Archive && isBroken(after)) {
    if (before instanceof Archive) return before;
    throw new Error("@pulumi/policy cannot return a new AssetArchive; return a FileArchive, or leave it as it was");
  }
  if (after instanceof Archive && after.source.assets) {
    const assets = before instanceof Archive ? (before.source.assets ?? {}) : {};
    return new Archive({ assets: remediated(assets, after.source.assets) as Record<string, Asset | Archive> });
  }
  if (Array.isArray(after)) return restoreList(Array.isArray(before) ? before : [], after);
  return isMap(after) ? remediated(isMap(before) ? before : {}, after) : after;
}

/** In a list that was changed nobody knows which element was the secret one. */
function restoreList(before: Value[], after: Value[]): Value {
  const elements = after.map((value, index) => restore(before[index], value));
  return hasSecret(before) && !isDeepStrictEqual(elements, before) ? new Secret(elements) : elements;
}

function isBroken({ source }: Archive): boolean {
  return Object.values(source.assets ?? {}).some((asset) => !(asset instanceof Asset || asset instanceof Archive));
}

/** The names of the properties that are not the same in both. */
export function changedNames(before: Properties, after: Properties): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
}
