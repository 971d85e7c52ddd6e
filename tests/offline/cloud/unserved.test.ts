import { expect } from "chai";
import { Unserved } from "../../../offline/cloud/unserved";
import type { Resource } from "../../../offline/engine/graph";
import { graphOf, lambda, resource, table } from "../../helpers/offline/graph";

function problems(resources: Resource[], endpoints: Record<string, string> = {}): string[] {
  const unserved = new Unserved(endpoints);
  unserved.reconcile(graphOf("/project", ...resources));
  return unserved.problems;
}

const main = lambda("main", "");

describe("Unserved", () => {
  it("has nothing to say about a program that is served whole", () => {
    expect(problems([main, table("items")])).to.deep.equal([]);
  });

  const kinds: [Resource[], ...string[]][] = [
    [
      [
        lambda("durable", "", { durableConfig: { executionTimeout: 60 } }),
        lambda("managed", "", { capacityProviderConfig: { lambdaManagedInstancesCapacityProviderConfig: {} } }),
      ],
      "1 function runs without durable execution (durable): run the handler with LocalDurableTestRunner of @aws/durable-execution-sdk-js-testing",
      "1 function runs one call at a time in a process (managed): on managed instances, calls share a process at the same time, and the code must allow for that",
    ],
    [
      [resource("awsx:ecs:FargateService", "web", {}), resource("awsx:lb:ApplicationLoadBalancer", "lb", {})],
      "1 container service does not run (web): run the container on this machine",
      "1 load balancer is not served (lb): call its targets directly",
    ],
    [
      [resource("aws:rds/instance:Instance", "one", {}), resource("aws:rds/cluster:Cluster", "two", {})],
      "2 databases are not emulated (one, two): run one on this machine, and give the program its address",
    ],
  ];
  for (const [resources, ...expected] of kinds) {
    it(`says that ${expected.map((problem) => problem.replace(/:.*/, "")).join(" and ")}, and what to do`, () => {
      expect(problems([main, ...resources])).to.deep.equal(expected);
    });
  }

  it("cuts long lists of names", () => {
    const type = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
    const streams = Array.from({ length: 9 }, (_, index) => resource(type, `s${index}`, {}));
    expect(problems(streams)).to.deep.equal([
      "9 Firehose streams are not emulated (s0, s1, s2, s3 and 5 more): calls to firehose fail unless --endpoint firehose=URL sends them elsewhere",
    ]);
  });

  it("leaves out the services whose requests are sent elsewhere, and what the program only reads", () => {
    const read = { ...resource("aws:sns/topic:Topic", "known", {}), external: true };
    const machine = resource("aws:sfn/stateMachine:StateMachine", "machine", {});
    expect(problems([machine, read], { states: "http://127.0.0.1:8083" })).to.deep.equal([]);
  });
});
