import * as fs from "node:fs";
import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental";
import { expect } from "chai";
import * as components from "../../components";
import { generatePackageSchema, packageSchemaFile } from "../../components/plugin/generate";
import { generateSchema, schemaFile } from "../../components/schema/generate";
import type { Schema } from "../../components/schema/schema";

type Properties = Record<string, { description?: string }>;

/** The parts of Pulumi's package schema that are looked at here. */
interface PackageSchema {
  resources: Record<string, { description?: string; inputProperties: Properties; properties: Properties }>;
  types: Record<string, { enum?: { value: string }[]; properties?: Properties }>;
}

describe("the components' schema for other languages", function () {
  this.timeout(60_000);
  const names = getPulumiComponents(components).map(({ name }) => name);
  const resource = (name: string) => schema.resources[`graviton:index:${name}`];
  const type = (name: string) => schema.types[`graviton:index:${name}`];
  const outputs = (name: string) => Object.keys(resource(name)?.properties ?? {});
  let text: string;
  let schema: PackageSchema;

  before(() => {
    text = generatePackageSchema();
    schema = JSON.parse(text);
  });

  it("is what the plugin serves; `npm run schema` writes it again", () => {
    expect(fs.readFileSync(packageSchemaFile, "utf8")).to.equal(text);
  });

  it("has every component under the token that it registers", () => {
    expect(Object.keys(schema.resources)).to.have.members(names.map((name) => `graviton:index:${name}`));
    expect(names).to.include.members(["DataLake", "EmrCluster", "EmrServerless", "GravitonBatch", "ServerlessApi"]);
  });

  it("has the enums with their values", () => {
    const values = (name: string) => type(name)?.enum?.map(({ value }) => value);
    expect(values("ApiAuth")).to.have.members(["iam", "none"]);
    expect(values("Architecture")).to.deep.equal(["arm64", "x86_64"]);
    expect(values("ComputeType")).to.deep.equal(["EC2", "SPOT", "FARGATE", "FARGATE_SPOT"]);
    expect(values("TableClass")).to.deep.equal(["STANDARD", "STANDARD_INFREQUENT_ACCESS"]);
  });

  it("documents the bounds that the arguments are checked against", () => {
    const types: Schema = JSON.parse(generateSchema());
    const silent = Object.entries(types).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties).flatMap(([property, { minimum, maximum, maxItems, maxLength }]) => {
        const inputs = type(name)?.properties ?? resource(name.slice(0, -4))?.inputProperties;
        const words = inputs?.[property]?.description?.replaceAll(",", "") ?? "";
        const bounds = [minimum, maximum, maxItems, maxLength].filter((bound) => bound !== undefined);
        return bounds.every((bound) => words.includes(`${bound}`)) ? [] : [`${name}.${property}: ${bounds}`];
      }),
    );
    expect(silent).to.deep.equal([]);
  });

  it("describes every component, and every property of components and types", () => {
    const undescribed = Object.entries(schema.resources).flatMap(([token, { description }]) =>
      description ? [] : [token],
    );
    const all = [
      ...Object.entries(schema.resources).flatMap(([token, { inputProperties, properties }]) =>
        [inputProperties, properties].map((each) => [token, each] as const),
      ),
      ...Object.entries(schema.types).map(([token, { properties = {} }]) => [token, properties] as const),
    ];
    const silent = all.flatMap(([token, properties]) =>
      Object.entries(properties).flatMap(([name, { description }]) => (description ? [] : [`${token}.${name}`])),
    );
    expect([...undescribed, ...silent]).to.deep.equal([]);
  });

  it("says of each type what it consists of", () => {
    const empty = Object.entries(schema.types).filter(
      ([, { enum: values, properties = {} }]) => !values && Object.keys(properties).length === 0,
    );
    expect(empty.map(([token]) => token)).to.deep.equal([]);
    expect(type("JobSource")?.properties).to.have.all.keys("queueArn", "jobDefinitionArns");
  });

  it("has an output for each level of a component's access, that functions and jobs accept", () => {
    const accesses = names.flatMap((name) =>
      outputs(name).flatMap((output) => (/Access$/.test(output) ? [`${name}.${output}`] : [])),
    );
    expect(accesses).to.have.members([
      ...["ItemsTable.readAccess", "ItemsTable.writeAccess", "ItemsTable.crudAccess", "ItemsTable.streamAccess"],
      ...["ItemsTable.reconfigureAccess", "ItemsTable.backupAccess", "ItemsTable.restoreAccess"],
      "LambdaFunction.invokeAccess",
      ...["DataBucket.readAccess", "DataBucket.writeAccess", "DataBucket.readWriteAccess"],
      ...["GravitonBatch.submitAccess", "GravitonBatch.readAccess", "GravitonBatch.terminateAccess"],
      ...["EmrCluster.addStepsAccess", "EmrCluster.readAccess", "EmrCluster.terminateAccess"],
      ...["EmrServerless.startJobAccess", "EmrServerless.readAccess", "EtlPipeline.readAccess"],
      ...["Queue.sendAccess", "Queue.consumeAccess", "Queue.redriveAccess", "Topic.publishAccess"],
      ...["EventStream.writeAccess", "EventStream.readAccess"],
      ...["InstanceSchedule.describeAccess", "InstanceSchedule.startAccess", "InstanceSchedule.stopAccess"],
      ...["WorkerFleet.describeAccess", "WorkerFleet.startAccess", "WorkerFleet.stopAccess"],
      ...["WebSocketApi.sendAccess", "WebSocketApi.manageAccess", "WebSocketApi.connectionsAccess"],
    ]);
    const properties = (name: string) => Object.keys(type(name)?.properties ?? {});
    expect(properties("AccessArgs")).to.deep.equal(properties("FunctionAccess"));
  });

  it("takes a component's outputs from its own class, and none from the base class", () => {
    expect(outputs("AlarmTopic")).to.have.members(["topicArn", "topic", "key"]);
    expect(names).not.to.include("ComponentResource");
  });

  it("takes a component's arguments from its own interface, including inherited ones", () => {
    const inputs = (name: string) => Object.keys(resource(name)?.inputProperties ?? {});
    expect(inputs("EncryptionKey")).to.have.members(["description", "services", "tags"]);
    expect(inputs("JobSubmission")).to.include.members(["batch", "environment", "triggers"]);
  });

  it("shows the components' outputs", () => {
    expect(outputs("ItemsTable")).to.include.members(["tableName", "tableArn", "streamArn", "table"]);
    expect(outputs("LambdaFunction")).to.include.members(["functionName", "invokeArn", "qualifier", "url", "role"]);
    expect(outputs("ServerlessApi")).to.include.members(["url", "document", "restApiId", "executionArn", "stage"]);
  });
});

describe("the schema that arguments are checked against", () => {
  it("matches the declarations; `npm run schema` writes it again", () => {
    expect(fs.readFileSync(schemaFile, "utf8")).to.equal(generateSchema());
  });
});
