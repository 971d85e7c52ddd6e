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
const arn = "arn:aws:lambda:eu-west-1:123456789012:function:main";
const invoke = "invoke the function: npx --no pulumi-offline invoke main";

describe("Unserved", () => {
  it("has nothing to say about a program that is served whole", () => {
    expect(problems([main, table("items")])).to.deep.equal([]);
  });

  const kinds: [Resource[], ...string[]][] = [
    [
      [resource("aws:lambda/eventSourceMapping:EventSourceMapping", "poll", { functionName: `${arn}:live` })],
      `1 event source mapping does not poll (poll → main): ${invoke}`,
    ],
    [
      [
        resource("aws:cloudwatch/eventRule:EventRule", "rule", {}, { name: "rule-1" }),
        resource("aws:cloudwatch/eventTarget:EventTarget", "target", { rule: "rule-1", arn }),
      ],
      `1 EventBridge rule does not fire (rule → main): ${invoke}`,
    ],
    [
      [
        resource("aws:apigatewayv2/api:Api", "http", {}, { id: "h1" }),
        resource("aws:apigatewayv2/integration:Integration", "http", {
          apiId: "h1",
          integrationUri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
        }),
      ],
      `1 HTTP or WebSocket API is not served (http → main): ${invoke}`,
    ],
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
    const queues = Array.from({ length: 9 }, (_, index) => resource("aws:sqs/queue:Queue", `q${index}`, {}));
    expect(problems(queues)).to.deep.equal([
      "9 SQS queues are not emulated (q0, q1, q2, q3 and 5 more): calls to sqs fail unless --endpoint sqs=URL sends them elsewhere",
    ]);
  });

  it("leaves out the services whose requests are sent elsewhere, and what the program only reads", () => {
    const read = { ...resource("aws:sns/topic:Topic", "known", {}), external: true };
    const queue = resource("aws:sqs/queue:Queue", "queue", {});
    expect(problems([queue, read], { sqs: "http://127.0.0.1:9324" })).to.deep.equal([]);
  });
});
