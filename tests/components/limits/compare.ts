import * as fc from "fast-check";
import type { Shape } from "../../../refresh/packages";
import type { Bounds } from "./ours";

/** How a limit of ours differs from that of a shape, if it does. */
export function differences(ours: Bounds, theirs: Shape): string[] {
  return [
    ...between(ours.minimum, ours.maximum, ["long", "integer", "double", "float"].includes(theirs.type) ? theirs : {}),
    ...betweenCounts(ours, theirs),
    ...enumDifferences(ours, theirs),
    ...patternDifferences(ours, theirs),
  ];
}

interface Range {
  min?: number;
  max?: number;
}

function between(least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY, { min, max }: Range): string[] {
  const [from, to] = [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY];
  return [
    ...(least > from ? [`narrower: it begins with ${least}, the model with ${from}`] : []),
    ...(least < from ? [`wider: it begins with ${least}, the model with ${from}`] : []),
    ...(most < to ? [`narrower: it ends with ${most}, the model with ${to}`] : []),
    ...(most > to ? [`wider: it ends with ${most}, the model with ${to}`] : []),
  ];
}

/** A pattern of ours says the length of a text, too. An empty list would do nothing. */
function betweenCounts(ours: Bounds, theirs: Shape): string[] {
  if (theirs.type === "string") {
    if (theirs.enum || ours.pattern?.includes("{")) return [];
    return between(ours.minLength ?? 0, ours.maxLength, { ...theirs, min: ours.pattern ? 0 : (theirs.min ?? 0) });
  }
  if (theirs.type !== "list" && theirs.type !== "map") return [];
  const { max, min = 0 } = theirs;
  return between(ours.minItems === 1 ? Math.min(min, 1) : (ours.minItems ?? 0), ours.maxItems, { max, min });
}

function enumDifferences(ours: Bounds, theirs: Shape): string[] {
  const [own, models] = [ours.enum ?? [], theirs.enum ?? []];
  const missing = models.filter((value) => !own.includes(value));
  const surplus = own.filter((value) => !models.includes(value));
  return [
    ...(missing.length > 0 ? [`narrower: the model has ${missing}, too`] : []),
    ...(surplus.length > 0 ? [`wider: the model lacks ${surplus}`] : []),
  ];
}

/** Tries texts that match one pattern on the other. */
function patternDifferences(ours: Bounds, theirs: Shape): string[] {
  if (ours.pattern === undefined && theirs.pattern === undefined) return [];
  const own = new RegExp(ours.pattern ?? "^[^]*$");
  const models = patternOf(theirs);
  const fits = (text: string) => text.length >= (theirs.min ?? 0) && text.length <= (theirs.max ?? text.length);
  const texts = (pattern: RegExp) => fc.sample(fc.stringMatching(withoutLookahead(pattern)), { numRuns: 300, seed: 1 });
  const narrow = texts(models).find((text) => models.test(text) && fits(text) && !own.test(text));
  const wide = texts(own).find((text) => own.test(text) && !(models.test(text) && fits(text)));
  return [
    ...(narrow === undefined ? [] : [`narrower: the model takes ${JSON.stringify(narrow)}`]),
    ...(wide === undefined ? [] : [`wider: the model does not take ${JSON.stringify(wide)}`]),
  ];
}

/** EMR's pattern of XML's characters is not one of JavaScript's; any text will do for it. */
function patternOf({ pattern = "" }: Shape): RegExp {
  const isXml = pattern.startsWith("[\\u0020-");
  return new RegExp(`^(?:${isXml || pattern === "" ? "[^]*" : pattern})$`);
}

/** The generator of texts does not know them; what they exclude is filtered out afterwards. */
function withoutLookahead(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replace(/\(\?![^)]*\)/g, ""));
}
