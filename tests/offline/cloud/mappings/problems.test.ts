import { expect } from "chai";
import type { Resource } from "../../../../offline/engine/graph";
import type { Properties } from "../../../../offline/engine/values";
import { graphOf, lambda, resource } from "../../../helpers/offline/graph";
import { STREAM_ARN } from "../../../helpers/offline/kinesis";
import {
  ECHO,
  mapping,
  ofQueue,
  ofStream,
  ofTable,
  queue,
  stream,
  streamedTable,
} from "../../../helpers/offline/mappings";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { arnOf } from "../../../helpers/offline/sqs";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const ROLE = "arn:aws:iam::123456789012:role/main";
const role = (inputs: Properties = {}) => resource("aws:iam/role:Role", "main", inputs, { arn: ROLE, name: "main" });
const policy = (name: string, ...statements: object[]) =>
  resource("aws:iam/rolePolicy:RolePolicy", name, { role: "main", policy: JSON.stringify({ Statement: statements }) });
const attachment = (policyArn: string) =>
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", policyArn, { role: "main", policyArn });
const managed = (name: string) => attachment(`arn:aws:iam::aws:policy/${name}`);
const allow = (Action: string | string[], Resource: string | string[], more = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const own = { timeout: 3, role: ROLE };

async function problemsOf(...resources: Resource[]): Promise<string[]> {
  const main = resources.some(({ type }) => type.startsWith("aws:lambda/function:")) ? [] : [lambda("main", ECHO, own)];
  return (await serveGraph(graphOf(temporaryFolder(), ...main, ...resources))).problems;
}

const says = (text: string, name = "orders") => `event source mapping ${name} does not poll: ${text}`;
const lacks = (actions: string, arn = arnOf("orders")) =>
  says(`the role of function main does not allow ${actions} on ${arn}`);

describe("The problems of event source mappings", () => {
  afterEach(closeServers);

  const broken: [what: string, resources: Resource[], problem: string][] = [
    [
      "a function that the program does not have",
      [queue("orders"), ofQueue("orders", { functionName: "none" })],
      says("the program has no function none; it has main"),
    ],
    [
      "a function that does not run",
      [lambda("main", ECHO, { runtime: "ruby3.4" }), queue("orders"), ofQueue("orders")],
      says("the function main does not run offline: "),
    ],
    ["an unknown stream", [ofStream("orders")], says(`AWS refuses it: Stream not found: ${STREAM_ARN}/orders`)],
    [
      "a visibility timeout that is too short",
      [queue("orders", { visibilityTimeoutSeconds: 2 }), ofQueue("orders")],
      says(
        "AWS refuses it: Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds. Give the queue a visibilityTimeoutSeconds of six times the function's timeout",
      ),
    ],
    [
      "no starting position",
      [stream("orders"), ofStream("orders", { startingPosition: "" })],
      says(
        "AWS refuses it: 1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null. Write TRIM_HORIZON or LATEST",
      ),
    ],
    [
      "all settings that are out of bounds",
      [stream("orders"), ofStream("orders", { parallelizationFactor: 11, maximumRecordAgeInSeconds: 5 })],
      says(
        "maximumRecordAgeInSeconds is 5, which AWS refuses: use 60 to 604800, or -1; parallelizationFactor is 11, which AWS refuses: use 1 to 10",
      ),
    ],
    [
      "a window of a FIFO queue",
      [queue("orders.fifo", { fifoQueue: true }), ofQueue("orders.fifo", { maximumBatchingWindowInSeconds: 5 })],
      says("AWS refuses it: Batching window is not supported for FIFO queues", "orders.fifo"),
    ],
    [
      "a filter that AWS refuses",
      [queue("orders"), ofQueue("orders", { filterCriteria: { filters: [{ pattern: '{"body":{"a":"b"}}' }] } })],
      says("AWS refuses its filter: "),
    ],
    [
      "a filter on data that the source has under another name",
      [stream("orders"), ofStream("orders", { filterCriteria: { filters: [{ pattern: '{"body":{"a":["b"]}}' }] } })],
      "event source mapping orders has a filter that nothing passes: body.a: No event matches this, since events have no field body. Write one of data, ",
    ],
    [
      "the source and function of another mapping",
      [queue("orders"), ofQueue("orders"), mapping("twice", { eventSourceArn: arnOf("orders") })],
      says("the mapping twice has the same source and function"),
    ],
    [
      "a topic of Kafka",
      [mapping("topic", { eventSourceArn: "arn:aws:kafka:eu-west-1:123456789012:cluster/a/b", topics: ["t"] })],
      says("MSK topics are not polled offline: invoke the function: npx --no pulumi-offline invoke main", "topic"),
    ],
    [
      "a topic of Kafka elsewhere",
      [mapping("topic", { selfManagedEventSource: { endpoints: { KAFKA_BOOTSTRAP_SERVERS: "kafka:9092" } } })],
      says("topics of self-managed Kafka are not polled offline", "topic"),
    ],
    [
      "a role without policies",
      [role(), queue("orders"), ofQueue("orders")],
      lacks("sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes"),
    ],
    [
      "a role that may not delete",
      [
        role(),
        policy("p", allow(["sqs:ReceiveMessage", "sqs:Get*"], arnOf("orders"))),
        queue("orders"),
        ofQueue("orders"),
      ],
      lacks("sqs:DeleteMessage"),
    ],
    [
      "a role for another queue",
      [role(), policy("p", allow("sqs:*", arnOf("others"))), queue("orders"), ofQueue("orders")],
      lacks("sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes"),
    ],
    [
      "a role that is denied what it is allowed",
      [
        role(),
        policy("p", allow("sqs:*", "*"), { Effect: "Deny", Action: "sqs:DeleteMessage", Resource: "*" }),
        queue("orders"),
        ofQueue("orders"),
      ],
      lacks("sqs:DeleteMessage"),
    ],
    [
      "a role with AWS's policy for another source",
      [role(), managed("service-role/AWSLambdaSQSQueueExecutionRole"), stream("orders"), ofStream("orders")],
      lacks(
        "kinesis:GetRecords, kinesis:GetShardIterator, kinesis:DescribeStream, kinesis:ListShards",
        `${STREAM_ARN}/orders`,
      ),
    ],
  ];
  for (const [what, resources, problem] of broken) {
    it(`name ${what}`, async () => {
      expect((await problemsOf(...resources)).join("\n")).to.include(problem);
    });
  }

  const able: [what: string, resources: Resource[]][] = [
    ["a role that the program does not have", [queue("orders"), ofQueue("orders")]],
    [
      "an inline policy with wildcards",
      [
        role({ inlinePolicies: [{ policy: JSON.stringify({ Statement: allow("SQS:*", "arn:aws:sqs:*:*:ord*") }) }] }),
        queue("orders"),
        ofQueue("orders"),
      ],
    ],
    [
      "AWS's policy for queues",
      [role(), managed("service-role/AWSLambdaSQSQueueExecutionRole"), queue("orders"), ofQueue("orders")],
    ],
    [
      "AWS's policy for Kinesis",
      [role(), managed("service-role/AWSLambdaKinesisExecutionRole"), stream("orders"), ofStream("orders")],
    ],
    [
      "AWS's policy for tables",
      [
        role({ managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole"] }),
        streamedTable(),
        ofTable(),
      ],
    ],
    ["all that there is", [role(), managed("AdministratorAccess"), stream("orders"), ofStream("orders")]],
    ["a policy of AWS that is not known here", [role(), managed("SomethingElse"), queue("orders"), ofQueue("orders")]],
    [
      "a policy that cannot be read",
      [role(), attachment("arn:aws:iam::123456789012:policy/elsewhere"), queue("orders"), ofQueue("orders")],
    ],
    [
      "a policy of the program",
      [
        role(),
        resource(
          "aws:iam/policy:Policy",
          "read",
          {
            policy: JSON.stringify({
              Statement: [
                allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], arnOf("orders")),
              ],
            }),
          },
          { arn: "arn:aws:iam::123456789012:policy/read" },
        ),
        attachment("arn:aws:iam::123456789012:policy/read"),
        queue("orders"),
        ofQueue("orders"),
      ],
    ],
    ["a mapping that is disabled", [role(), queue("orders"), ofQueue("orders", { enabled: false })]],
  ];
  for (const [what, resources] of able) {
    it(`are none for ${what}`, async () => {
      expect(await problemsOf(...resources)).to.deep.equal([]);
    });
  }
});
