import type { Graph, Resource } from "../engine/graph";
import { Predecessors } from "../engine/predecessors";
import type { ResourceChange } from "./change";
import { covers, differences, type Path } from "./paths";
import { type Renewed, renewal, renewedPaths } from "./renewed";
import { type Replacing, replacing } from "./replacing";
import { outputsOfUpdate } from "./rules/updates";
import { type Step, stepsOf } from "./steps";

/** What would stop the deployment. */
export interface PlanError {
  urn: string;
  message: string;
}

/** What deploying one graph over another would do. */
export interface Plan {
  /** One for each resource: first those of the program as it registers them, then those it no longer has, in reverse order. */
  changes: ResourceChange[];
  /** The operations in a valid order. The real engine runs those that do not depend on each other at the same time. */
  steps: Step[];
  errors: PlanError[];
}

/**
 * Plans a deployment by comparing what two runs of a program registered, as `pulumi preview` compares a program with a stack's
 * state. Run both with `contents`, and the second with the first as its `previous`.
 *
 * rules/aws.ts lists which inputs make the AWS provider replace a resource; types that it does not list are only ever updated.
 * @see https://www.pulumi.com/docs/iac/concepts/how-pulumi-works/
 */
export function plan(before: Graph, after: Graph): Plan {
  const planner = new Planner(before);
  for (const resource of after.resources) if (!resource.external) planner.register(resource);
  planner.deleteTheRest();
  const { changes, errors } = planner;
  return { changes, steps: stepsOf(changes, before), errors };
}

class Planner {
  readonly changes: ResourceChange[] = [];
  readonly errors: PlanError[] = [];
  private readonly earlier: Resource[];
  private readonly predecessors: Predecessors;
  /** The current URN of each earlier resource that the program still has, by its earlier URN. */
  private readonly claimed = new Map<string, string>();
  private readonly renewed = new Map<string, Renewed>();
  private readonly replaced = new Set<string>();

  constructor(before: Graph) {
    this.earlier = before.resources.filter(({ external }) => !external);
    this.predecessors = new Predecessors(this.earlier);
  }

  /** Plans one resource. Those that it depends on must have been planned before. */
  register(after: Resource): void {
    const { urn } = after;
    const before = this.predecessors.of(after);
    if (!before) {
      this.renewed.set(urn, renewal(after));
      this.changes.push({ kind: "create", urn, after, properties: [], replacing: [] });
      return;
    }
    this.claim(before, after);
    const paths = this.changedPaths(before, after);
    const reasons = this.reasons(before, after, paths);
    const kind = reasons.length > 0 ? "replace" : paths.length > 0 ? "update" : "same";
    if (kind === "replace") this.replace(before, after);
    const outputs = kind === "update" ? outputsOfUpdate(after, paths) : [];
    if (outputs.length > 0) this.renewed.set(urn, renewal(after, outputs));
    const properties = [...new Set(paths.map(([name]) => String(name)))];
    this.changes.push({ kind, urn, before, after, properties, replacing: reasons });
  }

  deleteTheRest(): void {
    const gone = this.earlier.filter(({ urn }) => !this.claimed.has(urn)).reverse();
    for (const before of gone) {
      const { urn, protect } = before;
      this.changes.push({ kind: "delete", urn, before, properties: [], replacing: [] });
      if (protect)
        this.errors.push({ urn, message: `It is protected, and the program no longer declares it: ${unprotect(urn)}` });
    }
  }

  private claim(before: Resource, { urn }: Resource): void {
    const other = this.claimed.get(before.urn);
    if (other)
      this.errors.push({
        urn,
        message: `It has the same alias as ${other}: ${before.urn} can become only one of them.`,
      });
    this.claimed.set(before.urn, urn);
  }

  private changedPaths(before: Resource, { inputs, propertyDependencies, options }: Resource): Path[] {
    const made = Object.entries(propertyDependencies).flatMap(([property, urns]) =>
      urns.flatMap((urn) => {
        const renewed = this.renewed.get(urn);
        return renewed ? renewedPaths(property, inputs[property], renewed) : [];
      }),
    );
    const { ignoreChanges = [] } = options;
    const paths = [...differences(before.inputs, inputs), ...made];
    return paths.filter((path) => !ignoreChanges.some((pattern) => covers(pattern, path)));
  }

  private reasons(before: Resource, after: Resource, paths: Path[]): Replacing[] {
    if (!after.custom) return [];
    const { deletedWith = "" } = after.options;
    const withIt = { property: "deletedWith", reason: `it is deleted with ${deletedWith}, which is replaced` };
    return [...replacing(before, after, paths), ...(this.replaced.has(deletedWith) ? [withIt] : [])];
  }

  private replace(before: Resource, after: Resource): void {
    const { urn } = after;
    this.replaced.add(urn);
    this.renewed.set(urn, renewal(after));
    if (before.protect && after.protect) {
      this.errors.push({ urn, message: `It is protected and would be replaced: ${unprotect(urn)}` });
    }
  }
}

function unprotect(urn: string): string {
  return `if it may go, run pulumi state unprotect '${urn}'.`;
}
