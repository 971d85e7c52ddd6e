import { Platform } from "../spark/platform";
import type { RunnerOptions } from "../spark/runner";
import { readOwnSteps } from "./addSteps";
import { Cluster } from "./cluster";
import { type ClusterDefinition, readClusters } from "./model";

/** The part of Amazon EMR that runs steps: the program's clusters, which are up until they are terminated. */
export class Emr extends Platform<ClusterDefinition, Cluster> {
  constructor(options: RunnerOptions) {
    super(options, "cluster", readClusters);
  }

  protected open(definition: ClusterDefinition): Cluster {
    const cluster = new Cluster(definition, this.runner);
    const { id, name, settings } = definition;
    try {
      const steps = readOwnSteps(settings);
      if (steps.length > 0) cluster.add(steps);
    } catch (error) {
      this.runner.log(`${name} ${id} | the steps of its resource do not run: ${(error as Error).message}`);
    }
    return cluster;
  }
}
