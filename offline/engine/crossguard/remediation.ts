import { isDeepStrictEqual } from "node:util";
import { Archive, Asset, hasSecret, isMap, type Properties, ResourceReference, Secret, type Value } from "../values";
import { blank } from "./messages";

/** True when a secret is in the text. */
type IsSecret = (text: string) => boolean;

/** For values inside a secret. */
const never: IsSecret = () => false;

/**
 * A remediation's result, with its losses in transit restored: policies see references as text, a policy that copies its
 * properties makes secrets plain, and @pulumi/policy 1.21 returns an AssetArchive as the names of its assets.
 * @param isSecret Recognizes secret texts that the remediation copied elsewhere
 * @throws Error when it returned such an archive where there was none
 */
export function remediated(before: Properties, after: Properties, isSecret: IsSecret): Properties {
  const entries = Object.entries(after).map(([key, value]) => [key, restore(before[key], value, isSecret)]);
  return Object.fromEntries(entries);
}

function restore(before: Value | undefined, after: Value, isSecret: IsSecret): Value {
  if (before instanceof Secret) {
    return new Secret(restore(before.value, after instanceof Secret ? after.value : after, never));
  }
  if (isDeepStrictEqual(before, after)) return after;
  if (before instanceof ResourceReference) return isDeepStrictEqual(before.id ?? before.urn, after) ? before : after;
  if (after instanceof Asset && before instanceof Asset && before.source.text === "" && after.source.text === blank) {
    return before;
  }
  if (textsOf(before, after).some(isSecret)) return new Secret(restore(before, after, never));
  if (after instanceof Archive && isBroken(after)) {
    if (before instanceof Archive) return before;
    throw new Error("@pulumi/policy cannot return a new AssetArchive; return a FileArchive, or leave it as it was");
  }
  if (after instanceof Archive && after.source.assets) {
    const assets = before instanceof Archive ? (before.source.assets ?? {}) : {};
    return new Archive({ assets: remediated(assets, after.source.assets, never) as Record<string, Asset | Archive> });
  }
  if (Array.isArray(after)) return restoreList(Array.isArray(before) ? before : [], after, isSecret);
  return isMap(after) ? remediated(isMap(before) ? before : {}, after, isSecret) : after;
}

/** In a changed list, any element may be the former secret. */
function restoreList(before: Value[], after: Value[], isSecret: IsSecret): Value {
  const elements = after.map((value, index) => restore(before[index], value, isSecret));
  return hasSecret(before) && !isDeepStrictEqual(elements, before) ? new Secret(elements) : elements;
}

/** The texts of a changed value itself, without those of the values in it. */
function textsOf(before: Value | undefined, after: Value): string[] {
  if (typeof after === "string") return [after];
  if (after instanceof Asset) return [after.source.text ?? ""];
  return isMap(after) ? Object.keys(after).filter((key) => !(isMap(before) && key in before)) : [];
}

function isBroken({ source }: Archive): boolean {
  return Object.values(source.assets ?? {}).some((asset) => !(asset instanceof Asset || asset instanceof Archive));
}

/** The names of the properties that differ. */
export function changedNames(before: Properties, after: Properties): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
}
