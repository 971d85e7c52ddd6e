import { expect } from "chai";
import type { Resource } from "../../../../offline/engine/graph";
import { lambda, resource } from "../../../helpers/offline/graph";
import { queue, stream } from "../../../helpers/offline/mappings";
import { fromQueue, fromStream, MAIN, pipe, servePipes } from "../../../helpers/offline/pipes";
import { closeServers } from "../../../helpers/offline/served";
import { arnOf } from "../../../helpers/offline/sqs";

const ROLE = "arn:aws:iam::123456789012:role/pipe";
const role = resource("aws:iam/role:Role", "pipe", {}, { arn: ROLE, name: "pipe" });
const policy = (...statements: object[]) =>
  resource("aws:iam/rolePolicy:RolePolicy", "pipe", {
    role: "pipe",
    policy: JSON.stringify({ Statement: statements }),
  });
const managed = (name: string) =>
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", name, {
    role: "pipe",
    policyArn: `arn:aws:iam::aws:policy/service-role/${name}`,
  });
const reads = {
  Effect: "Allow",
  Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
  Resource: arnOf("orders"),
};
const calls = { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: MAIN };

const problemsOf = async (...resources: Resource[]) => (await servePipes(resources)).problems;

describe("The problems of pipes", () => {
  afterEach(closeServers);

  const broken: [what: string, pipe: Resource, ...problems: string[]][] = [
    [
      "a source that is not polled",
      pipe("orders", "arn:aws:kafka:eu-west-1:123456789012:cluster/a/1"),
      "its source arn:aws:kafka:eu-west-1:123456789012:cluster/a/1 is not polled offline: only Kinesis, DynamoDB streams and SQS are",
    ],
    ["an unknown source", fromQueue("none"), `the program has no source ${arnOf("none")}`],
    [
      "a function that the program does not have",
      fromQueue("orders", { target: `${MAIN}2` }),
      `the program has no function ${MAIN}2; it has main`,
    ],
    [
      "a target that is not emulated",
      fromQueue("orders", { target: "arn:aws:ecs:eu-west-1:123456789012:cluster/a" }),
      "its target ecs is not emulated: only batch, events, firehose, kinesis, lambda, logs, sns, sqs, states are",
    ],
    [
      "a target that runs elsewhere",
      fromQueue("orders", { target: "arn:aws:states:eu-west-1:123456789012:stateMachine:a" }),
      "states is not emulated: run it elsewhere, and give --endpoint states=URL",
    ],
    [
      "an enrichment that is not emulated",
      fromQueue("orders", { enrichment: "arn:aws:states:eu-west-1:123456789012:stateMachine:a" }),
      "its enrichment by states is not emulated: only Lambda functions are",
    ],
    [
      "a filter, a template and a setting that AWS refuses, all at once",
      fromQueue("orders", {
        sourceParameters: {
          filterCriteria: { filters: [{ pattern: '{"body":"a"}' }] },
          sqsQueueParameters: { batchSize: 10_001 },
        },
        targetParameters: { inputTemplate: '{"a":<b>}' },
      }),
      "AWS refuses a batchSize of 10001: the target lambda takes at most 10000",
      "AWS refuses its filter: ",
      "the inputTemplate of its target: it has no variable <b>: use a path, such as <$.body>, or a variable of pipes",
      "AWS refuses it: 1 validation error detected: Value '10001' at 'sourceParameters.sqsQueueParameters.batchSize' failed",
    ],
    [
      "a template that makes no JSON",
      fromQueue("orders", { targetParameters: { inputTemplate: '{"a":<$.body>,}' } }),
      "the inputTemplate of its target: ",
    ],
    [
      "a batch that is too large for the target",
      fromStream("clicks", { batchSize: 11 }, { target: arnOf("orders") }),
      "AWS refuses a batchSize of 11: the target sqs takes at most 10",
    ],
    [
      "a stream without a starting position",
      fromStream("clicks", { startingPosition: "" }),
      "Value null at 'sourceParameters.kinesisStreamParameters.startingPosition' failed to satisfy constraint",
    ],
  ];

  for (const [what, one, ...problems] of broken) {
    it(`name ${what}`, async () => {
      const found = await problemsOf(queue("orders"), stream("clicks"), one);
      expect(found).to.have.length(1);
      expect(found[0]).to.match(new RegExp(`^pipe ${one.name} does not run: `));
      for (const problem of problems) expect(found[0]).to.contain(problem);
    });
  }

  it("name what the pipe's role does not allow on its source and its target", async () => {
    const found = await problemsOf(
      queue("orders"),
      role,
      policy({ ...reads, Action: "sqs:ReceiveMessage" }),
      fromQueue("orders"),
    );
    expect(found).to.deep.equal([
      `pipe orders does not run: its role does not allow sqs:DeleteMessage, sqs:GetQueueAttributes on ${arnOf("orders")}; ` +
        `its role does not allow lambda:InvokeFunction on ${MAIN}`,
    ]);
  });

  const enough: [what: string, resources: Resource[]][] = [
    ["a policy with what it needs", [role, policy(reads, calls)]],
    ["AWS's own policies", [role, managed("AWSLambdaSQSQueueExecutionRole"), managed("AWSLambdaRole")]],
    ["a role of another program", []],
    ["a policy that cannot be read", [role, managed("Unheard")]],
  ];
  for (const [what, resources] of enough) {
    it(`are none with ${what}`, async () => {
      expect(await problemsOf(queue("orders"), ...resources, fromQueue("orders"))).to.deep.equal([]);
    });
  }

  it("are none for a log group whose streams the role may write to", async () => {
    const target = "arn:aws:logs:eu-west-1:123456789012:log-group:/shop";
    const puts = { Effect: "Allow", Action: "logs:PutLogEvents", Resource: `${target}:*` };
    const resources = [queue("orders"), role, policy(reads, puts), fromQueue("orders", { target })];
    expect(await problemsOf(...resources, lambda("other", "exports.handler = () => {}"))).to.deep.equal([]);
  });

  it("are none for a pipe that is stopped", async () => {
    expect(await problemsOf(fromQueue("none", { desiredState: "STOPPED" }))).to.deep.equal([]);
  });
});
