import { listNames } from "../core/names";
import type { FunctionModel } from "./model";

/** One sentence for everything that keeps functions from running, or that they run without. */
export function describeProblems(models: FunctionModel[]): string[] {
  const stopped = models.flatMap(({ name, problem }) => (problem ? [{ name, what: problem }] : []));
  const lacking = models.flatMap(({ name, missingLayers = [] }) => missingLayers.map((what) => ({ name, what })));
  return [
    ...sentences(stopped, "does not run offline: ", "do not run offline: "),
    ...sentences(lacking, "runs without the layer ", "run without the layer "),
    ...models.flatMap(describeEventSettings),
  ];
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const BOUNDS = { retries: ["maximumRetryAttempts", 0, 2], maxAge: ["maximumEventAgeInSeconds", 60, 21_600] } as const;

/** What AWS would refuse of how a function's asynchronous invocations are retried. */
function describeEventSettings({ name, eventSettings }: FunctionModel): string[] {
  return Object.entries(eventSettings).flatMap(([qualifier, settings]) =>
    (["retries", "maxAge"] as const).flatMap((key) => {
      const [property, min, max] = BOUNDS[key];
      const value = settings[key];
      if (Number.isInteger(value) && value >= min && value <= max) return [];
      const of = qualifier === "$LATEST" ? name : `${name}:${qualifier}`;
      return [`function ${of} has ${property} ${value}, which AWS refuses: use ${min} to ${max}`];
    }),
  );
}

function sentences(all: { name: string; what: string }[], one: string, several: string): string[] {
  const named = new Map<string, string[]>();
  for (const { name, what } of all) named.set(what, [...(named.get(what) ?? []), name]);
  return [...named].map(([what, names]) =>
    names.length === 1 ? `function ${names[0]} ${one}${what}` : `functions ${listNames(names)} ${several}${what}`,
  );
}
