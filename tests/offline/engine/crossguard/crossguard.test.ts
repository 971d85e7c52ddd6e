import { expect } from "chai";
import { type Graph, isCompliant, type PolicyPackResult, redact, reveal, Secret } from "../../../../offline";
import { Archive, Asset } from "../../../../offline/engine/values";
import { judge, packDirectory, packOf, packResult } from "../../../helpers/offline/packs";
import { failureOf, get } from "../../../helpers/offline/program";

const urn = (typeAndName: string) => `urn:pulumi:dev::policed::${typeAndName}`;
const topicUrn = urn("aws:sns/topic:Topic::topic");
const teamUrn = urn("tests:index:Team::team");
const stackUrn = urn("pulumi:pulumi:Stack::policed-dev");

describe("policy packs", () => {
  let graph: Graph;
  let levels: PolicyPackResult;
  let throwing: PolicyPackResult;

  before(async () => {
    graph = await judge([packDirectory("levels"), packDirectory("throwing")]);
    [levels, throwing] = [packResult(graph, 0), packResult(graph, 1)];
  });

  const said = (policy: string) => levels.violations.filter((violation) => violation.policy === policy);

  describe("that check a program", () => {
    it("are listed with name, version and the number of enabled policies", () => {
      expect(levels).to.include({ name: "levels", version: "2.0.0", policies: 5 });
      expect(throwing, "the version of package.json").to.include({ name: "throwing", version: "1.2.3" });
    });

    it("report violations with their level and severity, which overrides that of the policy", () => {
      const violation = { policy: "advisory", level: "advisory", urn: topicUrn };
      expect(said("advisory")).to.deep.equal([
        {
          ...violation,
          severity: "low",
          description: "Topics are advised against.",
          message: "Topics are advised against.\nThe first.",
        },
        { ...violation, severity: "critical", description: "Topics are advised against.", message: "The second." },
      ]);
      expect(said("mandatory").map(({ level }) => level)).to.deep.equal(["mandatory"]);
    });

    it("do not run policies that are disabled", () => {
      expect(said("disabled")).to.deep.equal([]);
    });

    it("report what a remediation did not fix as mandatory", () => {
      expect(said("left").map(({ level }) => level)).to.deep.equal(["mandatory"]);
    });

    it("configure policies with the defaults of the schema, overridden by the author", () => {
      expect(JSON.parse(said("configured")[0]?.message.split("\n")[1] ?? "")).to.deep.equal({
        max: 3,
        author: "somebody",
      });
    });

    it("see the whole stack with its dependencies, except resources that were only read", () => {
      const [whole, part] = said("seen");
      expect(whole?.urn).to.equal(stackUrn);
      expect(JSON.parse(whole?.message.split("\n")[1] ?? "")).to.deep.equal({
        names: [
          "aws:lambda/function:Function function",
          "aws:s3/bucket:Bucket bucket",
          "aws:sns/topic:Topic topic",
          `pulumi:providers:aws ${get(graph, "topic").provider?.split("::")[3]}`,
          "pulumi:pulumi:Stack policed-dev",
          "tests:index:Team team",
        ],
        dependencies: ["bucket"],
      });
      expect(part?.urn, "the resource that the policy names").to.equal(topicUrn);
    });

    it("print to the diagnostics", () => {
      expect(graph.diagnostics).to.deep.include({ severity: "info", message: "levels: said while it checked" });
    });
  });

  describe("with a policy that throws", () => {
    const failures = (policy: string) => throwing.failures.filter((failure) => failure.policy === policy);

    it("fail with the error, its place, the policy and the resource", () => {
      expect(failures("explodes")).to.deep.equal([
        { policy: "explodes", urn: topicUrn, message: "TypeError: it broke\n    at explode (index.js:11:33)" },
      ]);
      expect(failures("explodes-too"), "beside another that throws").to.have.lengthOf(1);
      expect(failures("stack-explodes").map((failure) => failure.urn)).to.deep.equal([stackUrn]);
    });

    it("run the other policies on that resource, each once", () => {
      const policies = throwing.violations.map(({ policy }) => policy);
      expect(policies).to.deep.equal(["throws-once", "good-before", "good-after", "stack-good"]);
    });

    it("run it on the next resource", () => {
      expect(failures("throws-once")).to.deep.equal([
        { policy: "throws-once", urn: stackUrn, message: "no error at all" },
      ]);
      expect(throwing.violations.find(({ policy }) => policy === "throws-once")?.urn).to.equal(teamUrn);
    });

    it("run it on the resources that are checked meanwhile", async () => {
      const source = `import { PolicyPack } from "@pulumi/policy";
        import { setTimeout } from "node:timers/promises";
        const isProvider = (type: string) => type === "pulumi:providers:aws";
        const isFunction = (type: string) => type === "aws:lambda/function:Function";
        new PolicyPack("slow", { policies: [
          { name: "waits", description: "",
            validateResource: ({ type }) => setTimeout(isProvider(type) ? 20 : isFunction(type) ? 100 : 0) },
          { name: "throws", description: "", validateResource: ({ type }, report) => {
            if (isProvider(type)) throw new Error("once");
            if (isFunction(type)) report("");
          } },
        ] });`;
      const { failures, violations } = packResult(await judge([packOf(source)]));
      expect(failures.map(({ message }) => message.split("\n")[0])).to.deep.equal(["Error: once"]);
      expect(violations.map(({ policy }) => policy)).to.deep.equal(["throws"]);
    });

    it("run the other remediations", () => {
      expect(failures("remedy-explodes")).to.have.lengthOf(1);
      expect(throwing.remediations).to.deep.equal([{ policy: "remedy", urn: topicUrn, inputs: ["displayName"] }]);
      expect(get(graph, "topic").outputs).to.include({ displayName: "remedied" });
    });
  });

  it("have the secrets hidden that they report and print", async () => {
    const source = `import { PolicyPack } from "@pulumi/policy";
      new PolicyPack("quoting", { policies: [{ name: "quote", description: "", enforcementLevel: "mandatory",
        validateResource: ({ props }, report) => { if (props.layers) {
          console.log("looked at " + props.layers[0]);
          report("found " + props.layers.join());
        } } }] });`;
    const quoting = await judge([packOf(source)], { config: { token: "letmein" } });
    const messages = packResult(quoting).violations.map(({ message }) => message);
    expect(messages).to.have.lengthOf(1);
    expect(messages[0]).to.contain("found [secret],plain");
    expect(quoting.diagnostics).to.deep.equal([{ severity: "info", message: "quoting: looked at [secret]" }]);
  });

  describe("that remediate", () => {
    let remedied: Graph;

    before(async () => {
      const source = `import { PolicyPack } from "@pulumi/policy";
        new PolicyPack("first", { policies: [{ name: "region", description: "", enforcementLevel: "remediate",
          remediateResource: ({ type, props, provider }) =>
            type === "aws:lambda/function:Function" ? { ...props, name: provider?.props.region } : undefined }] });`;
      remedied = await judge([packOf(source), packDirectory("remedies")]);
    });

    it("change what the program sees", () => {
      expect(reveal(get(remedied, "topic").inputs.tags)).to.deep.equal({
        bucket: get(remedied, "bucket").id,
        owner: "the pack",
      });
      expect(reveal(remedied.outputs.topicTags)).to.include({ owner: "the pack" });
    });

    it("change a default provider before its resources are created", () => {
      expect(reveal(remedied.outputs.topicArn)).to.match(/^arn:aws:sns:us-east-2:/);
      expect(reveal(remedied.outputs.region), "a look-up").to.equal("us-east-2");
      const provider = remedied.resources.find(({ type }) => type === "pulumi:providers:aws");
      expect(provider?.outputs).to.include({ region: "us-east-2" });
    });

    it("see the result of the remediation before", () => {
      expect(get(remedied, "topic").inputs.displayName).to.equal("bucket owner");
    });

    it("see a provider as all packs have left it", () => {
      expect(get(remedied, "function").inputs.name).to.equal("us-east-2");
    });

    it("are reported with the inputs that changed, and not if none did", () => {
      const told = packResult(remedied, 1).remediations.map(({ policy, inputs }) => [policy, inputs]);
      expect(told).to.have.deep.members([
        ["region", ["region"]],
        ["labelled", ["tags"]],
        ["counted", ["displayName"]],
        ["copied", ["description"]],
        ["leaked", ["handler"]],
      ]);
    });

    it("leave secrets secret and archives whole", () => {
      const { inputs, outputs } = get(remedied, "function");
      expect(inputs.description, "remediated").to.equal("remedied");
      expect(redact(inputs.environment ?? null)).to.deep.equal({ variables: { TOKEN: "[secret]" } });
      expect(inputs.layers).to.deep.equal([new Secret("hunter2"), "plain"]);
      expect(inputs.handler, "a copy").to.deep.equal(new Secret("index.hunter2"));
      expect(outputs.code).to.deep.equal(
        new Archive({ assets: { "index.js": new Asset({ text: "exports.handler = null;" }) } }),
      );
    });

    it("fail when they return an archive that the SDK cannot send", () => {
      expect(packResult(remedied, 1).failures).to.have.lengthOf(1);
      expect(packResult(remedied, 1).failures[0]).to.include({ policy: "archived", urn: get(remedied, "bucket").urn });
      expect(get(remedied, "bucket").inputs).not.to.have.property("archive");
    });
  });

  it("report violations of read-only and unknown resources on the stack", async () => {
    const known = urn("aws:sns/topic:Topic::known");
    const source = `import { PolicyPack } from "@pulumi/policy";
      new PolicyPack("naming", { policies: [{ name: "names", description: "", validateStack: (_, report) => {
        for (const urn of ["${known}", "urn:nowhere", "${topicUrn}"]) report("", urn);
      } }] });`;
    const graph = await judge([packOf(source)]);
    expect(get(graph, "known")).to.include({ urn: known, external: true });
    const named = packResult(graph).violations.map((violation) => violation.urn);
    expect(named).to.deep.equal([stackUrn, stackUrn, topicUrn]);
  });

  it("advise that unknown values cannot be checked", async () => {
    const source = `import { PolicyPack } from "@pulumi/policy";
      new PolicyPack("unknown", { policies: [{ name: "reads", description: "", enforcementLevel: "mandatory",
        validateResource: ({ type, props }) => void (type === "aws:sns/topic:Topic" && props.tags.bucket) }] });`;
    const { violations } = packResult(await judge([packOf(source)], { unknowns: true }));
    expect(violations.map(({ level, urn }) => ({ level, urn }))).to.deep.equal([{ level: "advisory", urn: topicUrn }]);
    expect(violations[0]?.message).to.match(
      /can't run policy 'reads' .* string value at \.tags\.bucket can't be known/,
    );
  });

  const unsendable = { level: `{ message: "", enforcementLevel: "nope" }`, message: `{ message: ["no text"] }` };
  for (const [what, report] of Object.entries(unsendable)) {
    it(`fail when their SDK cannot send the answer, and continue: a ${what}`, async () => {
      const source = `import { PolicyPack } from "@pulumi/policy";
        new PolicyPack("odd", { policies: [{ name: "odd", description: "", validateResource: ({ type }, report) => {
          if (type === "aws:sns/topic:Topic") report(${report});
          if (type === "aws:lambda/function:Function") report("");
        } }] });`;
      const { failures, violations } = packResult(await judge([packOf(source)]));
      const said = failures.filter(({ urn }) => urn === topicUrn);
      expect(said).to.have.lengthOf(1);
      expect(said[0]?.message).to.match(/^@pulumi\/policy could not send the answer: /);
      expect(
        violations.map(({ policy }) => policy),
        "on the next resource",
      ).to.deep.equal(["odd"]);
    });
  }

  it("fail once when their process ends, while the others continue", async () => {
    const source = `import { PolicyPack } from "@pulumi/policy";
      new PolicyPack("leaving", { policies: [{ name: "leaves", description: "",
        validateResource: ({ type }) => void (type === "aws:sns/topic:Topic" && process.exit(3)) }] });`;
    const result = await judge([packOf(source), packDirectory("levels")]);
    const { failures } = packResult(result);
    expect(failures).to.have.lengthOf(1);
    expect(failures[0]?.message).to.contain(`asked about ${topicUrn}: its process ended with exit code 3`);
    expect(packResult(result, 1).violations).not.to.deep.equal([]);
    expect(isCompliant(result)).to.equal(false);
  });

  it("fail once for errors that no policy awaits, and print without control characters", async () => {
    const source = `import { PolicyPack } from "@pulumi/policy";
      import { setTimeout } from "node:timers/promises";
      new PolicyPack("careless", { policies: [
        { name: "rejects", description: "", validateResource: () => void Promise.reject(new Error("not awaited")) },
        { name: "prints", description: "", validateStack: () => {
          console.log("\\u001b[2Jcoloured");
          return setTimeout(20);
        } },
      ] });`;
    const careless = await judge([packOf(source)]);
    expect(packResult(careless).failures.map(({ message }) => message)).to.deep.equal([
      "An error was thrown that no policy awaited (see the diagnostics). The checks that it interrupted are incomplete.",
    ]);
    const said = careless.diagnostics.map(({ message }) => message);
    expect(said).to.include("careless: coloured").and.to.include("careless:     Error: not awaited");
  });

  it("receive the stack and its configuration as from the Pulumi CLI", async () => {
    const source = `import { PolicyPack } from "@pulumi/policy";
      import { Config, getOrganization, getProject, getStack, runtime } from "@pulumi/pulumi";
      const told = [getOrganization(), getProject(), getStack(), runtime.isDryRun(), new Config().require("token").length, process.cwd()];
      new PolicyPack("told", { policies: [{ name: "tells", description: "",
        validateStack: (_, report) => report(JSON.stringify(told)) }] });`;
    const directory = packOf(source);
    const [violation] = packResult(await judge([directory])).violations;
    const told = ["organization", "policed", "dev", true, "hunter2".length, directory];
    expect(JSON.parse(violation?.message.trim() ?? "")).to.deep.equal(told);
  });

  it("do not hide the error of a program that fails", async () => {
    const error = await failureOf(
      judge([packDirectory("levels")], { config: { "aws:region": "" }, timeoutSeconds: 0.01 }),
    );
    expect(error.message).to.contain("did not end within 0.01 seconds");
  });
});
