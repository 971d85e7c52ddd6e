import { expect } from "chai";
import { architectureProperties } from "../../policies/architecture/rules";
import { ExemptionLedger } from "../../policies/lib/exemptions";
import { toPolicies } from "../../policies/lib/policy";
import { rules } from "../../policies/policies";
import { type Checked, stackViolations, unknown } from "../helpers/policies/policies";
import { type Props, propsWith, put, sampleOf } from "./architecture/cases";
import type { Example } from "./quality/example";
import { examples } from "./quality/examples";

const ofArchitecture = architectureProperties.flatMap((row): Example[] => {
  const { policy: rule, type } = row;
  const { good, bad } = sampleOf(row);
  const of = (props: Props) => [{ type, props }];
  const excepted = (props: Props) => (row.except ? put(props, row.except.path, ["other"]) : props);
  const path = row.missing?.when?.path;
  const omitted = path
    ? [{ rule, bad: of(put({}, path, row.missing?.when?.isOneOf.slice(0, 1) ?? [])), good: [] }]
    : [];
  return [{ rule, bad: of(excepted(propsWith(row, [bad]))), good: of(excepted(propsWith(row, [good]))) }, ...omitted];
});

const machine = (ami: string): Checked[] => [
  { type: "aws:ec2/instance:Instance", props: { instanceType: "m7g.large", ami: `al2023-${ami}` } },
];

const layer = (name: string): Checked[] => [
  {
    type: "aws:lambda/function:Function",
    props: { architectures: ["arm64"], layers: [`arn:aws:lambda:eu-west-1:580247275435:layer:${name}:53`] },
  },
];

const all: Example[] = [
  ...ofArchitecture,
  { rule: "image-architecture", bad: machine("x86_64"), good: machine("arm64") },
  { rule: "lambda-arm64", bad: layer("LambdaInsightsExtension"), good: layer("LambdaInsightsExtension-Arm64") },
  ...examples,
];

/** A place in a stack: the resource's index, and the keys that lead there. */
type Place = [resource: number, ...keys: string[]];

/** Every value in the resources' properties, and everything that contains it. JSON documents count as one value. */
function placesIn(resources: Checked[]): Place[] {
  return resources.flatMap(({ props }, index) => inside(props).map((keys): Place => [index, ...keys]));
}

function inside(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...inside(inner).map((keys) => [key, ...keys])]);
}

/** The resources with the values at these places unknown. */
function without(resources: Checked[], places: Place[]): Checked[] {
  return resources.map((resource, index) => ({
    ...resource,
    props: places
      .filter(([at]) => at === index)
      .reduce<unknown>((props, [, ...keys]) => hide(props, keys), resource.props) as object,
  }));
}

function hide(value: unknown, [key, ...rest]: string[]): unknown {
  if (key === undefined) return unknown;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner, index) => (String(index) === key ? hide(inner, rest) : inner));
  return { ...value, [key]: hide((value as Props)[key], rest) };
}

/** The documents in strings as objects, which may have unknown parts. */
function parsed(resources: Checked[]): Checked[] {
  const parse = (value: unknown): unknown =>
    typeof value === "string" && value.startsWith("{") ? JSON.parse(value) : value;
  return resources.map((resource) => ({
    ...resource,
    props: Object.fromEntries(Object.entries(resource.props).map(([key, value]) => [key, parse(value)])),
  }));
}

/** Every place alone, and every two. */
function combinations(places: Place[]): Place[][] {
  return places.flatMap((one, index) => [[one], ...places.slice(index + 1).map((other) => [one, other])]);
}

/** What the example's rule reports about resources: violations, and the paths that it cannot check yet. */
async function verdict({ rule: name, settings = {} }: Example, resources: Checked[]) {
  const policies = toPolicies(
    rules.filter((rule) => rule.name === name).map((rule) => ({ ...rule, enforcementLevel: "mandatory" as const })),
    new ExemptionLedger(),
  );
  const found = await stackViolations(policies, resources, { [name]: settings });
  return {
    violations: found.filter(({ level }) => level === "mandatory").map(({ message }) => message),
    undecided: found.flatMap(({ level, message }) =>
      level === "advisory"
        ? [/^(.*) is known only after deployment, so it cannot be checked yet\.$/.exec(message)?.[1]]
        : [],
    ),
  };
}

function pathOf([, ...keys]: Place): string {
  return keys
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`))
    .join("")
    .slice(1);
}

/** Rules that ask only whether something is given, or read no properties at all. */
const neverUncertain = ["ignored-architecture", "sns-encryption", "emr-security-configuration"];

describe("what a rule says about unknown values", () => {
  const uncertain = new Set<string>();

  for (const name of new Set(all.map(({ rule }) => rule))) {
    it(`${name} never keeps silent about what it will refuse, and never refuses what may be right`, async () => {
      for (const example of all.filter(({ rule }) => rule === name)) {
        for (const form of [(stack: Checked[]) => stack, parsed]) {
          await neverSilent(example, form(example.bad));
          await neverWrong(example, form(example.good));
        }
      }
    });
  }

  async function neverSilent(example: Example, bad: Checked[]): Promise<void> {
    const { violations } = await verdict(example, bad);
    expect(violations, `${example.rule} ${JSON.stringify(bad)}`).not.to.deep.equal([]);
    for (const places of combinations(placesIn(bad))) {
      const stack = without(bad, places);
      const found = await verdict(example, stack);
      const about = `${example.rule} ${JSON.stringify(stack)}`;
      if (found.undecided.length > 0) uncertain.add(example.rule);
      expect(found.undecided.length + found.violations.length, about).to.be.greaterThan(0);
      expect(places.map(pathOf), about).to.include.members(found.undecided);
    }
  }

  async function neverWrong(example: Example, good: Checked[]): Promise<void> {
    for (const places of combinations(placesIn(good))) {
      const stack = without(good, places);
      const found = await verdict(example, stack);
      expect(found.violations, `${example.rule} ${JSON.stringify(stack)}`).to.deep.equal([]);
      expect(places.map(pathOf), `${example.rule} ${JSON.stringify(stack)}`).to.include.members(found.undecided);
    }
  }

  it("has been asked of every rule", () => {
    const others = rules.map(({ name }) => name).filter((name) => !neverUncertain.includes(name));
    expect([...uncertain]).to.have.members(others);
  });
});
