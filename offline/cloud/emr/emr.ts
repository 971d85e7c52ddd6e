import type { Graph } from "../../engine/graph";
import { compare } from "../core/changes";
import type { Change } from "../core/types";
import { Runner, type RunnerOptions } from "../spark/runner";
import { readOwnSteps } from "./addSteps";
import { Cluster } from "./cluster";
import { readClusters } from "./model";

/** Amazon EMR as far as steps go: the program's clusters stand, and take steps. */
export class Emr {
  private readonly clusters = new Map<string, Cluster>();
  private readonly runner: Runner;

  constructor(options: RunnerOptions) {
    this.runner = new Runner(options);
  }

  /** Takes over the clusters of a graph. One that was terminated stays so. */
  reconcile(graph: Graph): Change[] {
    const next = readClusters(graph);
    const changes = compare(
      "cluster",
      this.all.map(({ definition }) => definition),
      next,
    );
    for (const [id, cluster] of this.clusters) {
      if (next.some((definition) => definition.id === id)) continue;
      cluster.terminate("USER_REQUEST", "The program has no such cluster any more");
      this.clusters.delete(id);
    }
    for (const definition of next) {
      const known = this.clusters.get(definition.id);
      if (!known) {
        this.open(new Cluster(definition, this.runner));
        continue;
      }
      known.definition = definition;
      known.plan();
    }
    return changes;
  }

  close(): Promise<void> {
    return this.runner.close();
  }

  find(id: string): Cluster | undefined {
    return this.clusters.get(id);
  }

  get all(): Cluster[] {
    return [...this.clusters.values()];
  }

  private open(cluster: Cluster): void {
    const { id, name, settings } = cluster.definition;
    this.clusters.set(id, cluster);
    try {
      const steps = readOwnSteps(settings);
      if (steps.length > 0) cluster.add(steps);
    } catch (error) {
      this.runner.log(`${name} ${id} | its own steps do not run: ${(error as Error).message}`);
    }
  }
}
