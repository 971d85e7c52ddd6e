import type { Graph } from "../../engine/graph";
import { compare } from "../core/changes";
import type { Change } from "../core/types";
import { Runner, type RunnerOptions } from "./runner";

interface Definition {
  id: string;
  arn: string;
  name: string;
}

/** A cluster or an application, which accepts work. */
interface Unit<Own extends Definition> {
  definition: Own;
  /** Begins the work that there is room for. */
  plan(): void;
  /** Called when the program no longer has it. */
  remove(): void;
}

/** Runs Spark jobs for a program, on its clusters or its applications. */
export abstract class Platform<Own extends Definition, One extends Unit<Own>> {
  protected readonly runner: Runner;
  private readonly units = new Map<string, One>();

  constructor(
    options: RunnerOptions,
    private readonly kind: Change["kind"],
    private readonly read: (graph: Graph) => Own[],
  ) {
    this.runner = new Runner(options);
  }

  protected abstract open(definition: Own): One;

  /** Takes over a graph. Work continues, and ended clusters and applications stay ended. */
  reconcile(graph: Graph): Change[] {
    const before = this.all.map(({ definition }) => definition);
    const next = this.read(graph);
    for (const [id, unit] of this.units) {
      if (next.some((definition) => definition.id === id)) continue;
      unit.remove();
      this.units.delete(id);
    }
    for (const definition of next) {
      const known = this.units.get(definition.id);
      if (known) Object.assign(known, { definition }).plan();
      else this.units.set(definition.id, this.open(definition));
    }
    return compare(this.kind, before, next);
  }

  find(id: string): One | undefined {
    return this.units.get(id);
  }

  get all(): One[] {
    return [...this.units.values()];
  }

  /** Which of them there are, for messages. */
  get existing(): string {
    return `The program has ${this.all.map(({ definition }) => `${definition.id} (${definition.name})`).join(", ") || "none"}`;
  }

  close(): Promise<void> {
    return this.runner.close();
  }
}
