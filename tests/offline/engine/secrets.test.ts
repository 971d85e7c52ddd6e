import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { expect } from "chai";
import { type Graph, renderJson, renderMarkdown, Secret } from "../../../offline";
import { hideSecrets } from "../../../offline/engine/query";
import { KnownSecrets } from "../../../offline/engine/secrets";
import { Archive, Asset } from "../../../offline/engine/values";
import { paintFor } from "../../../offline/report/colors";
import { policyLines } from "../../../offline/report/policies";
import { renderTree } from "../../../offline/report/tree";
import { graphOf, resource } from "../../helpers/offline/graph";
import { packOf, packResult } from "../../helpers/offline/packs";
import { failureOf, programDirectory, run } from "../../helpers/offline/program";

describe("known secrets", () => {
  it("are hidden in one pass, the longest first", () => {
    const secrets = new KnownSecrets(["hunter2", "db://hunter2@host", "secret"]);
    expect(secrets.hide("db://hunter2@host, hunter2, secret, shown")).to.equal("[secret], [secret], [secret], shown");
  });

  it("are matched as texts, not as patterns", () => {
    expect(new KnownSecrets(["a.c$1|("]).hide("abc$1 a.c$1|( a")).to.equal("abc$1 [secret] a");
  });

  it("are hidden where they are escaped for JSON or a URL", () => {
    const secrets = new KnownSecrets(['p"w/ \n1']);
    expect(secrets.hide(`${JSON.stringify({ password: 'p"w/ \n1' })} p%22w%2F%20%0A1`)).to.equal(
      '{"password":"[secret]"} [secret]',
    );
  });

  it("are hidden as a whole if they span several lines", () => {
    const secrets = new KnownSecrets(["-----BEGIN-----\nabc\n-----END-----"]);
    expect(secrets.hide("key: -----BEGIN-----\nabc\n-----END-----.")).to.equal("key: [secret].");
    expect(secrets.hide("-----BEGIN-----")).to.equal("-----BEGIN-----");
  });

  it("exclude common texts: true, false and those of less than three characters", () => {
    const secrets = new KnownSecrets(["", "12", "true", "False"]);
    expect(secrets.hide("port 12345 is true or False")).to.equal("port 12345 is true or False");
    expect(new KnownSecrets(["123"]).hide("port 12345")).to.equal("port [secret]45");
  });

  it("are found in a text", () => {
    const secrets = new KnownSecrets(["hunter2"]);
    expect([secrets.isIn("my hunter2"), secrets.isIn("my hunter")]).to.deep.equal([true, false]);
  });

  it("are not printed themselves", () => {
    expect(JSON.stringify(new KnownSecrets(["hunter2"]))).to.equal("{}");
  });

  it("are hidden in a graph: in names, URNs, keys, numbers, assets and outputs, but not in marked secrets", () => {
    const bucket = resource("aws:s3/bucket:Bucket", "hunter2-bucket", {
      tags: { hunter2: "of hunter2" },
      size: 12,
      pin: 123,
      marked: new Secret("hunter2"),
      code: new Archive({ assets: { "index.js": new Asset({ text: "login('hunter2')" }) } }),
    });
    const graph: Graph = { ...graphOf("/program", bucket), outputs: { leak: "hunter2" } };
    const shown = hideSecrets({ ...graph, secrets: new KnownSecrets(["hunter2", "123"]) });
    expect(shown.resources[0]).to.include({
      urn: "urn:pulumi:dev::project::aws:s3/bucket:Bucket::[secret]-bucket",
      name: "[secret]-bucket",
    });
    expect(shown.resources[0]?.inputs).to.deep.equal({
      tags: { "[secret]": "of [secret]" },
      size: 12,
      pin: "[secret]",
      marked: new Secret("hunter2"),
      code: new Archive({ assets: { "index.js": new Asset({ text: "login('[secret]')" }) } }),
    });
    expect(shown.outputs).to.deep.equal({ leak: "[secret]" });
    expect(graph.outputs, "the graph itself, which is served").to.deep.equal({ leak: "hunter2" });
  });
});

describe("the encrypted configuration of a stack", () => {
  const texts = /swordfish|mellon|BEGIN KEY|friend/;
  const before = process.env.PULUMI_CONFIG_PASSPHRASE;

  beforeEach(() => {
    process.env.PULUMI_CONFIG_PASSPHRASE = "correct horse";
  });
  afterEach(() => {
    if (before === undefined) delete process.env.PULUMI_CONFIG_PASSPHRASE;
    else process.env.PULUMI_CONFIG_PASSPHRASE = before;
  });

  it("is hidden in diagnostics and all reports, not in the served graph", async () => {
    const source = `import { PolicyPack } from "@pulumi/policy";
      new PolicyPack("quoting", { policies: [{ name: "quote", description: "", enforcementLevel: "mandatory",
        validateResource: ({ type, name, props }, report) => {
          if (type === "aws:sns/topic:Topic") report(name + " is called " + props.displayName);
        } }] });`;
    const graph = await run("secretive", { policyPacks: [{ directory: packOf(source) }] });
    expect(graph.diagnostics.map(({ message }) => message)).to.deep.equal([
      "printed [secret]",
      "[secret]",
      'logged {"quoted":"[secret]"}',
    ]);
    expect(packResult(graph).violations[0]?.message).to.contain("topic-[secret] is called [secret]");
    const paint = paintFor({ isTTY: false });
    for (const report of [renderTree(graph, paint), renderJson(graph), renderMarkdown(graph)]) {
      expect(report)
        .to.match(/topic-.*secret/)
        .and.not.match(texts);
    }
    expect(policyLines(graph, paint).join()).to.contain("topic-[secret]").and.not.match(texts);
    expect(graph.outputs.leaked).to.include({ password: "swordfish", pin: 4711 });
  });

  it("is hidden in the error of a program that fails, without the rest of a structured value", async () => {
    const error = await failureOf(run("secretive", { config: { fail: "true" } }));
    expect(error.message).to.match(/^The program failed: Error: cannot log in as admin with \[secret\]\n/);
  });

  it("is hidden in the error of a program that does not end", async () => {
    const error = await failureOf(run("secretive", { config: { wait: "true" }, timeoutSeconds: 3 }));
    expect(error.message).to.match(/did not end within 3 seconds[\s\S]*::topic-\[secret\]/);
  });

  it("is hidden by the command output unless told otherwise", async () => {
    const bin = path.resolve(__dirname, "../../../offline/bin.js");
    const output = (...flags: string[]) =>
      execFileSync(process.execPath, [bin, "output", "leaked", "--cwd", programDirectory("secretive"), ...flags], {
        encoding: "utf8",
      });
    expect(JSON.parse(output())).to.include({ password: "[secret]", pin: "[secret]", pinText: "pin [secret]" });
    expect(JSON.parse(output("--show-secrets"))).to.include({ password: "swordfish", pin: 4711 });
  });
});
