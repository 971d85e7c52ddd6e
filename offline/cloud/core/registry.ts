import type { Graph } from "../../engine/graph";
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

/** A service that is not loaded until a program needs it. */
export function lazyService(
  signingNames: readonly string[],
  isNeeded: (graph: Graph) => boolean,
  load: (graph: Graph) => Service | Promise<Service>,
): Service {
  let service: Service | undefined;
  return {
    signingNames,
    get limit() {
      return service?.limit;
    },
    get handle() {
      return service?.handle?.bind(service);
    },
    get problems() {
      return service?.problems;
    },
    reconcile: async (graph) => {
      if (!service && isNeeded(graph)) service = await load(graph);
      return (await service?.reconcile?.(graph)) ?? [];
    },
    close: () => service?.close?.(),
  };
}
