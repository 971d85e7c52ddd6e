import { expect } from "chai";
import type { Graph } from "pulumi-offline";
import { examples } from "../helpers/components/examples";
import { run } from "../helpers/components/registered";

/** What `protect` on each component covers: what it stands for, and what holds its data or its key. */
const covered: Record<string, string[]> = {
  AlarmTopic: ["aws:kms/key:Key", "aws:sns/topic:Topic"],
  Dashboard: [],
  DataBucket: ["aws:s3/bucket:Bucket"],
  DataLake: ["raw", "results", "logs", "code"].map(() => "aws:s3/bucket:Bucket"),
  EmrCluster: ["aws:emr/cluster:Cluster"],
  EmrServerless: ["aws:emrserverless/application:Application"],
  EtlPipeline: ["aws:dynamodb/table:Table", "aws:sqs/queue:Queue", "aws:sqs/queue:Queue"],
  EventStream: ["aws:kinesis/stream:Stream"],
  EncryptionKey: ["aws:kms/key:Key"],
  GravitonBatch: ["aws:batch/jobQueue:JobQueue"],
  HttpApi: ["aws:apigatewayv2/api:Api"],
  InstanceSchedule: ["aws:lambda/function:Function", "aws:sqs/queue:Queue"],
  ItemsTable: ["aws:dynamodb/table:Table"],
  JobImage: ["aws:ecr/repository:Repository"],
  JobSubmission: ["aws:lambda/function:Function"],
  JobTrigger: ["aws:sqs/queue:Queue"],
  LambdaFunction: ["aws:lambda/function:Function"],
  Network: ["awsx:ec2:Vpc"],
  Queue: ["aws:sqs/queue:Queue", "aws:sqs/queue:Queue"],
  ServerlessApi: ["aws:apigateway/restApi:RestApi"],
  Topic: ["aws:sns/topic:Topic"],
  WebSocketApi: ["aws:apigatewayv2/api:Api"],
  WorkerFleet: ["aws:autoscaling/group:Group"],
};

const parent = (name: string) =>
  `new pulumi.ComponentResource("own:index:Parent", "${name}" + type, {}, { protect: true })`;

/** Options of components, by the letter that their names begin with. */
const ways: Record<string, string> = {
  a: "{ protect: true }",
  b: `{ parent: ${parent("b")} }`,
  c: `{ parent: ${parent("c")}, protect: false }`,
  d: "{}",
};

/** Creates the first example of each component, named after it, with each of these options, in the way that tests do. */
const source = `
import { componentOf, examples } from ${JSON.stringify(require.resolve("../helpers/components/examples"))};
import * as pulumi from "@pulumi/pulumi";
process.chdir(${JSON.stringify(process.cwd())});
const created = new Set<string>();
for (const [type, args] of examples) {
  if (created.has(type)) continue;
  created.add(type);
  const name = type.toLowerCase();
${Object.entries(ways)
  .map(([letter, opts]) => `  new (componentOf(type))("${letter}" + name, args, ${opts});`)
  .join("\n")}
}
`;

describe("protect", function () {
  this.timeout(60_000);
  let resources: Graph["resources"];
  // A single run, as one that creates all components takes seconds.
  before(async () => {
    ({ resources } = await run(source));
  });

  /** The types of the protected resources of each component that has the letter's options. */
  function protectedBy(letter: string): Record<string, string[]> {
    const types = Object.keys(covered).map((type) => {
      const own = resources.filter(
        ({ protect, name }) => protect && name.split("-")[0] === letter + type.toLowerCase(),
      );
      return [type, own.map((resource) => resource.type).sort()] as const;
    });
    return Object.fromEntries(types);
  }

  it("covers what a component stands for, and leaves its settings, alarms and permissions free to change", () => {
    expect(Object.keys(covered)).to.have.members([...new Set(examples.map(([type]) => type))]);
    expect(protectedBy("a")).to.deep.equal(covered);
  });

  it("covers the same if another component passes it on, and can be taken back there", () => {
    expect(protectedBy("b")).to.deep.equal(covered);
    const nothing = Object.fromEntries(Object.keys(covered).map((type) => [type, []]));
    expect(protectedBy("c")).to.deep.equal(nothing);
  });

  it("covers nothing unless it is set", () => {
    expect(resources.some(({ name }) => name === "ditemstable")).to.equal(true);
    expect(Object.values(protectedBy("d")).flat()).to.deep.equal([]);
  });
});
