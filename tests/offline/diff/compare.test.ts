import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { asRecorded, readRecorded } from "../../../offline/base/recorded";
import { compare } from "../../../offline/diff/compare";
import type { Comparison } from "../../../offline/diff/model";
import type { Graph, Resource } from "../../../offline/engine/graph";
import { KnownSecrets } from "../../../offline/engine/secrets";
import { Archive, type Properties, Secret } from "../../../offline/engine/values";
import { renderJson } from "../../../offline/report/json";
import { graphOf, resource, table } from "../../helpers/offline/graph";
import { temporaryFolder } from "../../helpers/temporaryFolder";

const bucket = (name: string, rest: Partial<Resource> = {}) => ({
  ...resource("aws:s3/bucket:Bucket", name, {}),
  ...rest,
});

function compared(before: Resource[], after: Resource[], allow: string[] = []): Comparison {
  return compare(graphOf("/project", ...before), graphOf("/project", ...after), { base: "main", allow });
}

const breaks = ({ breaks: all }: Comparison) => all.map(({ kind, target }) => `${kind}:${target}`);
const propertiesOf = (before: Properties, after: Properties) =>
  compared([resource("tests:index:Thing", "a", before)], [resource("tests:index:Thing", "a", after)]).resources[0]
    ?.properties;

