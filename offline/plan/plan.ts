import type { Graph, Resource } from "../engine/graph";
import { Predecessors } from "../engine/predecessors";
import { covers, differences, type Path } from "./paths";
import { type Renewed, renewal, renewedPaths } from "./renewed";
import { type Replacing, replacing } from "./replacing";
import { outputsOfUpdate } from "./rules/updates";
import { type Step, stepsOf } from "./steps";

/** What a deployment would do to one resource. */
export interface ResourceChange {
  kind: "create" | "update" | "replace" | "delete" | "same";
  urn: string;
  /** What it was before; absent when it is new. */
  before?: Resource;
  /** What the program says now; absent when it no longer has it. */
  after?: Resource;
  /** The inputs that differ, or may: those made from outputs that are known only after the deployment. */
  properties: string[];
  /** Of a replaced resource: why it cannot be updated. */
  replacing: Replacing[];
}

/** What keeps a deployment from being done. */
export interface PlanError {
  urn: string;
  message: string;
}

/** What deploying the second of two graphs would do to a stack that was deployed from the first. */
export interface Plan {
  /** One a resource: those of the program in the order of registration, then those that it no longer has, last ones first. */
  changes: ResourceChange[];
  /** What is done, in an order that is possible: steps that do not depend on each other may go together. */
  steps: Step[];
  errors: PlanError[];
}

/**
 * Plans a deployment by comparing what two runs of a program registered, as `pulumi preview` does with a stack's state. Run
 * both with `contents`, and the second with the first as its `previous`.
 *
 * Which inputs make the AWS provider replace a resource is known for the types in rules/aws.ts; others are only ever updated.
 * @see https://www.pulumi.com/docs/iac/concepts/how-pulumi-works/
 */
export function plan(before: Graph, after: Graph): Plan {
  const planner = new Planner(before, after.region);
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
  /** The URNs now, by the URN before. */
  private readonly claimed = new Map<string, string>();
  private readonly renewed = new Map<string, Renewed>();
  private readonly replaced = new Set<string>();

  constructor(
    before: Graph,
    private readonly region: string,
  ) {
    this.earlier = before.resources.filter(({ external }) => !external);
    this.predecessors = new Predecessors(this.earlier);
  }

  /** Plans what is done to a resource. What it depends on must have been planned. */
  register(after: Resource): void {
    const { urn } = after;
    const before = this.predecessors.of(after);
    if (!before) {
      this.renewed.set(urn, renewal("created", after, this.region));
      this.changes.push({ kind: "create", urn, after, properties: [], replacing: [] });
      return;
    }
    this.claim(before, after);
    const paths = this.changedPaths(before, after);
    const reasons = this.reasons(before, after, paths);
    const kind = reasons.length > 0 ? "replace" : paths.length > 0 ? "update" : "same";
    if (kind === "replace") this.replace(before, after);
    const outputs = kind === "update" ? outputsOfUpdate(after, paths) : [];
    if (outputs.length > 0) this.renewed.set(urn, renewal("updated", after, this.region, outputs));
    const properties = [...new Set(paths.map(([name]) => String(name)))];
    this.changes.push({ kind, urn, before, after, properties, replacing: reasons });
  }

  deleteTheRest(): void {
    const gone = this.earlier.filter(({ urn }) => !this.claimed.has(urn)).reverse();
    for (const before of gone) {
      const { urn, protect } = before;
      this.changes.push({ kind: "delete", urn, before, properties: [], replacing: [] });
      if (protect)
        this.errors.push({ urn, message: `the program no longer has it, and it is protected: ${unprotect(urn)}` });
    }
  }

  private claim(before: Resource, { urn }: Resource): void {
    const other = this.claimed.get(before.urn);
    if (other)
      this.errors.push({ urn, message: `${before.urn} cannot become both this and ${other}: take an alias back` });
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
    const withIt = { property: "deletedWith", reason: `${deletedWith}, with which it is deleted, is replaced` };
    return [...replacing(before, after, paths), ...(this.replaced.has(deletedWith) ? [withIt] : [])];
  }

  private replace(before: Resource, after: Resource): void {
    const { urn } = after;
    this.replaced.add(urn);
    this.renewed.set(urn, renewal("replaced", after, this.region));
    if (before.protect && after.protect) {
      this.errors.push({ urn, message: `it would be replaced, and it is protected: ${unprotect(urn)}` });
    }
  }
}

function unprotect(urn: string): string {
  return `let it go with \`pulumi state unprotect '${urn}'\``;
}
