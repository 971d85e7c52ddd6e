import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import * as readline from "node:readline";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { expect } from "chai";
import { Analyzer } from "../../offline/engine/crossguard/analyzer";
import { Archive, Asset, type Properties, Secret, Unknown, type Value } from "../../offline/engine/values";
import { toProperties, toStruct } from "../../offline/engine/wire";
import { ignoredArchitecture } from "../../policies/architecture/ignoredChanges";
import type { ArchitectureProperty } from "../../policies/architecture/rule";
import { architectureProperties, architectureRules } from "../../policies/architecture/rules";
import { rules } from "../../policies/policies";
import { unknown, type Violation, violations } from "../helpers/policies/policies";
import { temporaryFolder } from "../helpers/temporaryFolder";
import { listRows, type Props, propsWith, rootOf, sampleOf, unknownElementRows } from "./architecture/cases";

const directory = path.resolve(__dirname, "../../policies");
const lambda = "aws:lambda/function:Function";
const batch = "aws:batch/computeEnvironment:ComputeEnvironment";

const judged = [...architectureRules, ignoredArchitecture];
const levels = new Map([
  [proto.EnforcementLevel.ADVISORY, "advisory"],
  [proto.EnforcementLevel.MANDATORY, "mandatory"],
]);

/** Starts the pack as the Pulumi CLI does, but without type checking. */
function start(): ChildProcess {
  const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  return spawn(process.execPath, [runner, "127.0.0.1:1", directory], {
    cwd: directory,
    env: { ...process.env, PULUMI_NODEJS_TYPESCRIPT: "true", PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function request(type: string, properties: Properties, ignoreChanges: string[] = []): proto.AnalyzeRequest {
  return new proto.AnalyzeRequest()
    .setType(type)
    .setName("it")
    .setUrn(`urn:pulumi:dev::project::${type}::it`)
    .setOptions(new proto.AnalyzerResourceOptions().setIgnorechangesList(ignoreChanges))
    .setProperties(toStruct(properties));
}

/** A configuration that lets these policies remediate, with their settings; the next one replaces it. */
function configuration(remediating: Record<string, Properties>): proto.ConfigureAnalyzerRequest {
  const message = new proto.ConfigureAnalyzerRequest();
  for (const [name, properties] of Object.entries(remediating)) {
    const policy = new proto.PolicyConfig().setEnforcementlevel(proto.EnforcementLevel.REMEDIATE);
    message.getPolicyconfigMap().set(name, policy.setProperties(toStruct(properties)));
  }
  return message;
}

/** The properties as an engine sees them, in which an unknown value is not a string. */
function valuesOf(props: Props): Properties {
  const convert = (value: unknown): Value => {
    if (value === unknown) return new Unknown();
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== "object" || value === null) return value as Value;
    return valuesOf(value as Props);
  };
  return Object.fromEntries(Object.entries(props).map(([key, value]) => [key, convert(value)]));
}

describe("the pack as a process", () => {
  let pack: ChildProcess;
  let analyzer: Analyzer;

  before(async () => {
    pack = start();
    if (!pack.stdout) throw new Error("the pack has no output");
    const end = once(pack, "exit").then(() => Promise.reject(new Error("the pack ended before it reported its port")));
    const [port] = await Promise.race([once(readline.createInterface({ input: pack.stdout }), "line"), end]);
    analyzer = new Analyzer(Number(port));
  });

  after(async () => {
    analyzer.close();
    if (pack.kill()) await once(pack, "exit");
  });

  /** Findings of the architecture's policies; a violation's message begins with its policy's description there. */
  async function diagnostics(type: string, properties: Properties, ignoreChanges?: string[]): Promise<Violation[]> {
    const response = await analyzer.analyze(request(type, properties, ignoreChanges));
    return response
      .getDiagnosticsList()
      .filter((diagnostic) => judged.some(({ name }) => name === diagnostic.getPolicyname()))
      .map((diagnostic) => ({
        policy: diagnostic.getPolicyname(),
        level: levels.get(diagnostic.getEnforcementlevel()) ?? "",
        message: diagnostic.getMessage().replace(`${diagnostic.getDescription()}\n`, ""),
        urn: diagnostic.getUrn(),
      }));
  }

  /** Expects both to report the same for every row, and at least one finding. */
  async function expectSame(
    rows: ArchitectureProperty[],
    propsOf: (row: ArchitectureProperty) => Props,
    wrap = (properties: Properties, _row: ArchitectureProperty): Properties => properties,
  ): Promise<void> {
    expect(rows).not.to.deep.equal([]);
    for (const row of rows) {
      const { type } = row;
      const props = propsOf(row);
      const expected = await violations(judged, { type, props });
      const name = `${type} ${row.path}`;
      expect(await diagnostics(type, wrap(valuesOf(props), row)), name).to.deep.equal(expected);
      if (!row.isAnyEnough) expect(expected, name).not.to.deep.equal([]);
    }
  }

  it("has all policies", async () => {
    const info = await analyzer.info();
    expect(info.getName()).to.equal("pulumi-graviton");
    const names = info.getPoliciesList().map((policy) => policy.getName());
    expect(names).to.deep.equal([...rules.map(({ name }) => name), "valid-exemptions"]);
  });

  it("reports the same about x86 as the rules in this process", () =>
    expectSame(architectureProperties, (row) => propsWith(row, [sampleOf(row).bad])));

  it("reports the same about mixed lists", () =>
    expectSame(listRows, (row) => propsWith(row, [sampleOf(row).good, sampleOf(row).bad])));

  it("reports the same about an unknown element", () =>
    expectSame(unknownElementRows, (row) => propsWith(row, [sampleOf(row).bad, unknown, sampleOf(row).bad])));

  it("reports the same about a secret", () =>
    expectSame(
      architectureProperties,
      (row) => propsWith(row, [sampleOf(row).bad]),
      (properties, row) => ({ ...properties, [rootOf(row)]: new Secret(properties[rootOf(row)] ?? null) }),
    ));

  it("receives ignoreChanges", async () => {
    const [found] = await diagnostics(lambda, { architectures: ["arm64"] }, ["architectures"]);
    expect(found).to.include({ policy: "ignored-architecture", level: "mandatory" });
  });

  it("reports problems of exemptions at the end of a stack", async () => {
    const exemptions = [{ type: "*", match: "gone", reason: "it was old", expires: "2999-12-31" }];
    await analyzer.configure(configuration({ "lambda-arm64": { exemptions } }));
    await diagnostics(lambda, { architectures: ["arm64"] });
    const response = await analyzer.analyzeStack(new proto.AnalyzeStackRequest());
    const messages = response.getDiagnosticsList().map((diagnostic) => diagnostic.getMessage().split("\n")[1]);
    await analyzer.configure(configuration({}));
    expect(messages).to.deep.equal([
      'lambda-arm64: the exemption of "gone" (*) is not needed: no matching resource violates the policy.',
    ]);
  });

  describe("that remediates", () => {
    const code = new Archive({ path: temporaryFolder() });
    const properties: Properties = {
      architectures: ["x86_64"],
      code,
      environment: { variables: { PASSWORD: new Secret("hunter2"), TABLE: new Unknown(), STAGE: "dev" } },
      kmsKeyArn: new Secret("key"),
      memorySize: 512,
      publish: false,
      role: new Unknown(),
      runtime: "nodejs22.x",
      tags: {},
    };

    before(async () => {
      fs.writeFileSync(path.join(code.source.path ?? "", "index.js"), "");
      await analyzer.configure(configuration({ "lambda-arm64": {}, "batch-arm64": { replaceOptimal: true } }));
    });

    /** The properties after remediation, by policy. */
    async function remediated(type: string, before: Properties): Promise<[string, Properties][]> {
      const response = await analyzer.remediate(request(type, before));
      return response.getRemediationsList().map((remediation) => {
        expect(remediation.getDiagnostic()).to.equal("");
        return [remediation.getPolicyname(), toProperties(remediation.getProperties())];
      });
    }

    it("returns all inputs of a function, secrets as secrets and unknowns as unknowns", async () => {
      const after = { ...properties, architectures: ["arm64"] };
      expect(await remediated(lambda, properties)).to.deep.equal([["lambda-arm64", after]]);
      expect(await remediated(lambda, after)).to.deep.equal([]);
      expect(await diagnostics(lambda, after)).to.deep.equal([]);
    });

    it("keeps a secret list secret", async () => {
      const before = { ...properties, architectures: new Secret(["x86_64"]) };
      const after = { ...properties, architectures: new Secret(["arm64"]) };
      expect(await remediated(lambda, before)).to.deep.equal([["lambda-arm64", after]]);
    });

    it("changes one element of a compute environment", async () => {
      const withTypes = (instanceTypes: Value) => ({
        computeResources: { instanceTypes, subnets: [new Unknown()], serviceAccountToken: new Secret("hunter2") },
        type: "MANAGED",
      });
      expect(await remediated(batch, withTypes(["optimal"]))).to.deep.equal([
        ["batch-arm64", withTypes(["default_arm64"])],
      ]);
      expect(await remediated(batch, withTypes(new Secret(["optimal"])))).to.deep.equal([
        ["batch-arm64", withTypes(new Secret(["default_arm64"]))],
      ]);
    });

    it("does not change named assets, which it could not return", async () => {
      const assets = new Archive({ assets: { "index.js": new Asset({ text: "exports" }) } });
      expect(await remediated(lambda, { ...properties, code: assets })).to.deep.equal([]);
    });

    it("changes nothing at another level", async () => {
      expect(await remediated("aws:emrserverless/application:Application", { type: "spark" })).to.deep.equal([]);
    });
  });
});
