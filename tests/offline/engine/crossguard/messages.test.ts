import { expect } from "chai";
import { analyzeRequest, analyzeStackRequest, remediateRequest } from "../../../../offline/engine/crossguard/messages";
import { changedNames, remediated as remediatedWith } from "../../../../offline/engine/crossguard/remediation";
import { Archive, Asset, type Properties, ResourceReference, Secret, Unknown } from "../../../../offline/engine/values";
import { toProperties } from "../../../../offline/engine/wire";
import { resource } from "../../../helpers/offline/graph";

const nothing = () => undefined;

const remediated = (before: Properties, after: Properties, secret = "hunter2") =>
  remediatedWith(before, after, (text) => text.includes(secret));

describe("what policies see of a resource", () => {
  const dynamic = resource("a:b:C", "dynamic", {
    __provider: "code",
    nested: { __internal: 1, list: [{ __internal: 2, shown: 3 }] },
    reference: new ResourceReference("urn", "id"),
    component: new ResourceReference("urn"),
  });
  const shown = { nested: { list: [{ shown: 3 }] }, reference: "id", component: "urn" };

  it("has no internal properties, and has references as text", () => {
    expect(analyzeRequest(dynamic, nothing).getProperties()?.toJavaScript()).to.deep.equal(shown);
    const [inStack] = analyzeStackRequest([dynamic], nothing).getResourcesList();
    expect(inStack?.getProperties()?.toJavaScript()).to.deep.equal({ ...shown });
  });

  it("is complete for a remediation, which replaces it", () => {
    expect(remediateRequest(dynamic, nothing).getProperties()?.toJavaScript()).to.include({ __provider: "code" });
  });

  it("has the options in the form that the real engine sends", () => {
    const { options, ...rest } = resource("a:b:C", "optioned", {});
    const optioned = {
      ...rest,
      protect: true,
      parent: "urn:parent",
      options: { ...options, deleteBeforeReplace: false, customTimeouts: { create: "1h2m3.5s", delete: "500ms" } },
    };
    const sent = analyzeRequest(optioned, nothing).getOptions()?.toObject();
    expect(sent).to.deep.include({ protect: true, parent: "urn:parent", deletebeforereplacedefined: true });
    expect(sent?.customtimeouts).to.include({ create: 3723.5, update: 0, pb_delete: 0.5 });
  });

  it("has the provider with its inputs", () => {
    const provider = resource("pulumi:providers:aws", "default", { region: "eu-west-1" });
    const child = { ...resource("aws:b:C", "child", {}), provider: `${provider.urn}::id` };
    const find = (urn: string) => (urn === provider.urn ? provider : undefined);
    const sent = analyzeRequest(child, find).getProvider();
    expect(sent?.getUrn()).to.equal(provider.urn);
    expect(sent?.getProperties()?.toJavaScript()).to.deep.equal({ region: "eu-west-1" });
  });
});

describe("the result of a remediation", () => {
  it("keeps secrets secret when the policy copied them", () => {
    const before = { password: new Secret("x"), deep: { token: new Secret({ a: "b" }) } };
    const after = { password: "y", deep: { token: { a: "c" } } };
    expect(remediated(before, after)).to.deep.equal({
      password: new Secret("y"),
      deep: { token: new Secret({ a: "c" }) },
    });
  });

  it("is secret wherever the policy copied a secret to", () => {
    const before = { password: new Secret("hunter2"), tags: { hunter2: "as ever" }, note: "hunter2", size: 1 };
    const after = {
      password: new Secret("hunter2 and more"),
      tags: { hunter2: "another" },
      note: "hunter2",
      size: 2,
      url: "https://admin:hunter2@db",
      nested: [{ token: "hunter2", other: "plain" }],
      keys: { hunter2: "plain" },
      code: new Asset({ text: "login('hunter2')" }),
    };
    expect(remediated(before, after)).to.deep.equal({
      password: new Secret("hunter2 and more"),
      tags: { hunter2: "another" },
      note: "hunter2",
      size: 2,
      url: new Secret("https://admin:hunter2@db"),
      nested: [{ token: new Secret("hunter2"), other: "plain" }],
      keys: new Secret({ hunter2: "plain" }),
      code: new Secret(new Asset({ text: "login('hunter2')" })),
    });
  });

  it("makes a list with a secret secret as a whole when it changed", () => {
    const before = { list: ["a", new Secret("b")] };
    expect(remediated(before, { list: ["a", "b"] })).to.deep.equal(before);
    expect(remediated(before, { list: ["b", "a"] }).list).to.be.instanceOf(Secret);
    expect(remediated(before, { list: ["b"] }).list).to.be.instanceOf(Secret);
  });

  it("keeps archives and references that it did not change", () => {
    const broken = new Archive({ assets: { 0: "index.js" as unknown as Asset } });
    const before = {
      code: new Secret(new Archive({ assets: { "index.js": new Asset({ text: "" }) } })),
      role: new ResourceReference("urn", "role"),
      other: new ResourceReference("urn", "role"),
    };
    const after = remediated(before, { code: broken, role: "role", other: "another" });
    expect(after).to.deep.equal({ code: before.code, role: before.role, other: "another" });
    expect(after.code).to.deep.equal(before.code);
    expect(() => remediated({}, { code: broken })).to.throw("cannot return a new AssetArchive");
  });

  it("keeps empty assets, to which @pulumi/policy would never answer", () => {
    const before = {
      code: new Archive({ assets: { "empty.py": new Asset({ text: "" }) } }),
      text: new Asset({ text: "" }),
    };
    const asked = toProperties(remediateRequest(resource("type", "name", before), () => undefined).getProperties());
    expect(asked.text).to.deep.equal(new Asset({ text: "\n" }));
    expect((asked.code as Archive).source.assets).to.deep.equal({ "empty.py": new Asset({ text: "\n" }) });
    expect(remediated(before, asked)).to.deep.equal(before);
  });

  it("may have a new archive of a folder, and lack properties", () => {
    const archive = new Archive({ path: "dist" });
    const before = { code: new Archive({ assets: {} }), gone: 1 };
    expect(remediated(before, { code: archive })).to.deep.equal({ code: archive });
  });

  it("lists what changed, ignoring the order", () => {
    const before = { same: { a: 1, b: [new Unknown()] }, other: 1, gone: 2 };
    expect(changedNames(before, { added: 3, other: 2, same: { b: [new Unknown()], a: 1 } })).to.have.members([
      "other",
      "gone",
      "added",
    ]);
  });
});
