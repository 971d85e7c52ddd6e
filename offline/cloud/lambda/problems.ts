import { listNames } from "../core/names";
import type { FunctionModel } from "./model";

/** One sentence for everything that keeps functions from running, or that they run without. */
export function describeProblems(models: FunctionModel[]): string[] {
  const stopped = models.flatMap(({ name, problem }) => (problem ? [{ name, what: problem }] : []));
  const lacking = models.flatMap(({ name, missingLayers = [] }) => missingLayers.map((what) => ({ name, what })));
  return [
    ...sentences(stopped, "does not run offline: ", "do not run offline: "),
    ...sentences(lacking, "runs without the layer ", "run without the layer "),
  ];
}

function sentences(all: { name: string; what: string }[], one: string, several: string): string[] {
  const named = new Map<string, string[]>();
  for (const { name, what } of all) named.set(what, [...(named.get(what) ?? []), name]);
  return [...named].map(([what, names]) =>
    names.length === 1 ? `function ${names[0]} ${one}${what}` : `functions ${listNames(names)} ${several}${what}`,
  );
}
