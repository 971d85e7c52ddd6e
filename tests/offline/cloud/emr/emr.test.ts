import * as fs from "node:fs";
import * as path from "node:path";
import {
  AddJobFlowStepsCommand,
  type AddJobFlowStepsCommandInput,
  CancelStepsCommand,
  DescribeClusterCommand,
  DescribeStepCommand,
  EMRClient,
  ListClustersCommand,
  type ListClustersCommandInput,
  ListInstancesCommand,
  ListStepsCommand,
  RunJobFlowCommand,
  type StepState,
  TerminateJobFlowsCommand,
} from "@aws-sdk/client-emr";
import { expect } from "chai";
import { DOCUMENTATION, testFact, testFacts } from "../../../helpers/facts";
import {
  CLUSTER,
  closeEmr,
  cluster,
  failingStep,
  refusal,
  type ServedEmr,
  serveEmr,
  simulatedStep,
} from "../../../helpers/offline/emr";
import { graphOf, resource } from "../../../helpers/offline/graph";
import { closeServers, serveGraph, until } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const DOCUMENTED = { service: "EMR", source: DOCUMENTATION };

const LONG = { simulatedMilliseconds: 60_000 };

async function statesOf({ emr }: ServedEmr, ids: string[]): Promise<(StepState | undefined)[]> {
  const { Steps = [] } = await emr.send(new ListStepsCommand({ ClusterId: CLUSTER, StepIds: ids }));
  return ids.map((id) => Steps.find(({ Id }) => Id === id)?.Status?.State);
}

async function clusterState({ emr }: ServedEmr) {
  const { Cluster } = await emr.send(new DescribeClusterCommand({ ClusterId: CLUSTER }));
  return Cluster?.Status;
}

