import type { Graph } from "../../engine/graph";
import { asList, asMap, asNumber, asText, ownResources, type Settings } from "../core/resources";
import { type Reference, readReference } from "./reference";

/** What an alias stands for. */
interface Alias {
  version: string;
  /** The share of the calls, from 0 to 1, that goes to other versions instead. */
  weights: Record<string, number>;
}

/** What happens to the events of asynchronous invocations. */
export interface EventSettings {
  /** @default 2 */
  retries: number;
  /** In seconds. @default 21600 */
  maxAge: number;
  /** The ARN of where results go. @default none */
  onSuccess?: string;
  /** The ARN of where the events of failed invocations go. @default none */
  onFailure?: string;
}

export const DEFAULT_EVENT_SETTINGS: EventSettings = { retries: 2, maxAge: 21_600 };

/** What a program sets for the versions and aliases of one function. */
export interface Qualifiers {
  aliases: Record<string, Alias>;
  /** Provisioned concurrency by version. */
  provisioned: Record<string, number>;
  /** By version or alias, with `$LATEST` for calls without one. */
  eventSettings: Record<string, EventSettings>;
}

/** Reads the qualifiers of a function by its name. */
export function readQualifiers(graph: Graph): (name: string) => Qualifiers {
  const aliases = settingsOf(graph, "aws:lambda/alias:Alias");
  const provisioned = settingsOf(graph, "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig");
  const events = settingsOf(graph, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
  return (name) => {
    const own = (all: Naming[]) => all.filter(({ reference }) => reference.name === name);
    const its = Object.fromEntries(own(aliases).map(({ settings }) => [String(settings.name), readAlias(settings)]));
    return {
      aliases: its,
      provisioned: Object.fromEntries(
        own(provisioned).map(({ reference: { qualifier = "" }, settings }) => [
          its[qualifier]?.version ?? qualifier,
          asNumber(settings.provisionedConcurrentExecutions) ?? 0,
        ]),
      ),
      eventSettings: Object.fromEntries(
        own(events).map(({ reference, settings }) => [reference.qualifier ?? "$LATEST", readEventSettings(settings)]),
      ),
    };
  };
}

/**
 * Whether a function has a version or an alias.
 * @param publishes Whether it publishes versions: it may then have any number of them, which offline all run the newest code
 */
export function hasQualifier(
  { aliases, publishes }: Pick<Qualifiers, "aliases"> & { publishes: boolean },
  qualifier = "$LATEST",
): boolean {
  if (qualifier === "$LATEST" || Object.hasOwn(aliases, qualifier)) return true;
  if (!/^(?:\d+|\$LATEST\.PUBLISHED)$/.test(qualifier)) return false;
  const routed = Object.values(aliases).flatMap(({ version, weights }) => [version, ...Object.keys(weights)]);
  return publishes || routed.includes(qualifier);
}

/** The version that a call of a qualifier executes: of an alias, at random one of those it routes to. */
export function chooseVersion({ aliases }: Qualifiers, qualifier = "$LATEST"): string {
  const alias = Object.hasOwn(aliases, qualifier) ? aliases[qualifier] : undefined;
  if (!alias) return qualifier;
  let rest = Math.random();
  for (const [version, weight] of Object.entries(alias.weights)) {
    rest -= weight;
    if (rest < 0) return version;
  }
  return alias.version;
}

/** A resource's settings, with the function and the qualifier that it names. */
export interface Naming {
  /** The resource's own name. */
  name: string;
  reference: Reference;
  settings: Settings;
}

/** The resources of a type that name a function. */
export function settingsOf(graph: Graph, type: string): Naming[] {
  return ownResources(graph, type).map(({ name, settings }) => ({
    name,
    reference: referenceIn(settings) ?? { name: "" },
    settings,
  }));
}

/** The function that a resource names; undefined if it names none. */
export function referenceIn({ functionName, qualifier }: Settings): Reference | undefined {
  try {
    return readReference(asText(functionName) ?? "", asText(qualifier) || undefined);
  } catch {
    return undefined;
  }
}

function readAlias({ functionVersion, routingConfig }: Settings): Alias {
  const weights = Object.entries(asMap(first(routingConfig).additionalVersionWeights));
  return {
    version: asText(functionVersion) ?? "$LATEST",
    weights: Object.fromEntries(weights.map(([version, weight]) => [version, asNumber(weight) ?? 0])),
  };
}

function readEventSettings(settings: Settings): EventSettings {
  const { onSuccess, onFailure } = asMap(settings.destinationConfig);
  return {
    retries: asNumber(settings.maximumRetryAttempts) ?? DEFAULT_EVENT_SETTINGS.retries,
    maxAge: asNumber(settings.maximumEventAgeInSeconds) || DEFAULT_EVENT_SETTINGS.maxAge,
    onSuccess: asText(asMap(onSuccess).destination) || undefined,
    onFailure: asText(asMap(onFailure).destination) || undefined,
  };
}

function first(setting: unknown): Settings {
  return asList(setting)[0] ?? asMap(setting);
}
