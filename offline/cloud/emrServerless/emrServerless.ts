import type { Graph } from "../../engine/graph";
import { compare } from "../core/changes";
import type { Change } from "../core/types";
import { Runner, type RunnerOptions } from "../spark/runner";
import { Application } from "./application";
import { readApplications } from "./model";

/** Amazon EMR Serverless: the program's applications, and their job runs. */
export class EmrServerless {
  private readonly applications = new Map<string, Application>();
  private readonly runner: Runner;

  constructor(options: RunnerOptions) {
    this.runner = new Runner(options);
  }

  /** Takes over the applications of a graph. Job runs go on. */
  reconcile(graph: Graph): Change[] {
    const next = readApplications(graph);
    const before = this.all.map(({ definition }) => definition);
    for (const [id, application] of this.applications) {
      if (next.some((definition) => definition.id === id)) continue;
      application.remove();
      this.applications.delete(id);
    }
    for (const definition of next) {
      const known = this.applications.get(definition.id);
      if (!known) {
        this.applications.set(definition.id, new Application(definition, this.runner));
        continue;
      }
      known.definition = definition;
      known.plan();
    }
    return compare("application", before, next);
  }

  close(): Promise<void> {
    return this.runner.close();
  }

  find(id: string): Application | undefined {
    return this.applications.get(id);
  }

  get all(): Application[] {
    return [...this.applications.values()];
  }
}
