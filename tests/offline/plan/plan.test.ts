import { expect } from "chai";
import {
  Asset,
  type Plan,
  type Properties,
  plan,
  type Resource,
  type ResourceOptions,
  Secret,
  Unknown,
} from "../../../offline";
import { graphOf, resource } from "../../helpers/offline/graph";

const tableType = "aws:dynamodb/table:Table";
const urnOf = (type: string, name: string) => resource(type, name, {}).urn;
const table = (name: string, inputs: Properties = {}, rest: Partial<Resource> = {}): Resource => ({
  ...resource(tableType, name, { hashKey: "id", ...inputs }, { id: `${name}-1`, arn: `arn:of:${name}-1` }),
  ...rest,
});

/** A function that a table's output is an input of. */
function reader(name: string, value: string, of: Resource, rest: Partial<Resource> = {}): Resource {
  const environment = { variables: { TABLE: value } };
  const dependencies = [of.urn];
  const propertyDependencies = { environment: dependencies };
  return {
    ...resource("aws:lambda/function:Function", name, { environment }),
    dependencies,
    propertyDependencies,
    ...rest,
  };
}

function permission(name: string, value: string, of: Resource, rest: Partial<Resource> = {}): Resource {
  const dependencies = [of.urn];
  const inputs = { sourceArn: value };
  const type = "aws:lambda/permission:Permission";
  return { ...resource(type, name, inputs), dependencies, propertyDependencies: { sourceArn: dependencies }, ...rest };
}

const options = (given: ResourceOptions) => ({ options: given });

function planOf(before: Resource[], after: Resource[]): Plan {
  return plan(graphOf("/project", ...before), graphOf("/project", ...after));
}

const kinds = ({ changes }: Plan) => changes.map(({ kind, urn }) => `${kind} ${urn.split("::").pop()}`);
const steps = ({ steps: all }: Plan) => all.map(({ operation, urn }) => `${operation} ${urn.split("::").pop()}`);

