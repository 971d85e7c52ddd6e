import * as fs from "node:fs";
import * as path from "node:path";
import { type Archive, AssetArchive, FileArchive, RemoteArchive, StringAsset } from "@pulumi/pulumi/asset";
import { expect } from "chai";
import { zipSync } from "fflate";
import { architectureRules } from "../../../policies/architecture/rules";
import { exemption, remediated, unknown, violations } from "../../helpers/policies/policies";
import { temporaryFolder } from "../../helpers/temporaryFolder";

type Files = Record<string, string | Buffer>;

const elf = Buffer.from("7f454c46020101", "hex");
const script: Files = {
  "index.js": "exports.handler = async () => 1;",
  "lib/more.js": "exports.x = 'ELF';",
  empty: "",
};

function folder(files: Files): string {
  const directory = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.join(directory, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(directory, name), content);
  }
  return directory;
}

function zip(files: Files): string {
  const file = path.join(temporaryFolder(), "code.zip");
  const contents = Object.entries(files).map(([name, content]) => [name, new Uint8Array(Buffer.from(content))]);
  fs.writeFileSync(file, zipSync(Object.fromEntries(contents)));
  return file;
}

function ruleOf(name: string) {
  const rule = architectureRules.find((rule) => rule.name === name);
  if (!rule) throw new Error(`there is no rule ${name}`);
  return rule;
}

/** A resource's properties after remediation, which must then need no other and pass the rule. */
async function mended(policy: string, type: string, props: object, settings = {}): Promise<object | undefined> {
  const rule = ruleOf(policy);
  const result = await remediated(rule, { type, props }, settings);
  if (result) {
    expect(await remediated(rule, { type, props: result }, settings), "a second time").to.equal(undefined);
    expect(await violations([rule], { type, props: result }, settings), "afterwards").to.deep.equal([]);
  }
  return result;
}

