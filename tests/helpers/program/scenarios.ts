import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type Graph, type Plan, plan, type ResourceChange, runProgram } from "pulumi-offline";

/** All that a deployment does after an edit. */
export interface Expected {
  /** Names such as `Table::items`; `*` matches any text, and `@` is the scenario's own name. */
  create?: string[];
  update?: string[];
  replace?: string[];
  delete?: string[];
  /** Anything may be updated. */
  mayUpdate?: boolean;
  /** Pairs in which the second depends on the first, and so comes later. */
  order?: [first: string, then: string][];
  /** Protected resources that stop the deployment. */
  errors?: string[];
}

/** An edit of one part of a program. */
export interface Scenario {
  edit: string;
  /** The part's source before and after. The names of its resources start with `name`. */
  before: string;
  after: string;
  /** The source before that, of which the state still has what the options of resources ignore the changes of. */
  first?: string;
  /** The files of the part before and after, in the folder `name`. */
  files?: [before: Record<string, string>, after: Record<string, string>];
  expected: Expected;
}

const kinds = ["create", "update", "replace", "delete"] as const;

/** Runs all scenarios as parts of one program, because a run for each would take minutes. */
export class Scenarios {
  private plan: Plan | undefined;
  private graph: Graph | undefined;

  /**
   * @param directory Where to write the program: inside the repository, so that it finds the packages
   * @param deployed What was deployed before the edit, if it is not the same as what the program now makes of it
   */
  constructor(
    private readonly directory: string,
    private readonly scenarios: Scenario[],
    private readonly deployed = (before: Graph): Graph => before,
  ) {}

  async run(): Promise<void> {
    const hasState = this.scenarios.some(({ first }) => first !== undefined);
    const first = hasState ? await this.runProgram("first") : undefined;
    const before = this.deployed(keepIgnored(first, await this.runProgram("before")));
    this.graph = await this.runProgram("after", before);
    this.plan = plan(before, this.graph);
  }

  close(): void {
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  expectPlan(scenario: Scenario): void {
    if (!this.plan || !this.graph) throw new Error("the scenarios have not been run");
    const name = this.nameOf(scenario);
    const concerns = (urn: string) => new RegExp(`::${name}(?![0-9A-Za-z])[^:]*$`).test(urn);
    const part: Plan = {
      changes: this.plan.changes.filter(({ urn }) => concerns(urn)),
      steps: this.plan.steps.filter(({ urn }) => concerns(urn)),
      errors: this.plan.errors.filter(({ urn }) => concerns(urn)),
    };
    expect(part.changes, "the scenario has resources").to.not.be.empty;
    expectPlan(part, this.graph, scenario.expected, name);
  }

  private runProgram(when: "first" | "before" | "after", previous?: Graph): Promise<Graph> {
    fs.rmSync(this.directory, { recursive: true, force: true });
    const write = (file: string, text: string) => {
      fs.mkdirSync(path.dirname(path.join(this.directory, file)), { recursive: true });
      fs.writeFileSync(path.join(this.directory, file), text);
    };
    const parts = this.scenarios.map((scenario) => {
      const source = scenario[when];
      if (source === undefined) return "";
      const name = this.nameOf(scenario);
      const files = scenario.files?.[when === "after" ? 1 : 0] ?? {};
      for (const [file, text] of Object.entries(files)) write(path.join(name, file), text);
      return `{ const name = ${JSON.stringify(name)};\n${source}\n}`;
    });
    write("Pulumi.yaml", "name: scenarios\nruntime: nodejs\nmain: index.ts\n");
    // Without it, all of the repository outside of its packages would be taken for the program's own, and compiled with it.
    write("package.json", "{}");
    write("index.ts", `${prelude}\n${parts.join("\n")}\n`);
    return runProgram({ directory: this.directory, contents: true, ...(previous && { previous }) });
  }

  private nameOf(scenario: Scenario): string {
    return `s${this.scenarios.indexOf(scenario)}`;
  }
}

/** What a deployment of a later graph leaves in the state: inputs whose changes are ignored stay as they were. */
function keepIgnored(earlier: Graph | undefined, later: Graph): Graph {
  const inputsOf = new Map(earlier?.resources.map(({ urn, inputs }) => [urn, inputs]));
  const resources = later.resources.map((resource) => {
    const { urn, inputs, options } = resource;
    const old = inputsOf.get(urn);
    if (!old) return resource;
    const kept = (options.ignoreChanges ?? []).flatMap((name) => (name in old ? [[name, old[name]]] : []));
    return { ...resource, inputs: { ...inputs, ...Object.fromEntries(kept) } };
  });
  return { ...later, resources };
}

const prelude = `
import * as pulumi from "@pulumi/pulumi";
import * as g from "pulumi-graviton";
const ran = (text: string) => ({ code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(text) }) });
const network = { vpcId: "vpc-1", subnetIds: ["subnet-1"] };
const topic = "arn:aws:sns:us-east-1:123456789012:alarms";
`;

/** @param graph The graph after the edit, whose dependencies say what waits for what */
export function expectPlan({ changes, errors }: Plan, graph: Graph, expected: Expected, name = ""): void {
  const withName = (pattern: string) => pattern.replaceAll("@", name);
  for (const kind of kinds) {
    if (kind === "update" && expected.mayUpdate) continue;
    const found = changes
      .filter((change) => change.kind === kind && isResource(change))
      .map(({ urn }) => shortName(urn));
    expectNames(found, (expected[kind] ?? []).map(withName), kind);
  }
  expectNames(
    errors.map(({ urn }) => shortName(urn)),
    (expected.errors ?? []).map(withName),
    "errors",
  );
  for (const [first, then] of expected.order ?? []) {
    const [one, other] = [first, then].map((pattern) => changeOf(changes, withName(pattern)));
    const waits = other !== undefined && one !== undefined && dependsOn(graph, other.urn, one.urn);
    expect(waits, `${then} waits for ${first}`).to.equal(true);
  }
}

/** Components are only groups, except for those of awsx, which stand for what they contain. */
function isResource({ before, after }: ResourceChange): boolean {
  return (after ?? before)?.custom === true || /^aws/.test((after ?? before)?.type ?? "");
}

function expectNames(found: string[], patterns: string[], what: string): void {
  const isMeant = (name: string, pattern: string) => matcher(pattern).test(name);
  const surplus = found.filter((name) => !patterns.some((pattern) => isMeant(name, pattern)));
  const missing = patterns.filter((pattern) => !found.some((name) => isMeant(name, pattern)));
  expect({ surplus, missing }, what).to.deep.equal({ surplus: [], missing: [] });
}

function changeOf(changes: ResourceChange[], pattern: string): ResourceChange | undefined {
  return changes.find(({ urn, kind }) => kind !== "same" && matcher(pattern).test(shortName(urn)));
}

function matcher(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
}

/** `Table::items` for the URN of an `aws:dynamodb/table:Table`. */
function shortName(urn: string): string {
  const [, , type = "", name = ""] = urn.split("::");
  return `${type.slice(type.lastIndexOf(":") + 1)}::${name}`;
}

function dependsOn(graph: Graph, urn: string, other: string, seen = new Set<string>()): boolean {
  seen.add(urn);
  const dependencies = graph.resources.find((resource) => resource.urn === urn)?.dependencies ?? [];
  return dependencies.some((next) => next === other || (!seen.has(next) && dependsOn(graph, next, other, seen)));
}
