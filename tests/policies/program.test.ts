import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type Graph, type Resource, reveal, runProgram } from "../../offline";
import { architectureProperties } from "../../policies/architecture/rules";
import { readme, withPolicies } from "../../policies/documentation";
import { read } from "../../policies/lib/values";
import { rules } from "../../policies/policies";
import { violations } from "../helpers/policies/policies";
import { sampleOf } from "./architecture/cases";

const root = path.join(__dirname, "..", "..");

for (const stack of ["dev", "prod"]) {
  describe(`the policies on this program's stack ${stack}`, () => {
    let graph: Graph;
    before(async () => {
      const config = path.join(root, "policies", `policy-config.${stack}.json`);
      graph = await runProgram({
        directory: root,
        stack,
        policyPacks: [{ directory: path.join(root, "policies"), config }],
      });
    });

    it("report nothing", () => {
      const [pack] = graph.policyPacks;
      expect(pack).to.deep.include({ name: "pulumi-graviton", violations: [], remediations: [], failures: [] });
      expect(pack?.policies).to.equal(rules.length + 1);
    });

    it("report each changed architecture, with its own policy only", async () => {
      const mutants = graph.resources.flatMap(mutantsOf);
      expect(mutants.map(({ name }) => name)).to.include("items architectures[0]");
      for (const { name, policy, resource, props } of mutants) {
        const found = await violations(rules, { type: resource.type, name: resource.name, props });
        expect([...new Set(found.map((violation) => violation.policy))]).to.deep.equal([policy], name);
      }
    });
  });
}

interface Mutant {
  name: string;
  policy: string;
  resource: Resource;
  props: object;
}

/** The resource with each value that selects its processor changed, one at a time, and with each left out. */
function mutantsOf(resource: Resource): Mutant[] {
  return architectureProperties
    .filter(({ type }) => type === resource.type)
    .flatMap(({ policy, path: property, kind, missing }) => {
      const props = () => structuredClone(reveal(withoutCode(resource))) as object;
      const given = read(props(), property).filter(({ state }) => state === "known");
      const changed = given.map((reading) => ({
        at: reading.path,
        props: replaced(props(), reading.path, sampleOf({ policy, kind }).bad),
      }));
      const [top = ""] = property.split(/[.[{]/);
      const left =
        missing && given.length > 0 ? [{ at: `without ${top}`, props: replaced(props(), top, undefined) }] : [];
      return [...changed, ...left].map((mutant) => ({
        name: `${resource.name} ${mutant.at}`,
        policy,
        resource,
        props: mutant.props,
      }));
    });
}

/** Archives cannot be cloned, and no rule inspects them. */
function withoutCode({ inputs }: Resource) {
  const { code: _, ...others } = inputs;
  return others;
}

function replaced(props: object, at: string, value: string | undefined): object {
  const steps = at.match(/[^.[\]]+/g) ?? [];
  const [top = "", ...inner] = steps;
  const document = (props as Record<string, unknown>)[top];
  if (typeof document === "string" && inner.length > 0) {
    return { ...props, [top]: JSON.stringify(replaced(JSON.parse(document), inner.join("."), value)) };
  }
  const last = steps.pop() ?? "";
  const holder = steps.reduce((inner, step) => (inner as Record<string, object>)[step] ?? {}, props);
  if (value === undefined) delete (holder as Record<string, unknown>)[last];
  else (holder as Record<string, unknown>)[last] = value;
  return props;
}

describe("the policies on a first preview of this program", () => {
  it("report only what they cannot check yet, which matters at the levels of the configuration", async () => {
    const directory = path.join(root, "policies");
    const config = path.join(directory, "policy-config.prod.json");
    const { policyPacks } = await runProgram({
      directory: root,
      stack: "prod",
      unknowns: true,
      policyPacks: [{ directory, config }],
    });
    const found = policyPacks.flatMap(({ violations }) => violations);
    for (const { level, message } of found) {
      expect(level).to.equal("advisory");
      expect(message).to.match(/is known only after deployment, so it cannot be checked yet\.$/);
    }
    const lines = found.map(({ policy, message }) => `${policy} ${/\S+(?= is known only)/.exec(message)?.[0]}`);
    // The pull of an image, the trust in EMR Serverless, the routes, the topics, and documents that name ARNs of resources of this stack.
    expect([...new Set(lines)].sort()).to.deep.equal([
      "api-authorization body",
      "batch-arm64 containerProperties",
      "batch-container-isolation containerProperties",
      "batch-public-ip containerProperties",
      "eventbridge-dead-letter-queue arn",
      "iam-least-privilege policy",
      "iam-trust assumeRolePolicy",
      "lambda-permission-source sourceArn",
      "resource-policy-source body",
      "resource-policy-source policy",
    ]);
  });
});

describe("the documentation of the policies", () => {
  it("is up to date (npm run docs)", () => {
    const text = fs.readFileSync(readme, "utf8");
    expect(withPolicies(text)).to.equal(text);
  });
});