describe("plan", () => {
  it("does nothing for the same program", () => {
    const same = () => [
      table("a", { secret: new Secret("s"), asset: new Asset({ path: "x" }), unknown: new Unknown() }),
    ];
    const { changes, steps, errors } = planOf(same(), same());
    expect(changes.map(({ kind }) => kind)).to.deep.equal(["same"]);
    expect([steps, errors]).to.deep.equal([[], []]);
  });

  it("creates, updates and deletes, with the inputs that differ", () => {
    const before = [table("kept", { tags: { a: "1" }, dropped: 1, same: 1 }), table("old")];
    const planned = planOf(before, [table("new"), table("kept", { tags: { a: "2" }, same: 1, none: null })]);
    expect(kinds(planned)).to.deep.equal(["create new", "update kept", "delete old"]);
    expect(planned.changes[1]?.properties).to.deep.equal(["tags", "dropped"]);
    expect(steps(planned)).to.deep.equal(["create new", "update kept", "delete old"]);
  });

  it("opens secrets, and tells unknowns and assets apart", () => {
    const inputs = { secret: new Secret("a"), hidden: "a", known: "a", asset: new Asset({ path: "a" }) };
    const others = {
      secret: new Secret("b"),
      hidden: new Secret("a"),
      known: new Unknown(),
      asset: new Asset({ path: "b" }),
    };
    const [change] = planOf([table("x", inputs)], [table("x", others)]).changes;
    expect(change?.properties).to.deep.equal(["secret", "known", "asset"]);
  });

  it("compares assets by what they hold, where that was recorded", () => {
    const asset = (path: string, digest: string) => Object.assign(new Asset({ path }), { digest });
    const [change] = planOf(
      [table("x", { moved: asset("a", "1"), edited: asset("b", "1") })],
      [table("x", { moved: asset("c", "1"), edited: asset("b", "2") })],
    ).changes;
    expect(change?.properties).to.deep.equal(["edited"]);
  });

  describe("of a replacement", () => {
    it("creates first and deletes at the end, with the reason", () => {
      const planned = planOf([table("x"), table("y")], [table("x", { hashKey: "owner" }), table("y", { tags: {} })]);
      expect(planned.changes[0]).to.deep.include({
        kind: "replace",
        replacing: [{ property: "hashKey", reason: "the provider cannot change it in place" }],
      });
      expect(steps(planned)).to.deep.equal(["create x", "update y", "delete x"]);
    });

    it("deletes first where the program says so, or gives a name that stays", () => {
      for (const [inputs, given] of [
        [{}, { deleteBeforeReplace: true }],
        [{ name: "fixed" }, {}],
      ] as const) {
        const planned = planOf([table("x", inputs)], [table("x", { ...inputs, hashKey: "owner" }, options(given))]);
        expect(steps(planned)).to.deep.equal(["delete x", "create x"]);
      }
      const otherwise = table("x", { name: "fixed", hashKey: "owner" }, options({ deleteBeforeReplace: false }));
      expect(steps(planOf([table("x", { name: "fixed" })], [otherwise]))).to.deep.equal(["create x", "delete x"]);
      const unnamed = planOf([table("x", { name: null })], [table("x", { name: null, hashKey: "owner" })]);
      expect(steps(unnamed)).to.deep.equal(["create x", "delete x"]);
    });

    it("takes what depends on it and is replaced for it away before it", () => {
      const old = table("x", { name: "fixed" });
      const now = table("x", { name: "fixed", hashKey: "owner" });
      const planned = planOf([old, permission("p", "arn:of:x-1", old)], [now, permission("p", "arn:of:x-1", now)]);
      expect(steps(planned)).to.deep.equal(["delete p", "delete x", "create x", "create p"]);
    });

    it("changes the inputs that are made from its outputs, and replaces what these force", () => {
      const [old, now] = [table("x"), table("x", { hashKey: "owner" })];
      const dependents = (of: Resource) => [reader("f", "prefix/x-1", of), permission("p", "arn:of:x-1", of)];
      const planned = planOf([old, ...dependents(old)], [now, ...dependents(now)]);
      expect(kinds(planned)).to.deep.equal(["replace x", "update f", "replace p"]);
      expect(planned.changes[1]?.properties).to.deep.equal(["environment"]);
      const reason = `the provider cannot change it in place; it is made from new outputs of ${now.urn}`;
      expect(planned.changes[2]?.replacing).to.deep.equal([{ property: "sourceArn", reason }]);
      expect(steps(planned)).to.deep.equal(["create x", "update f", "create p", "delete p", "delete x"]);
    });

    it("leaves alone what is made from its inputs", () => {
      const [old, now] = [table("x", { name: "fixed" }), table("x", { name: "fixed", hashKey: "owner" })];
      expect(kinds(planOf([old, reader("f", "fixed", old)], [now, reader("f", "fixed", now)]))).to.include("same f");
    });

    it("changes an input that depends on it and does not show how", () => {
      const [old, now] = [table("x"), table("x", { hashKey: "owner" })];
      expect(kinds(planOf([old, reader("f", "0a1b", old)], [now, reader("f", "0a1b", now)]))).to.include("update f");
    });

    it("is an error where the resource is protected before and after", () => {
      const isProtected = { protect: true };
      const changed = (rest: Partial<Resource> = {}) => table("x", { hashKey: "owner" }, rest);
      const { errors } = planOf([table("x", {}, isProtected)], [changed(isProtected)]);
      expect(errors.map(({ message }) => message)).to.match(/is protected and would be replaced.*state unprotect/);
      expect(planOf([table("x", {}, isProtected)], [changed()]).errors).to.deep.equal([]);
    });
  });

  it("replaces for an element of a list that is added, and updates for what is in it", () => {
    const definition = (...exits: string[]) => {
      const evaluateOnExits = exits.map((action) => ({ action }));
      return resource("aws:batch/jobDefinition:JobDefinition", "x", { retryStrategy: { evaluateOnExits } });
    };
    expect(kinds(planOf([definition("EXIT")], [definition("RETRY")]))).to.deep.equal(["update x"]);
    expect(kinds(planOf([definition("EXIT")], [definition("EXIT", "RETRY")]))).to.deep.equal(["replace x"]);
  });

  it("replaces an index that is a resource of its own for another key, and updates it for another capacity", () => {
    const index = (attributeName: string, readCapacityUnits: number) =>
      resource("aws:dynamodb/globalSecondaryIndex:GlobalSecondaryIndex", "x", {
        keySchemas: [{ attributeName, attributeType: "S", keyType: "HASH" }],
        provisionedThroughput: { readCapacityUnits },
      });
    expect(kinds(planOf([index("a", 1)], [index("b", 1)]))).to.deep.equal(["replace x"]);
    expect(kinds(planOf([index("a", 1)], [index("a", 2)]))).to.deep.equal(["update x"]);
  });

  it("replaces a compute environment for what AWS cannot update with its strategy", () => {
    const environment = (allocationStrategy: string, instanceType: string) =>
      resource("aws:batch/computeEnvironment:ComputeEnvironment", "x", {
        computeResources: { type: "EC2", allocationStrategy, instanceTypes: [instanceType] },
      });
    const change = (strategy: string) => kinds(planOf([environment(strategy, "m7g")], [environment(strategy, "r7g")]));
    expect(change("BEST_FIT_PROGRESSIVE")).to.deep.equal(["update x"]);
    expect(change("BEST_FIT")).to.deep.equal(["replace x"]);
  });

  it("moves an alias to the version that an update publishes", () => {
    const code = (text: string, publish: boolean) => {
      const inputs = { code: new Asset({ text }), publish };
      return resource("aws:lambda/function:Function", "f", inputs, { version: "1", name: "f-1" });
    };
    const alias = (of: Resource) => {
      const dependencies = [of.urn];
      const inputs = { functionName: "f-1", functionVersion: "1" };
      const propertyDependencies = { functionName: dependencies, functionVersion: dependencies };
      return { ...resource("aws:lambda/alias:Alias", "live", inputs), dependencies, propertyDependencies };
    };
    const change = (publish: boolean) => {
      const [old, now] = [code("a", publish), code("b", publish)];
      return planOf([old, alias(old)], [now, alias(now)]);
    };
    expect(kinds(change(true))).to.deep.equal(["update f", "update live"]);
    expect(change(true).changes[1]?.properties).to.deep.equal(["functionVersion"]);
    expect(kinds(change(false))).to.deep.equal(["update f", "same live"]);
  });

  describe("honours", () => {
    it("ignoreChanges, with paths", () => {
      const ignoring = (inputs: Properties) =>
        table("x", inputs, options({ ignoreChanges: ["tags.a", 'list[0]["b c"]'] }));
      const before = table("x", { tags: { a: "1", b: "1" }, list: [{ "b c": 1 }] });
      expect(kinds(planOf([before], [ignoring({ tags: { a: "2", b: "1" }, list: [{ "b c": 2 }] })]))).to.deep.equal([
        "same x",
      ]);
      expect(kinds(planOf([before], [ignoring({ tags: { a: "2", b: "2" }, list: [{ "b c": 1 }] })]))).to.deep.equal([
        "update x",
      ]);
    });

    it("replaceOnChanges", () => {
      const replacing = (inputs: Properties) => table("x", inputs, options({ replaceOnChanges: ["tags.*"] }));
      const [change] = planOf([table("x", { tags: { a: "1" } })], [replacing({ tags: { a: "2" } })]).changes;
      expect(change?.replacing).to.deep.equal([
        { property: "tags.a", reason: "the program lists it in replaceOnChanges" },
      ]);
    });

    it("retainOnDelete and deletedWith", () => {
      const before = [
        table("kept", {}, options({ retainOnDelete: true })),
        table("owner"),
        table("owned", {}, options({ deletedWith: urnOf(tableType, "owner") })),
      ];
      expect(steps(planOf(before, []))).to.deep.equal(["forget owned", "delete owner", "forget kept"]);
      expect(steps(planOf(before, before.slice(0, 2)))).to.deep.equal(["delete owned"]);
    });

    it("deletedWith when that is replaced", () => {
      const owned = table("owned", {}, options({ deletedWith: urnOf(tableType, "owner") }));
      const planned = planOf([table("owner"), owned], [table("owner", { hashKey: "a" }), owned]);
      expect(steps(planned)).to.deep.equal(["create owner", "create owned", "forget owned", "delete owner"]);
    });

    it("protect of what the program no longer has", () => {
      const { errors } = planOf([table("x", {}, { protect: true })], []);
      expect(errors).to.have.lengthOf(1);
      expect(errors[0]?.message).to.match(
        /is protected, and the program no longer declares it.*pulumi state unprotect 'urn:/,
      );
    });
  });

  describe("with aliases", () => {
    const component = (name: string, rest: Partial<Resource> = {}): Resource => ({
      ...resource("tests:index:Outer", name, {}),
      custom: false,
      ...rest,
    });
    const child = (name: string, of: Resource, rest: Partial<Resource> = {}): Resource => ({
      ...table(name),
      urn: `urn:pulumi:dev::project::tests:index:Outer$${tableType}::${name}`,
      parent: of.urn,
      ...rest,
    });

    it("knows a renamed resource, and tells what it was", () => {
      const planned = planOf([table("old")], [table("new", {}, options({ aliases: [urnOf(tableType, "old")] }))]);
      expect(kinds(planned)).to.deep.equal(["same new"]);
      expect(planned.changes[0]?.before?.name).to.equal("old");
    });

    it("lets children inherit the alias of their parent, in its name and type", () => {
      const [old, now] = [component("old"), component("new", options({ aliases: [component("old").urn] }))];
      const before = [old, child("old-items", old), child("other", old)];
      expect(kinds(planOf(before, [now, child("new-items", now), child("other", now)]))).to.deep.equal([
        "same new",
        "same new-items",
        "same other",
      ]);
    });

    it("prefers the URN to an alias", () => {
      const moved = table("b", {}, options({ aliases: [urnOf(tableType, "a")] }));
      expect(kinds(planOf([table("a"), table("b")], [moved]))).to.deep.equal(["same b", "delete a"]);
    });

    it("does not let two resources continue one", () => {
      const heir = (name: string) => table(name, {}, options({ aliases: [urnOf(tableType, "old")] }));
      const { errors } = planOf([table("old")], [heir("one"), heir("two")]);
      expect(errors.map(({ urn }) => urn)).to.deep.equal([urnOf(tableType, "two")]);
      const reused = planOf([table("old")], [heir("new"), table("old")]).errors;
      expect(reused.map(({ urn }) => urn)).to.deep.equal([urnOf(tableType, "old")]);
      expect(reused[0]?.message).to.contain("by its URN or an alias");
    });
  });

  it("leaves out what the program only reads", () => {
    const read = table("read", {}, { external: true });
    expect(planOf([read], []).changes).to.deep.equal([]);
    expect(planOf([], [read]).changes).to.deep.equal([]);
  });
});
