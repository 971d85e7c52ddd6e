import type { IncomingMessage, ServerResponse } from "node:http";
import type { Graph } from "../../engine/graph";
import { AwsError } from "./awsError";
import type { Service } from "./service";
import type { Change } from "./types";

/** The services of the cloud, in the order in which they take over a graph; they close in reverse. */
export class Registry {
  private reconciled: Promise<unknown> = Promise.resolve();

  constructor(private readonly services: Service[]) {}

  /** The service that answers requests signed for this name. */
  find(name: string): Service | undefined {
    return this.services.find(({ signingNames, handle }) => handle && signingNames?.includes(name));
  }

  /** Lets a service answer a request that nobody has to sign. Returns whether one did. */
  async handleUnsigned(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    for (const service of this.services) if (await service.handleUnsigned?.(request, response)) return true;
    return false;
  }

  get problems(): string[] {
    return this.services.flatMap(({ problems = [] }) => problems);
  }

  /**
   * Takes over a graph, after any earlier ones.
   * @throws Error if a service fails; the services before it have taken over the graph by then
   */
  reconcile(graph: Graph): Promise<Change[]> {
    const result = this.reconciled.then(async () => {
      const changes: Change[] = [];
      for (const service of this.services) changes.push(...((await service.reconcile?.(graph)) ?? []));
      for (const service of this.services) service.settle?.(graph);
      return changes;
    });
    this.reconciled = result.catch(() => {});
    return result;
  }

  async close(): Promise<void> {
    for (const service of this.services.toReversed()) await service.close?.();
  }
}

/**
 * A service that is not loaded until it is needed: by a program, or by a request.
 * @param isNeeded whether a program has something that the service takes over
 */
export function lazyService(
  signingNames: readonly string[],
  isNeeded: (graph: Graph) => boolean,
  load: (graph: Graph) => Service | Promise<Service>,
): Service {
  let loading: Promise<Service> | undefined;
  let service: Service | undefined;
  let latest: Graph | undefined;
  const loadOnce = async (graph: Graph) => {
    loading ??= Promise.resolve(load(graph));
    service = await loading;
    return service;
  };
  return {
    signingNames,
    get limit() {
      return service?.limit;
    },
    get problems() {
      return service?.problems;
    },
    handle: async (call) => {
      if (!latest) throw new AwsError("ServiceUnavailable", "The program has not run yet", 503);
      if (!service) await (await loadOnce(latest)).reconcile?.(latest);
      await service?.handle?.(call);
    },
    reconcile: async (graph) => {
      latest = graph;
      if (!service && !isNeeded(graph)) return [];
      return (await (await loadOnce(graph)).reconcile?.(graph)) ?? [];
    },
    settle: (graph) => service?.settle?.(graph),
    close: () => service?.close?.(),
  };
}
