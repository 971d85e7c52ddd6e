import { expect } from "chai";
import { type Graph, redact, renderJson, resourcesOfType, reveal, Secret, Unknown } from "../../../offline";
import { get, run } from "../../helpers/offline/program";

const urn = (typeAndName: string) => `urn:pulumi:dev::everything::${typeAndName}`;

describe("runProgram", () => {
  let graph: Graph;

  before(async () => {
    graph = await run("everything", { dryRun: true });
  });

  const output = (name: string) => reveal(graph.outputs[name]);

  it("gives components in components the URNs of the real engine", () => {
    const queue = get(graph, "outer", "aws:sqs/queue:Queue");
    expect(queue.urn).to.equal(urn("tests:index:Outer$tests:index:Inner$aws:sqs/queue:Queue::outer"));
    expect(queue.parent).to.equal(urn("tests:index:Outer$tests:index:Inner::outer"));
    expect(get(graph, "outer", "tests:index:Outer").parent).to.equal(urn("pulumi:pulumi:Stack::everything-dev"));
  });

  it("registers the default provider of a package once, with its configuration", () => {
    const [provider, ...others] = resourcesOfType(graph, "pulumi:providers:aws").filter(({ name }) => name !== "ohio");
    expect(others).to.deep.equal([]);
    expect(provider?.urn).to.match(/^urn:pulumi:dev::everything::pulumi:providers:aws::default_\d+_\d+_\d+$/);
    expect(provider?.inputs).to.include({ region: "eu-west-1" });
    expect(provider?.inputs.profile).to.deep.equal(new Secret("hidden-profile"));
    expect(get(graph, "topic").provider).to.equal(`${provider?.urn}::${provider?.id}`);
  });

  it("gives children the provider of their component, and its region", () => {
    const ohio = get(graph, "ohio");
    expect(get(graph, "outer", "aws:sqs/queue:Queue").provider).to.equal(`${ohio.urn}::${ohio.id}`);
    expect(output("innerUrl")).to.match(/^https:\/\/sqs\.us-east-2\.amazonaws\.com\/123456789012\/outer-[0-9a-f]{7}$/);
  });

  it("lets children inherit protect and retainOnDelete", () => {
    expect(get(graph, "outer", "aws:sqs/queue:Queue")).to.include({ protect: true });
    expect(get(graph, "outer", "aws:sqs/queue:Queue").options.retainOnDelete).to.equal(true);
    expect(get(graph, "topic").protect).to.equal(false);
  });

  it("turns aliases into the URNs they stand for", () => {
    const before = urn("tests:index:Outer::before");
    expect(get(graph, "outer", "tests:index:Outer").options.aliases).to.deep.equal([before]);
    const child = urn("tests:index:Outer$aws:sqs/queue:Queue::fifo");
    expect(get(graph, "fifo").options.aliases).to.deep.equal([child]);
  });

  it("expands a dependency on a component to its resources", () => {
    expect(get(graph, "topic").dependencies).to.include(get(graph, "outer", "aws:sqs/queue:Queue").urn);
  });

  it("keeps the dependencies of each input", () => {
    const fifo = get(graph, "fifo");
    expect(fifo.propertyDependencies).to.deep.equal({ tags: [get(graph, "topic").urn] });
    expect(fifo.dependencies).to.deep.equal([get(graph, "topic").urn]);
  });

  it("runs a resource's transforms and the stack's", () => {
    expect(get(graph, "labelled").inputs).to.include({ displayName: "transformed" });
    expect(get(graph, "outer", "aws:sqs/queue:Queue").inputs).to.include({ delaySeconds: 7 });
    expect(output("displayName")).to.equal("transformed");
  });

  it("runs transforms of invokes", () => {
    expect(output("vpcBlock")).to.equal("10.9.0.0/16");
  });

  it("runs hooks around a creation, and in a dry run only those with onDryRun", () => {
    expect(output("hooked")).to.deep.equal([get(graph, "topic").urn]);
  });

  it("keeps secrets secret, in inputs, outputs and the printed document", () => {
    const parameter = get(graph, "parameter");
    expect(parameter.inputs.value).to.be.instanceOf(Secret);
    expect(parameter.outputs.value).to.be.instanceOf(Secret);
    expect(parameter.outputs.arn, "an additional secret output").to.be.instanceOf(Secret);
    expect(output("secret")).to.equal("hunter2");
    expect(redact(graph.outputs.secret ?? null)).to.equal("[secret]");
    expect(renderJson(graph)).to.contain('"[secret]"').and.not.contain("hunter2");
  });

  it("keeps options", () => {
    const { options } = get(graph, "parameter");
    expect(options.ignoreChanges).to.deep.equal(["description"]);
    expect(options.customTimeouts).to.deep.equal({ create: "5m" });
    expect(options.version).to.match(/^\d+\.\d+\.\d+$/);
  });

  it("marks a resource that the program only reads as external, with the given id", () => {
    const existing = get(graph, "existing");
    expect(existing).to.include({ external: true, id: "orders" });
    expect(output("existingArn")).to.equal("arn:aws:dynamodb:eu-west-1:123456789012:table/orders");
  });

  it("gives remote components outputs of their types", () => {
    expect(get(graph, "network")).to.include({ custom: false }).and.not.have.property("provider");
    expect(output("subnets")).to.satisfy((ids: string[]) => ids.every((id) => /^subnet-[0-9a-f]{17}$/.test(id)));
  });

  it("registers dynamic resources", () => {
    expect(output("dynamicUrn")).to.equal(urn("pulumi-nodejs:dynamic:Resource::dynamic"));
    expect(get(graph, "dynamic").outputs).to.include({ greeting: "hello" });
  });

  it("answers look-ups", () => {
    expect(output("region")).to.equal("eu-west-1");
    const [statement] = JSON.parse(String(output("policy"))).Statement;
    expect(statement).to.include({ Effect: "Allow", Action: "s3:GetObject" });
    expect(statement.Resource).to.match(/^arn:aws:sns:eu-west-1:123456789012:topic-/);
  });

  it("ends the name of a FIFO queue as AWS requires", () => {
    expect(output("fifoName")).to.match(/^fifo-[0-9a-f]{7}\.fifo$/);
  });

  it("leaves unset outputs out of a resource that is a stack output", () => {
    expect(graph.outputs.reference).to.include({ owner: "123456789012" });
    expect(graph.outputs.reference).to.not.have.any.keys("@isPulumiResource", "deliveryPolicy");
  });
});

describe("runProgram with unknowns", () => {
  it("leaves computed outputs unknown, but not reads and look-ups", async () => {
    const graph = await run("everything", { unknowns: true });
    expect(graph.outputs.innerUrl).to.be.instanceOf(Unknown);
    expect(graph.outputs.existingArn).to.equal("arn:aws:dynamodb:eu-west-1:123456789012:table/orders");
    expect(graph.outputs.region).to.equal("eu-west-1");
    expect(get(graph, "topic").id).to.equal(undefined);
    expect(get(graph, "topic").outputs.arn).to.be.instanceOf(Unknown);
    expect(get(graph, "fifo").propertyDependencies).to.deep.equal({ tags: [get(graph, "topic").urn] });
  });
});
