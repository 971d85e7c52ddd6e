import { expect } from "chai";
import { MODEL, testFact } from "../../../helpers/facts";
import { graphOf, lambda } from "../../../helpers/offline/graph";
import { eventsOf, queue, send } from "../../../helpers/offline/mappings";
import { callPipes, fromQueue, MAIN, servePipes, TARGET } from "../../../helpers/offline/pipes";
import { closeServers, until } from "../../../helpers/offline/served";
import { arnOf } from "../../../helpers/offline/sqs";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const MODELLED = { service: "EventBridge Pipes", source: MODEL };

describe("The API of pipes", () => {
  afterEach(closeServers);

  const serve = () =>
    servePipes([
      ...[queue("orders"), queue("stopped")],
      fromQueue("orders", {
        sourceParameters: { sqsQueueParameters: { batchSize: 1 } },
        targetParameters: { inputTemplate: "<$.body>" },
        tags: { team: "shop" },
      }),
      fromQueue("stopped", { desiredState: "STOPPED" }),
      fromQueue("broken"),
    ]);

  testFact(MODELLED, "describes pipes and lists them", async () => {
    const server = await serve();
    const { CreationTime, LastModifiedTime, ...described } = await callPipes(server, "GET", "/v1/pipes/orders");
    expect(described).to.deep.equal({
      status: 200,
      Arn: "arn:aws:pipes:eu-west-1:123456789012:pipe/orders",
      Name: "orders",
      DesiredState: "RUNNING",
      CurrentState: "RUNNING",
      StateReason: "User initiated",
      Source: arnOf("orders"),
      SourceParameters: { SqsQueueParameters: { BatchSize: 1 } },
      EnrichmentParameters: {},
      Target: MAIN,
      TargetParameters: { InputTemplate: "<$.body>" },
      RoleArn: "arn:aws:iam::123456789012:role/pipe",
      Tags: { team: "shop" },
    });
    expect(CreationTime).to.be.a("number");
    expect(LastModifiedTime).to.be.a("number");
    const { Pipes } = await callPipes(server, "GET", "/v1/pipes", { NamePrefix: "s", CurrentState: "STOPPED" });
    expect(Pipes.map(({ Name }: { Name: string }) => Name)).to.deep.equal(["stopped"]);
    const broken = await callPipes(server, "GET", "/v1/pipes/broken");
    expect(broken).to.deep.include({
      CurrentState: "START_FAILED",
      StateReason: `the program has no source ${arnOf("broken")}`,
    });
    expect((await callPipes(server, "GET", "/v1/pipes/none")).status).to.equal(404);
  });

  it("starts a pipe and stops it, and an edit of the program starts it again", async () => {
    const server = await serve();
    await send(server, "stopped", "1");
    expect(await callPipes(server, "POST", "/v1/pipes/stopped/start")).to.include({ CurrentState: "STARTING" });
    await until(() => eventsOf(server).length === 1);
    expect(await callPipes(server, "POST", "/v1/pipes/stopped/stop")).to.include({ CurrentState: "STOPPING" });
    expect(await callPipes(server, "GET", "/v1/pipes/stopped")).to.include({
      DesiredState: "STOPPED",
      CurrentState: "STOPPED",
    });
    await send(server, "stopped", "2");
    const changes = await server.reconcile(
      graphOf(temporaryFolder(), lambda("main", TARGET, { timeout: 1 }), queue("stopped"), fromQueue("stopped")),
    );
    expect(changes.filter(({ kind }) => kind === "pipe")).to.deep.equal([
      { action: "updated", kind: "pipe", name: "stopped" },
      { action: "removed", kind: "pipe", name: "orders" },
      { action: "removed", kind: "pipe", name: "broken" },
    ]);
    await until(() => eventsOf(server).length === 2);
    expect(eventsOf(server).map(([{ body }]) => body)).to.deep.equal(["1", "2"]);
  });
});