describe("Amazon EMR", () => {
  afterEach(async () => {
    await closeEmr();
    await closeServers();
  });

  describe("a cluster", () => {
    it("is WAITING, and shows the program's settings", async () => {
      const configurationsJson = JSON.stringify([{ Classification: "spark", Properties: { a: "b" } }]);
      const ec2Attributes = { subnetIds: ["subnet-1", "subnet-2"], instanceProfile: "profile" };
      const server = await serveEmr([cluster({ configurationsJson, ec2Attributes, stepConcurrencyLevel: 3 })]);
      const { Cluster } = await server.emr.send(new DescribeClusterCommand({ ClusterId: CLUSTER }));
      expect(Cluster?.Status?.State).to.equal("WAITING");
      expect(Cluster).to.deep.include({
        Id: CLUSTER,
        Name: "spark",
        ReleaseLabel: "emr-7.10.0",
        Applications: [{ Name: "Spark" }],
        InstanceCollectionType: "INSTANCE_GROUP",
        StepConcurrencyLevel: 3,
        TerminationProtected: false,
        Tags: [{ Key: "a", Value: "b" }],
        Configurations: [{ Classification: "spark", Properties: { a: "b" } }],
      });
      expect(Cluster).to.include({ AutoTerminate: false }).and.not.to.have.property("ScaleDownBehavior");
      expect(Cluster?.Ec2InstanceAttributes).to.deep.include({
        Ec2SubnetId: "subnet-1",
        IamInstanceProfile: "profile",
      });
    });

    it("is listed by its state", async () => {
      const server = await serveEmr([cluster(), cluster({}, "j-OTHER")]);
      await server.emr.send(new TerminateJobFlowsCommand({ JobFlowIds: ["j-OTHER"] }));
      const list = async (...ClusterStates: ("WAITING" | "TERMINATED")[]) => {
        const { Clusters = [] } = await server.emr.send(new ListClustersCommand({ ClusterStates }));
        return Clusters.map(({ Id }) => Id);
      };
      expect(await list("WAITING")).to.deep.equal([CLUSTER]);
      expect(await list("TERMINATED")).to.deep.equal(["j-OTHER"]);
      expect(await list()).to.have.lengthOf(2);
    });

    it("is listed by the time of its creation", async () => {
      const before = new Date(Date.now() - 1000);
      const { emr } = await serveEmr([cluster()]);
      const list = async (input: ListClustersCommandInput) => (await emr.send(new ListClustersCommand(input))).Clusters;
      const [found] = (await list({ CreatedAfter: before })) ?? [];
      expect(found?.Status?.Timeline?.CreationDateTime).to.be.within(before, new Date());
      expect(await list({ CreatedBefore: before })).to.deep.equal([]);
    });

    it("has the instances of its groups, by role", async () => {
      const task = { clusterId: CLUSTER, instanceType: "c8g.xlarge", instanceCount: 3 };
      const server = await serveEmr([cluster(), resource("aws:emr/instanceGroup:InstanceGroup", "task", task)]);
      const list = async (input = {}) => {
        const { Instances = [] } = await server.emr.send(new ListInstancesCommand({ ClusterId: CLUSTER, ...input }));
        return Instances.map(({ InstanceType, Market }) => `${InstanceType} ${Market}`);
      };
      expect(await list()).to.deep.equal([
        "m8g.xlarge ON_DEMAND",
        ...["r8g.xlarge SPOT", "r8g.xlarge SPOT"],
        ...["c8g.xlarge ON_DEMAND", "c8g.xlarge ON_DEMAND", "c8g.xlarge ON_DEMAND"],
      ]);
      expect(await list({ InstanceGroupTypes: ["MASTER"] })).to.deep.equal(["m8g.xlarge ON_DEMAND"]);
      expect(await list({ InstanceStates: ["TERMINATED"] })).to.deep.equal([]);
      expect(await refusal(list({ InstanceFleetType: "CORE" }))).to.match(
        /^InvalidRequestException: .*instance groups/,
      );
    });

    it("has enough instances of a fleet to fill its units", async () => {
      const fleet = (onDemand: number, spot: number, weightedCapacity = 1) => ({
        targetOnDemandCapacity: onDemand,
        targetSpotCapacity: spot,
        instanceTypeConfigs: [{ instanceType: "m8g.2xlarge", weightedCapacity }],
      });
      const server = await serveEmr([
        cluster({
          masterInstanceGroup: {},
          coreInstanceGroup: {},
          masterInstanceFleet: fleet(1, 0),
          coreInstanceFleet: fleet(4, 5, 2),
        }),
      ]);
      const input = { ClusterId: CLUSTER, InstanceFleetType: "CORE" } as const;
      const { Instances = [] } = await server.emr.send(new ListInstancesCommand(input));
      const markets = Instances.map(({ Market }) => Market);
      expect(markets).to.deep.equal(["ON_DEMAND", "ON_DEMAND", "SPOT", "SPOT", "SPOT"]);
      expect(new Set(Instances.map(({ Id }) => Id)).size).to.equal(5);
    });

    it("runs the steps from the program", async () => {
      const hadoopJarStep = { jar: "command-runner.jar", args: ["state-pusher-script"] };
      const server = await serveEmr([
        cluster({ steps: [{ name: "debugging", actionOnFailure: "CONTINUE", hadoopJarStep }] }),
      ]);
      const { Steps = [] } = await server.emr.send(new ListStepsCommand({ ClusterId: CLUSTER }));
      expect(Steps.map(({ Name }) => Name)).to.deep.equal(["debugging"]);
      expect((await server.reach(Steps[0]?.Id ?? "")).Status?.State).to.equal("COMPLETED");
    });

    it("continues through an update with the new settings, and ends when the program drops it", async () => {
      const server = await serveEmr([cluster()], LONG);
      const [id = ""] = await server.add(simulatedStep("long"));
      await server.reach(id, "RUNNING");
      const changes = await server.reconcile(cluster({ stepConcurrencyLevel: 2 }));
      expect(changes).to.deep.equal([{ action: "updated", kind: "cluster", name: "spark" }]);
      const [second = ""] = await server.add(simulatedStep("beside it"));
      await server.reach(second, "RUNNING");
      expect((await server.step(id)).Status?.State).to.equal("RUNNING");
      expect(await server.reconcile()).to.deep.equal([{ action: "removed", kind: "cluster", name: "spark" }]);
      await until(() => server.lines.some((line) => /long s-\w+ \| INTERRUPTED/.test(line)));
      const describe = server.emr.send(new DescribeClusterCommand({ ClusterId: CLUSTER }));
      expect(await refusal(describe)).to.match(/^InvalidRequestException: Cluster id 'j-.*' is not valid/);
    });
  });

  it("is served as soon as the program has a cluster", async () => {
    const server = await serveGraph(graphOf(temporaryFolder()));
    const { endpoint, credentials } = server;
    const emr = new EMRClient({ endpoint, credentials, region: "eu-west-1", maxAttempts: 1 });
    const list = async () => (await emr.send(new ListClustersCommand())).Clusters?.map(({ Id }) => Id);
    expect(await refusal(list())).to.match(/^NotEmulated/);
    const changes = await server.reconcile(graphOf(temporaryFolder(), cluster()));
    expect(changes).to.deep.equal([{ action: "added", kind: "cluster", name: "spark" }]);
    expect(await list()).to.deep.equal([CLUSTER]);
    await server.reconcile(graphOf(temporaryFolder()));
    expect(await list()).to.deep.equal([]);
  });

  describe("steps", () => {
    it("run one after another, and keep their times", async () => {
      const server = await serveEmr();
      const ids = await server.add(simulatedStep("a"), simulatedStep("b"));
      const [first = "", second = ""] = ids;
      expect(first).to.match(/^s-[0-9A-Z]{20}$/);
      const { Status: later } = await server.reach(second);
      const { Status: earlier, Config, ActionOnFailure } = await server.step(first);
      expect([earlier?.State, later?.State]).to.deep.equal(["COMPLETED", "COMPLETED"]);
      expect(later?.Timeline?.StartDateTime).to.be.at.least(earlier?.Timeline?.EndDateTime as Date);
      expect(earlier?.StateChangeReason?.Message).to.match(
        /^simulated: commands other than spark-submit, such as bash/,
      );
      expect(Config).to.deep.include({ Jar: "command-runner.jar", Args: ["bash", "-c", "true"] });
      expect(ActionOnFailure).to.equal("CONTINUE");
      expect((await clusterState(server))?.State).to.equal("WAITING");
    });

    it("run as many at a time as the cluster allows, while the cluster is RUNNING", async () => {
      const server = await serveEmr([cluster({ stepConcurrencyLevel: 2 })], LONG);
      const ids = await server.add(simulatedStep("a"), simulatedStep("b"), simulatedStep("c"));
      await server.reach(ids[1] ?? "", "RUNNING");
      expect(await statesOf(server, ids)).to.deep.equal(["RUNNING", "RUNNING", "PENDING"]);
      expect((await clusterState(server))?.State).to.equal("RUNNING");
    });

    it("fail if their jar is not in the bucket, and say why", async () => {
      const server = await serveEmr();
      const [id = ""] = await server.add(failingStep("a"));
      const { Status } = await server.reach(id);
      expect(Status?.State).to.equal("FAILED");
      expect(Status?.FailureDetails?.Reason).to.match(/^s3:\/\/code\/missing.jar does not exist: upload it/);
    });

    it("look for scripts among their arguments, in the buckets of the program only", async () => {
      const server = await serveEmr(undefined, { files: { "there.sh": "" } });
      const run = async (Jar: string, ...Args: string[]) => {
        const [id = ""] = await server.add({ Name: "a", HadoopJarStep: { Jar, Args } });
        const { Status } = await server.reach(id);
        return Status?.FailureDetails?.Reason ?? Status?.State;
      };
      const runner = "s3://eu-west-1.elasticmapreduce/libs/script-runner/script-runner.jar";
      expect(await run(runner, "s3://code/there.sh", "s3://code/data.csv")).to.equal("COMPLETED");
      expect(await run(runner, "s3://code/gone.sh")).to.match(/^s3:\/\/code\/gone.sh does not exist/);
      expect(await run(runner, "s3://other/there.sh")).to.match(/the program has no bucket "other"/);
      const outside = path.join(temporaryFolder(), "there.sh");
      fs.writeFileSync(outside, "");
      const upwards = path.relative(server.folder, outside);
      expect(await run(runner, `s3://code/${upwards}`)).to.match(/does not exist/);
    });

    testFact(DOCUMENTED, "that fail with CANCEL_AND_WAIT cancel the waiting ones", async () => {
      const server = await serveEmr();
      const ids = await server.add(failingStep("a", { ActionOnFailure: "CANCEL_AND_WAIT" }), simulatedStep("b"));
      await server.reach(ids[1] ?? "");
      expect(await statesOf(server, ids)).to.deep.equal(["FAILED", "CANCELLED"]);
      expect((await clusterState(server))?.State).to.equal("WAITING");
    });

    testFact(DOCUMENTED, "that fail with CONTINUE let the others run", async () => {
      const server = await serveEmr();
      const ids = await server.add(failingStep("a", { ActionOnFailure: "CONTINUE" }), simulatedStep("b"));
      await server.reach(ids[1] ?? "");
      expect(await statesOf(server, ids)).to.deep.equal(["FAILED", "COMPLETED"]);
    });

    testFact(DOCUMENTED, "that fail with TERMINATE_CLUSTER end the cluster, which then accepts no more", async () => {
      const server = await serveEmr();
      const ids = await server.add(failingStep("a", { ActionOnFailure: "TERMINATE_CLUSTER" }), simulatedStep("b"));
      await server.reach(ids[1] ?? "");
      expect(await statesOf(server, ids)).to.deep.equal(["FAILED", "CANCELLED"]);
      const status = await clusterState(server);
      expect([status?.State, status?.StateChangeReason?.Code]).to.deep.equal([
        "TERMINATED_WITH_ERRORS",
        "STEP_FAILURE",
      ]);
      expect(await refusal(server.add(simulatedStep("c")))).to.match(/^ValidationException: .*may not be modified/);
    });

    testFact(DOCUMENTED, "that fail with TERMINATE_CLUSTER do not end a protected cluster", async () => {
      const server = await serveEmr([cluster({ terminationProtection: true })]);
      const ids = await server.add(failingStep("a", { ActionOnFailure: "TERMINATE_CLUSTER" }), simulatedStep("b"));
      await server.reach(ids[1] ?? "");
      expect(await statesOf(server, ids)).to.deep.equal(["FAILED", "CANCELLED"]);
      expect((await clusterState(server))?.State).to.equal("WAITING");
    });

    it("that fail with TERMINATE_CLUSTER do not end a cluster that by then runs several at a time", async () => {
      const server = await serveEmr(undefined, LONG);
      const ids = await server.add(simulatedStep("a"), failingStep("b", { ActionOnFailure: "TERMINATE_CLUSTER" }));
      await server.reach(ids[0] ?? "", "RUNNING");
      await server.reconcile(cluster({ stepConcurrencyLevel: 2 }));
      await server.reach(ids[1] ?? "");
      expect(await statesOf(server, ids)).to.deep.equal(["RUNNING", "FAILED"]);
      expect((await clusterState(server))?.State).to.equal("RUNNING");
    });

    it("are cancelled while they wait and while they run", async () => {
      const server = await serveEmr(undefined, LONG);
      const ids = await server.add(simulatedStep("a"), simulatedStep("b"));
      const [first = "", second = ""] = ids;
      await server.reach(first, "RUNNING");
      const cancel = (...StepIds: string[]) => server.emr.send(new CancelStepsCommand({ ClusterId: CLUSTER, StepIds }));
      const { CancelStepsInfoList } = await cancel(second, first);
      expect(CancelStepsInfoList?.map(({ Status }) => Status)).to.deep.equal(["SUBMITTED", "SUBMITTED"]);
      await server.reach(first);
      expect(await statesOf(server, ids)).to.deep.equal(["CANCELLED", "CANCELLED"]);
      const again = (await cancel(first)).CancelStepsInfoList ?? [];
      expect(again[0]).to.deep.equal({ StepId: first, Status: "FAILED", Reason: "The step is already CANCELLED" });
      expect(await refusal(cancel("s-NONE"))).to.equal("InvalidRequestException: Step id 's-NONE' is not valid.");
    });

    it("are interrupted or cancelled when the cluster is terminated", async () => {
      const server = await serveEmr(undefined, LONG);
      const ids = await server.add(simulatedStep("a"), simulatedStep("b"));
      await server.reach(ids[0] ?? "", "RUNNING");
      await server.emr.send(new TerminateJobFlowsCommand({ JobFlowIds: [CLUSTER] }));
      await server.reach(ids[0] ?? "");
      expect(await statesOf(server, ids)).to.deep.equal(["INTERRUPTED", "CANCELLED"]);
      const status = await clusterState(server);
      expect([status?.State, status?.StateChangeReason?.Code]).to.deep.equal(["TERMINATED", "USER_REQUEST"]);
    });

    it("are listed newest first, 50 per page, or by id and state", async () => {
      const server = await serveEmr(undefined, LONG);
      const ids = await server.add(...Array.from({ length: 120 }, (_, index) => simulatedStep(`step ${index}`)));
      await server.reach(ids[0] ?? "", "RUNNING");
      const list = async (input = {}) => await server.emr.send(new ListStepsCommand({ ClusterId: CLUSTER, ...input }));
      const listed: (string | undefined)[] = [];
      const sizes: number[] = [];
      for (let marker: string | undefined, first = true; first || marker; first = false) {
        const { Steps = [], Marker } = await list({ Marker: marker });
        listed.push(...Steps.map(({ Id }) => Id));
        sizes.push(Steps.length);
        marker = Marker;
      }
      expect(sizes).to.deep.equal([50, 50, 20]);
      expect(listed).to.deep.equal([...ids].reverse());
      expect((await list({ StepStates: ["RUNNING"] })).Steps?.map(({ Id }) => Id)).to.deep.equal([ids[0]]);
      expect((await list({ StepIds: [ids[7]] })).Steps?.map(({ Name }) => Name)).to.deep.equal(["step 7"]);
      expect(await refusal(list({ StepIds: ids.slice(0, 11) }))).to.match(/^InvalidRequestException: .*at most 10/);
      expect(await refusal(list({ Marker: "!" }))).to.match(/^InvalidRequestException: .* Marker is invalid/);
      const { Marker } = await list();
      expect(await refusal(list({ Marker, StepStates: ["PENDING"] }))).to.match(/Marker is invalid/);
      expect(await refusal(list({ StepStates: ["DONE"] }))).to.match(
        /^ValidationException: 1 validation error detected: Value '\[DONE\]' at 'stepStates' .* enum value set: \[PENDING,/,
      );
    });
  });

  describe("refuses", () => {
    const step = simulatedStep("a");
    const refused: [string, Partial<AddJobFlowStepsCommandInput>, RegExp][] = [
      ["an unknown cluster", { JobFlowId: "j-NONE" }, /^ValidationException: Specified job flow ID does not exist/],
      ["no steps", { Steps: [] }, /^ValidationException: Steps is empty/],
      ["a step without a name", { Steps: [{ ...step, Name: "" }] }, /Steps\[0\] has an empty name/],
      [
        "a long name",
        { Steps: [step, { ...step, Name: "a".repeat(257) }] },
        /at 'steps.2.member.name' .* length less than or equal to 256/,
      ],
      ["a step without a jar", { Steps: [{ Name: "a", HadoopJarStep: { Jar: "" } }] }, /Steps\[0\] has no jar/],
      [
        "long arguments",
        { Steps: [{ Name: "a", HadoopJarStep: { Jar: "a.jar", Args: ["a".repeat(10_240)] } }] },
        /Steps\[0\] has 10245 characters/,
      ],
      [
        "an action that does not exist",
        { Steps: [{ ...step, ActionOnFailure: "RETRY" as "CONTINUE" }] },
        /^ValidationException: .*'RETRY' at 'steps.1.member.actionOnFailure' .* enum value set: \[TERMINATE_JOB_FLOW,/,
      ],
      ["more than 256 steps", { Steps: Array(257).fill(step) }, /^ValidationException: Maximum number of active steps/],
    ];
    testFacts(
      { ...DOCUMENTED, facts: refused.map(([what, input, message]) => ({ fact: what, input, message })) },
      async ({ input, message }) => {
        const { emr } = await serveEmr();
        const send = emr.send(new AddJobFlowStepsCommand({ JobFlowId: CLUSTER, Steps: [step], ...input }));
        expect(await refusal(send)).to.match(message);
      },
    );

    testFact(DOCUMENTED, "the 257th active step, with all others of the request", async () => {
      const server = await serveEmr(undefined, LONG);
      await server.add(...Array(255).fill(step));
      expect(await refusal(server.add(step, step))).to.match(/has 255 of 256/);
      await server.add(step);
    });

    for (const ActionOnFailure of ["CANCEL_AND_WAIT", "TERMINATE_CLUSTER"] as const) {
      it(`${ActionOnFailure} if several steps run at a time`, async () => {
        const server = await serveEmr([cluster({ stepConcurrencyLevel: 2 })]);
        const add = server.add(simulatedStep("a", { ActionOnFailure }));
        expect(await refusal(add)).to.match(/^ValidationException: ActionOnFailure \w+ is not valid.*Use CONTINUE/);
      });
    }

    testFact(DOCUMENTED, "to end a protected cluster, and others together with it", async () => {
      const server = await serveEmr([cluster({ terminationProtection: true }), cluster({}, "j-OTHER")]);
      const terminate = server.emr.send(new TerminateJobFlowsCommand({ JobFlowIds: ["j-OTHER", CLUSTER] }));
      expect(await refusal(terminate)).to.match(/^ValidationException: .*termination protected: j-0123456789ABC/);
      const { Cluster } = await server.emr.send(new DescribeClusterCommand({ ClusterId: "j-OTHER" }));
      expect(Cluster?.Status?.State).to.equal("WAITING");
    });

    it("a step that does not exist, and an operation that is not emulated", async () => {
      const { emr } = await serveEmr();
      const describe = emr.send(new DescribeStepCommand({ ClusterId: CLUSTER, StepId: "s-NONE" }));
      expect(await refusal(describe)).to.equal("InvalidRequestException: Step id 's-NONE' is not valid.");
      const run = emr.send(new RunJobFlowCommand({ Name: "a", Instances: {} }));
      expect(await refusal(run)).to.match(/^NotEmulated: elasticmapreduce RunJobFlow .*--endpoint/);
    });
  });
});