describe("compare", () => {
  describe("resources", () => {
    it("reports what is added, removed, changed, replaced and renamed, what may lose something first", () => {
      const before = [
        table("kept"),
        table("keyed"),
        bucket("gone"),
        bucket("former"),
        resource("a:b:C", "changed", { size: 1 }),
      ];
      const now = bucket("now", { options: { aliases: [bucket("former").urn] } });
      const changed = [
        table("kept"),
        table("keyed", { hashKey: "sku" }),
        now,
        resource("a:b:C", "changed", { size: 2 }),
      ];
      const { resources } = compared(before, [...changed, table("fresh")]);
      const shown = resources.map(({ kind, name, formerName }) => [kind, name, formerName].filter(Boolean).join(" "));
      expect(shown).to.deep.equal([
        "replace keyed",
        "delete gone",
        "create fresh",
        "update changed",
        "rename now former",
      ]);
    });

    it("leaves out components with children, and default providers", () => {
      const component = { ...resource("a:index:Group", "group", {}), custom: false };
      const provider = resource("pulumi:providers:aws", "default_7_1_0", {});
      const { resources } = compared([], [component, provider, bucket("inner", { parent: component.urn })]);
      expect(resources.map(({ name }) => name)).to.deep.equal(["inner"]);
    });

    it("shows an added or removed part as one difference, and looks into JSON texts", () => {
      const policy = (...actions: string[]) => JSON.stringify({ Statement: actions.map((Action) => ({ Action })) });
      const changes = propertiesOf(
        { policy: policy("a"), tags: { a: "1" } },
        { policy: policy("a", "b"), list: [{ c: 1, d: 2 }] },
      );
      expect(changes).to.deep.equal([
        { path: "policy.Statement[1]", after: { Action: "b" } },
        { path: "tags", before: { a: "1" } },
        { path: "list", after: [{ c: 1, d: 2 }] },
      ]);
    });

    it("shows neither secrets nor what contains one, but that they differ", () => {
      const [one, other] = ["hunter2", "hunter3"].map((text) => new Secret({ inner: text }));
      expect(propertiesOf({ one: one ?? null }, { one: other ?? null })).to.deep.equal([
        { path: "one", before: "[secret]", after: "[secret]" },
      ]);
      const graphs = ["hunter2", "hunter3"].map((text) => ({
        ...graphOf("/project", resource("a:b:C", "a", { url: `https://${text}@example.com` })),
        secrets: new KnownSecrets([text]),
      }));
      const [before = graphOf(""), after = graphOf("")] = graphs;
      expect(JSON.stringify(compare(before, after, { base: "main" }))).to.not.contain("hunter");
    });

    it("compares archives by their contents", () => {
      const archive = (path: string, digest: string) =>
        Object.assign(new Archive({ path }), { digest: digest.repeat(64) });
      expect(propertiesOf({ code: archive("/a", "1") }, { code: archive("/b", "1") })).to.equal(undefined);
      expect(propertiesOf({ code: archive("/a", "1") }, { code: archive("/a", "2") })).to.deep.equal([
        { path: "code", before: "contents 11111111", after: "contents 22222222" },
      ]);
    });

    it("compares the contents of archives that a file has recorded", () => {
      const graph = (path: string, digest: string) => {
        const code = Object.assign(new Archive({ path }), { digest: digest.repeat(64) });
        return graphOf("/project", resource("tests:index:Thing", "a", { code }));
      };
      const file = path.join(temporaryFolder(), "base.json");
      fs.writeFileSync(file, renderJson(graph("/a", "1")));
      const changes = (after: Graph) => compare(readRecorded(file), asRecorded(after), { base: file }).resources;
      expect(changes(graph("/b", "1"))).to.deep.equal([]);
      expect(changes(graph("/a", "2"))[0]?.properties).to.deep.equal([
        { path: "code", before: "contents 11111111", after: "contents 22222222" },
      ]);
    });
  });

  describe("breaks", () => {
    it("are stateful resources that are deleted or replaced, and protected ones", () => {
      const role = resource("aws:iam/role:Role", "role", {});
      const guarded = { ...resource("aws:iam/role:Role", "guarded", {}), protect: true };
      const comparison = compared([table("t"), bucket("b"), role, guarded], [table("t", { hashKey: "sku" })]);
      expect(breaks(comparison)).to.deep.equal([
        "resource-replaced:aws:dynamodb/table:Table::t",
        "resource-deleted:aws:iam/role:Role::guarded",
        "resource-deleted:aws:s3/bucket:Bucket::b",
      ]);
      expect(comparison.breaks[1]?.message).to.contain(
        "is deleted. It is protected, and the program no longer declares it",
      );
      expect(comparison.errors).to.deep.equal([]);
    });

    it("are not those that stay in the account when they leave the program", () => {
      expect(breaks(compared([bucket("b", { options: { retainOnDelete: true } })], []))).to.deep.equal([]);
    });

    it("come with the alias that a new name needs", () => {
      const [lost] = compared([bucket("former")], [bucket("now")]).breaks;
      expect(lost?.message).to.contain(
        `If now is its new name, give that the option aliases: ["${bucket("former").urn}"]`,
      );
    });

    it("are told apart by their URNs where type and name do not", () => {
      const inner = { ...bucket("b"), urn: "urn:pulumi:dev::project::a:index:Group$aws:s3/bucket:Bucket::b" };
      expect(breaks(compared([bucket("b"), inner], []))).to.have.members([
        `resource-deleted:${bucket("b").urn}`,
        `resource-deleted:${inner.urn}`,
      ]);
    });

    it("are allowed with a reason, one by one or by a pattern; an option that fits none is named", () => {
      const options = [
        "resource-deleted:aws:s3/bucket:Bucket::one=a=b",
        "resource-deleted:*::t*=they are empty",
        "resource-replaced:aws:s3/bucket:Bucket::three=nothing",
      ];
      const comparison = compared(
        ["one", "two", "three", "four"].map((name) => bucket(name)),
        [],
        options,
      );
      expect(
        Object.fromEntries(comparison.breaks.map(({ target, allowed }) => [target.split("::")[1], allowed])),
      ).to.deep.equal({
        one: "a=b",
        two: "they are empty",
        three: "they are empty",
        four: undefined,
      });
      expect(comparison.unusedAllowances).to.deep.equal(options.slice(2));
    });
  });

  it("reports what would stop the deployment otherwise", () => {
    const next = (name: string) => bucket(name, { options: { aliases: [bucket("a").urn] } });
    expect(compared([bucket("a")], [next("b"), next("c")]).errors[0]?.message).to.contain(
      "rename one, or leave its alias out",
    );
  });
});
