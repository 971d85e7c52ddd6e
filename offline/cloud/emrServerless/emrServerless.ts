import type { Graph } from "../../engine/graph";
import { compare } from "../core/changes";
import type { Change } from "../core/types";
import { Application, type ApplicationOptions } from "./application";
import { readApplications } from "./model";

/** Amazon EMR Serverless: the program's applications, and their job runs. */
export class EmrServerless {
  private readonly applications = new Map<string, Application>();

  constructor(private readonly options: ApplicationOptions) {}

  /** Takes over the applications of a graph. Job runs go on. */
  update(graph: Graph): Change[] {
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
        this.applications.set(definition.id, new Application(definition, this.options));
        continue;
      }
      known.definition = definition;
      known.plan();
    }
    return compare("application", before, next);
  }

  find(id: string): Application | undefined {
    return this.applications.get(id);
  }

  get all(): Application[] {
    return [...this.applications.values()];
  }
}
