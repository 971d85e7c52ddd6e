import * as fs from "node:fs";
import * as path from "node:path";
import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { expect } from "chai";
import ts from "typescript";
import * as components from "../../components";
import * as manifest from "../../components/package.json";
import { generateSchema, schemaFile } from "../../components/schema/generate";
import type { Schema } from "../../components/schema/schema";

describe("the components' schema for other languages", function () {
  this.timeout(60_000);
  const names = new Set(getPulumiComponents(components).map(({ name }) => name));
  const analyze = () => new Analyzer(path.resolve("components"), manifest.name, manifest, names).analyze();
  let schema: ReturnType<typeof analyze>;

  before(() => {
    schema = analyze();
  });

  it("has every component", () => {
    expect(Object.keys(schema.components)).to.have.members([...names]);
    expect([...names]).to.include.members([
      "DataLake",
      "EmrCluster",
      "EmrServerless",
      "GravitonBatch",
      "ServerlessApi",
    ]);
  });

  it("has the enums with their values", () => {
    const values = Object.values(schema.typeDefinitions).flatMap(({ name, enum: members }) =>
      members ? [[name, members.map(({ value }) => value)]] : [],
    );
    expect(Object.fromEntries(values)).to.deep.include({
      ApiAuth: ["iam", "none"],
      Architecture: ["arm64", "x86_64"],
      ComputeType: ["EC2", "SPOT", "FARGATE", "FARGATE_SPOT"],
      TableClass: ["STANDARD", "STANDARD_INFREQUENT_ACCESS"],
    });
  });

  it("documents the bounds that the arguments are checked against", () => {
    const types: Schema = JSON.parse(generateSchema());
    const silent = Object.entries(types).flatMap(([type, { properties = {} }]) =>
      Object.entries(properties).flatMap(([name, { minimum, maximum, maxItems, maxLength }]) => {
        const inputs = schema.typeDefinitions[type]?.properties ?? schema.components[type.slice(0, -4)]?.inputs;
        const words = inputs?.[name]?.description?.replaceAll(",", "") ?? "";
        const bounds = [minimum, maximum, maxItems, maxLength].filter((bound) => bound !== undefined);
        return bounds.every((bound) => words.includes(`${bound}`)) ? [] : [`${type}.${name}: ${bounds}`];
      }),
    );
    expect(silent).to.deep.equal([]);
  });

  it("describes every argument", () => {
    const silent = Object.values(schema.components).flatMap(({ name, inputs }) =>
      Object.entries(inputs).flatMap(([input, { description }]) => (description ? [] : [`${name}.${input}`])),
    );
    expect(silent).to.deep.equal([]);
  });

  it("says of each type what it consists of", () => {
    const empty = Object.values(schema.typeDefinitions).filter(
      (one) => !one.enum && !Object.keys(one.properties ?? {}).length,
    );
    expect(empty.map(({ name }) => name)).to.deep.equal([]);
    expect(schema.typeDefinitions.JobSource?.properties).to.have.all.keys("queueArn", "jobDefinitionArns");
  });

  it("has an output for each level of a component's access, that functions and jobs accept", () => {
    const accesses = Object.values(schema.components).flatMap(({ name, outputs: all }) =>
      Object.keys(all).flatMap((output) => (/Access$/.test(output) ? [`${name}.${output}`] : [])),
    );
    expect(accesses).to.have.members([
      ...["ItemsTable.readAccess", "ItemsTable.writeAccess", "ItemsTable.crudAccess", "ItemsTable.streamAccess"],
      ...["DataBucket.readAccess", "DataBucket.writeAccess", "DataBucket.readWriteAccess"],
      ...["GravitonBatch.submitAccess", "GravitonBatch.readAccess", "GravitonBatch.terminateAccess"],
      ...["EmrCluster.addStepsAccess", "EmrCluster.readAccess", "EmrCluster.terminateAccess"],
      ...["EmrServerless.startJobAccess", "EmrServerless.readAccess"],
    ]);
    const { AccessArgs: accepted, FunctionAccess: given } = schema.typeDefinitions;
    expect(Object.keys(accepted?.properties ?? {})).to.deep.equal(Object.keys(given?.properties ?? {}));
  });

  const outputs = (name: string) => Object.keys(schema.components[name]?.outputs ?? {});

  it("takes a component's outputs from its own class, and none from the base class", () => {
    expect(outputs("AlarmTopic")).to.have.members(["topicArn", "topic", "key"]);
    expect(names).not.to.include("ComponentResource");
  });

  it("takes a component's arguments from its own interface, including inherited ones", () => {
    const inputs = (name: string) => Object.keys(schema.components[name]?.inputs ?? {});
    expect(inputs("EncryptionKey")).to.have.members(["description", "tags"]);
    expect(inputs("JobSubmission")).to.include.members(["batch", "environment", "triggers"]);
  });

  it("shows the components' outputs", () => {
    expect(outputs("ItemsTable")).to.include.members(["tableName", "tableArn", "streamArn", "table"]);
    expect(outputs("LambdaFunction")).to.include.members(["functionName", "invokeArn", "qualifier", "url", "role"]);
    expect(outputs("ServerlessApi")).to.include.members(["url", "document", "restApiId", "executionArn", "stage"]);
  });
});

describe("the components as a plugin of a program in another language", function () {
  this.timeout(60_000);

  /** What the SDK's run-plugin passes to ts-node; it reads tsconfig.json in the program's folder only. */
  const options = {
    target: ts.ScriptTarget.ES2020,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noEmit: true,
  };

  it("compile without the settings of this repository", () => {
    const program = ts.createProgram([path.resolve("components/index.ts")], options);
    const own = program.getSourceFiles().filter(({ fileName }) => !fileName.includes("node_modules"));
    const mistakes = own.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]);
    const messages = mistakes.map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
    expect(messages).to.deep.equal([]);
  });
});

describe("the schema that arguments are checked against", () => {
  it("matches the declarations; `npm run schema` writes it again", () => {
    expect(fs.readFileSync(schemaFile, "utf8")).to.equal(generateSchema());
  });
});
