import type { Graph } from "../../engine/graph";
import { asList, asMap, asNumber, asStrings, asText, ownResources, type Settings } from "../core/resources";

/** An application as the program describes it. */
export interface ApplicationDefinition {
  id: string;
  arn: string;
  name: string;
  releaseLabel: string;
  /** Lower case: "spark" or "hive". */
  type: string;
  autoStart: boolean;
  /** Minutes without job runs after which it stops; absent if it does not. */
  idleMinutes?: number;
  /** The number of job runs at a time; absent if only the capacity limits them. */
  maxConcurrentRuns?: number;
  /** Spark properties for every job run. */
  sparkDefaults: Record<string, string>;
  /** The resource's outputs, for settings that are only shown. */
  settings: Settings;
}

/** The applications of a program. Settings are not validated: the components and policies do that. */
export function readApplications(graph: Graph): ApplicationDefinition[] {
  return ownResources(graph, "aws:emrserverless/application:Application").map(({ name, settings }) => {
    const stop = asMap(settings.autoStopConfiguration);
    return {
      id: asText(settings.id) ?? name,
      arn: asText(settings.arn) ?? "",
      name: asText(settings.name) ?? name,
      releaseLabel: asText(settings.releaseLabel) ?? "",
      type: (asText(settings.type) ?? "spark").toLowerCase(),
      autoStart: asMap(settings.autoStartConfiguration).enabled !== false,
      idleMinutes: stop.enabled === false ? undefined : (asNumber(stop.idleTimeoutMinutes) ?? 15),
      maxConcurrentRuns: asNumber(asMap(settings.schedulerConfiguration).maxConcurrentRuns),
      sparkDefaults: sparkDefaultsOf(settings.runtimeConfigurations),
      settings,
    };
  });
}

/** From configurations in the format of the API or the provider. */
export function sparkDefaultsOf(configurations: unknown): Record<string, string> {
  const found = asList(configurations).find(({ classification }) => classification === "spark-defaults");
  return asStrings(found?.properties);
}
