import type { Graph, Resource } from "../engine/graph";
import { Predecessors } from "../engine/predecessors";
import type { ResourceChange } from "./change";
import { covers, differences, format } from "./paths";
import { type Renewed, renewal, renewedPaths } from "./renewed";
import { type ChangedInput, type Replacing, replacing } from "./replacing";
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
      this.changes.push({ kind: "create", urn, after, properties: [], changed: [], replacing: [] });
      return;
    }
    this.claim(before, after);
    const changed = this.changedInputs(before, after);
    const properties = [...new Set(changed.map(({ path: [name] }) => String(name)))];
    const reasons = this.reasons(before, after, changed);
    const kind = reasons.length > 0 ? "replace" : changed.length > 0 ? "update" : "same";
    if (kind === "replace") this.replace(before, after);
    const outputs = kind === "update" ? outputsOfUpdate(after, properties) : [];
    if (outputs.length > 0) this.renewed.set(urn, renewal(after, outputs));
    this.changes.push({ kind, urn, before, after, properties, changed, replacing: reasons });
  }

  deleteTheRest(): void {
    const gone = this.earlier.filter(({ urn }) => !this.claimed.has(urn)).reverse();
    for (const before of gone) {
      const { urn, protect } = before;
      this.changes.push({ kind: "delete", urn, before, properties: [], changed: [], replacing: [] });
      const message = `It is protected, and the program no longer declares it: ${unprotect(urn)}`;
      if (protect) this.errors.push({ urn, message });
    }
  }

  private claim(before: Resource, { urn }: Resource): void {
    const other = this.claimed.get(before.urn);
    const message = `${other} continues ${before.urn} too, by its URN or an alias: rename one, or leave its alias out.`;
    if (other) this.errors.push({ urn, message });
    this.claimed.set(before.urn, urn);
  }

  private changedInputs(before: Resource, { inputs, propertyDependencies, options }: Resource): ChangedInput[] {
    const differing = differences(before.inputs, inputs).map((path): ChangedInput => ({ path }));
    const made = Object.entries(propertyDependencies).flatMap(([property, urns]) =>
      urns.flatMap((madeFrom) => {
        const renewed = this.renewed.get(madeFrom);
        return renewed ? renewedPaths(property, inputs[property], renewed).map((path) => ({ path, madeFrom })) : [];
      }),
    );
    const byPath = new Map<string, ChangedInput>();
    for (const input of [...differing, ...made]) {
      const key = format(input.path);
      if (!byPath.has(key)) byPath.set(key, input);
    }
    const { ignoreChanges = [] } = options;
    return [...byPath.values()].filter(({ path }) => !ignoreChanges.some((pattern) => covers(pattern, path)));
  }

  private reasons(before: Resource, after: Resource, changed: ChangedInput[]): Replacing[] {
    if (!after.custom) return [];
    const { deletedWith = "" } = after.options;
    const withIt = { property: "deletedWith", reason: `it is deleted with ${deletedWith}, which is replaced` };
    return [...replacing(before, after, changed), ...(this.replaced.has(deletedWith) ? [withIt] : [])];
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