describe("the remediation of a function", () => {
  const type = "aws:lambda/function:Function";
  const pure = new FileArchive(folder(script));

  const props = (changes: object = {}) => ({
    code: pure,
    runtime: "nodejs22.x",
    handler: "index.handler",
    role: unknown,
    environment: { variables: { TABLE: unknown, STAGE: "dev" } },
    ...changes,
  });

  const mend = (changes: object, settings = {}) => mended("lambda-arm64", type, props(changes), settings);

  it("makes it arm64 and changes nothing else if its code has no native parts", async () => {
    for (const changes of [
      {},
      { architectures: ["x86_64"] },
      { architectures: ["X86_64"] },
      { architectures: [] },
      { layers: [] },
      { runtime: "python3.13" },
      { code: new FileArchive(zip(script)) },
    ]) {
      const expected = { ...props(changes), architectures: ["arm64"] };
      expect(await mend(changes), JSON.stringify(changes)).to.deep.equal(expected);
    }
  });

  it("does not change one with native parts", async () => {
    const native: Files[] = [
      { "build/Release/addon.node": "" },
      { "native.so": "" },
      { "lib/libssl.so.3": "" },
      { "lib/libz.so.1.2.13": "" },
      { "module.pyd": "" },
      { "lib.dylib": "" },
      { "bin/tool": elf },
      { "bin/tool": Buffer.from("cffaedfe0c000001", "hex") },
    ];
    for (const files of native) {
      for (const code of [folder({ ...script, ...files }), zip({ ...script, ...files })]) {
        expect(await mend({ code: new FileArchive(code) }), Object.keys(files)[0]).to.equal(undefined);
      }
    }
  });

  it("follows symbolic links to files, which are packed", async () => {
    const directory = folder(script);
    fs.symlinkSync(path.join(folder({ tool: elf }), "tool"), path.join(directory, "tool"));
    expect(await mend({ code: new FileArchive(directory) })).to.equal(undefined);
  });

  it("does not change one whose code it cannot inspect", async () => {
    const codes: Record<string, Archive | string | undefined> = {
      "named assets": new AssetArchive({ "index.js": new StringAsset("") }),
      "a URI": new RemoteArchive("https://example.com/code.zip"),
      "a missing folder": new FileArchive(path.join(temporaryFolder(), "missing")),
      "no zip file": new FileArchive(path.join(folder(script), "index.js")),
      "a path from the program's folder, which a pack does not know": new FileArchive("tests"),
      "an unknown": unknown,
      "a string": "code",
      nothing: undefined,
    };
    for (const [name, code] of Object.entries(codes)) expect(await mend({ code }), name).to.equal(undefined);
    expect(await mend({ code: undefined, s3Bucket: "code", s3Key: "code.zip" })).to.equal(undefined);
  });

  it("does not change one that may contain more than scripts", async () => {
    for (const changes of [
      { layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:tools:1"] },
      { layers: unknown },
      { layers: [unknown] },
      { runtime: "provided.al2023" },
      { runtime: "java21" },
      { runtime: unknown },
      { runtime: undefined, packageType: "Image", imageUri: "example.com/image" },
    ]) {
      expect(await mend(changes), JSON.stringify(changes)).to.equal(undefined);
    }
  });

  it("does not change one with published versions, which Lambda@Edge may run without supporting arm64", async () => {
    for (const publish of [true, unknown]) expect(await mend({ publish })).to.equal(undefined);
    expect(await mend({ publish: false })).to.deep.include({ architectures: ["arm64"] });
  });

  it("does not change one whose architecture is arm64 or not recognised", async () => {
    for (const architectures of [["arm64"], unknown, [unknown], ["x86_64", "arm64"], ["riscv"], "x86_64"]) {
      expect(await mend({ architectures }), JSON.stringify(architectures)).to.equal(undefined);
    }
  });

  it("does not change protected and exempt ones", async () => {
    const rule = ruleOf("lambda-arm64");
    expect(await remediated(rule, { type, props: props(), opts: { protect: true } })).to.equal(undefined);
    expect(await mend({}, { "lambda-arm64": { exemptions: [exemption({ match: "it" })] } })).to.equal(undefined);
  });

  it("does not change other resources", async () => {
    const other = "aws:lambda/layerVersion:LayerVersion";
    expect(await mended("lambda-arm64", other, props())).to.equal(undefined);
  });
});

describe("the remediation of a Batch compute environment", () => {
  const type = "aws:batch/computeEnvironment:ComputeEnvironment";
  const settings = { "batch-arm64": { replaceOptimal: true } };
  const props = (instanceTypes: unknown) => ({
    type: "MANAGED",
    computeResources: { instanceTypes, subnets: [unknown], maxVcpus: 4 },
  });
  const mend = (instanceTypes: unknown, given: object = settings) =>
    mended("batch-arm64", type, props(instanceTypes), given);

  it("replaces optimal with default_arm64 and changes nothing else", async () => {
    expect(await mend(["optimal"])).to.deep.equal(props(["default_arm64"]));
  });

  it("changes nothing unless its settings enable it", async () => {
    expect(await mend(["optimal"], {})).to.equal(undefined);
    expect(await mend(["optimal"], { "batch-arm64": { replaceOptimal: false } })).to.equal(undefined);
  });

  it("does not change other types, or optimal together with others", async () => {
    const others = [["m5.large"], ["optimal", "m5"], ["m7g", "optimal"], ["optimal", unknown], [unknown, "optimal"]];
    for (const types of [...others, [unknown], unknown, [], undefined, "optimal", ["default_x86_64"]]) {
      expect(await mend(types), JSON.stringify(types)).to.equal(undefined);
    }
  });

  it("does not change one without instance types, or other resources", async () => {
    expect(await mended("batch-arm64", type, { type: "UNMANAGED" }, settings)).to.equal(undefined);
    expect(await mended("batch-arm64", "aws:batch/jobQueue:JobQueue", props(["optimal"]), settings)).to.equal(
      undefined,
    );
  });
});

describe("the remediation of an EMR Serverless application", () => {
  const type = "aws:emrserverless/application:Application";
  const mend = (changes: object) =>
    mended("emr-serverless-arm64", type, { type: "spark", releaseLabel: "emr-7.5.0", name: unknown, ...changes });

  it("makes it ARM64 and changes nothing else", async () => {
    for (const changes of [{}, { architecture: "X86_64" }]) {
      expect(await mend(changes)).to.deep.equal({
        type: "spark",
        releaseLabel: "emr-7.5.0",
        name: unknown,
        architecture: "ARM64",
      });
    }
  });

  it("does not change one with a custom image, known or not", async () => {
    expect(await mend({ imageConfiguration: { imageUri: "example.com/image" } })).to.equal(undefined);
    expect(await mend({ imageConfiguration: unknown })).to.equal(undefined);
  });

  it("does not change one that is ARM64 already, or may be", async () => {
    expect(await mend({ architecture: "ARM64" })).to.equal(undefined);
    expect(await mend({ architecture: unknown })).to.equal(undefined);
  });

  it("does not change other resources", async () => {
    expect(await mended("emr-serverless-arm64", "aws:emr/cluster:Cluster", {})).to.equal(undefined);
  });
});
