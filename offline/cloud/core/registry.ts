import type { Graph } from "../../engine/graph";
import type { Service } from "./service";
import type { Change } from "./types";

/** The services of the cloud, in the order in which they take over a graph; they close in the opposite one. */
export class Registry {
  private reconciled: Promise<unknown> = Promise.resolve();

  constructor(private readonly services: Service[]) {}

  /** The service that answers what is signed for this name. */
  find(name: string): Service | undefined {
    return this.services.find(({ signingNames, handle }) => handle && signingNames?.includes(name));
  }

  get problems(): string[] {
    return this.services.flatMap(({ problems = [] }) => problems);
  }

  /**
   * Takes over a graph, after those before it: each starts from what the last one left.
   * @throws Error when a service cannot; those that come before it have taken it over then
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

/** A service that is neither loaded nor made before a program needs it. */
export class LazyService implements Service {
  private service: Service | undefined;

  constructor(
    readonly signingNames: readonly string[],
    private readonly isNeeded: (graph: Graph) => boolean,
    private readonly load: (graph: Graph) => Service | Promise<Service>,
  ) {}

  get limit() {
    return this.service?.limit;
  }

  /** Undefined until it is loaded. */
  get handle(): Service["handle"] {
    return this.service?.handle?.bind(this.service);
  }

  get problems(): string[] {
    return this.service?.problems ?? [];
  }

  async reconcile(graph: Graph): Promise<Change[]> {
    if (!this.service && this.isNeeded(graph)) this.service = await this.load(graph);
    return (await this.service?.reconcile?.(graph)) ?? [];
  }

  async close(): Promise<void> {
    await this.service?.close?.();
  }
}
