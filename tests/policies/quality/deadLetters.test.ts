import { expect } from "chai";
import { type Checked, unknown } from "../../helpers/policies/policies";
import { onlySaid, said, unsaid } from "./said";

const arn = "arn:aws:sqs:eu-west-1:123456789012:failed";
const lambdaArn = "arn:aws:lambda:eu-west-1:123456789012:function:items";

const queue = (props: object, name = "orders"): Checked => ({ type: "aws:sqs/queue:Queue", name, props });

describe("sqs-dead-letter-queue", () => {
  const rule = "sqs-dead-letter-queue";
  const deadLetters = queue({ arn, url: "https://sqs/failed", redrivePolicy: "" }, "failed");

  it("reports a queue without a dead letter queue, also if AWS has filled in an empty policy", async () => {
    for (const props of [{}, { redrivePolicy: "" }]) {
      expect(await onlySaid(rule, queue(props))).to.match(
        /^redrivePolicy is missing, .*: write the ARN of a dead letter queue, and a maxReceiveCount\.$/,
      );
    }
  });

  it("accepts a queue whose policy is its own or a resource's", async () => {
    expect(await said(rule, queue({ redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn }) }))).to.deep.equal([]);
    const policy = {
      type: "aws:sqs/redrivePolicy:RedrivePolicy",
      name: "policy",
      props: { queueUrl: "https://sqs/orders", redrivePolicy: unknown },
    };
    expect(await said(rule, [queue({ url: "https://sqs/orders" }), policy])).to.deep.equal([]);
    expect(await said(rule, [queue({ url: "https://sqs/others" }), policy])).to.have.lengthOf(1);
  });

  const policy = { redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn }) };
  const users: Record<string, object> = {
    "aws:sqs/queue:Queue": policy,
    "aws:sqs/redrivePolicy:RedrivePolicy": policy,
    "aws:sns/topicSubscription:TopicSubscription": policy,
    "aws:cloudwatch/eventTarget:EventTarget": { deadLetterConfig: { arn } },
    "aws:cloudwatch/eventBus:EventBus": { deadLetterConfig: { arn } },
    "aws:scheduler/schedule:Schedule": { target: { arn: lambdaArn, deadLetterConfig: { arn } } },
    "aws:lambda/function:Function": { deadLetterConfig: { targetArn: arn } },
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
      destinationConfig: { onFailure: { destination: arn } },
    },
    "aws:lambda/eventSourceMapping:EventSourceMapping": { destinationConfig: { onFailure: { destinationArn: arn } } },
    "aws:pipes/pipe:Pipe": { sourceParameters: { kinesisStreamParameters: { deadLetterConfig: { arn } } } },
  };
  for (const [type, props] of Object.entries(users)) {
    it(`accepts the dead letter queue of ${type}, before and after its ARN is known`, async () => {
      const others = JSON.parse(JSON.stringify(props).replaceAll("failed", "others"));
      expect(await said(rule, [deadLetters, { type, name: "user", props }])).to.deep.equal([]);
      expect(await said(rule, [deadLetters, { type, name: "user", props: others }])).to.have.lengthOf(1);

      const [property = ""] = Object.keys(props);
      const user = { type, name: "user", props: { [property]: unknown } };
      const planned = queue({ arn: unknown, url: unknown, redrivePolicy: unknown }, "failed");
      const linked = [planned, { ...user, propertyDependencies: { [property]: ["failed"] } }];
      expect(await said(rule, linked)).to.deep.equal([]);
      expect(await unsaid(rule, linked.slice(0, 1))).to.include("redrivePolicy");
    });
  }

  it("does not take the target of a schedule for its dead letter queue", async () => {
    const schedule = {
      type: "aws:scheduler/schedule:Schedule",
      name: "nightly",
      props: { target: { arn } },
      propertyDependencies: { target: ["failed"] },
    };
    expect(await said(rule, [deadLetters, schedule])).to.have.lengthOf(1);
  });

  it("accepts a queue that other stacks may use for dead letters, unless it allows none", async () => {
    const allow = (redrivePermission: string) => ({ redriveAllowPolicy: JSON.stringify({ redrivePermission }) });
    const allowed = (props: object) => ({
      type: "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
      name: "allow",
      props: { queueUrl: "https://sqs/failed", ...props },
    });
    expect(await said(rule, queue(allow("byQueue")))).to.deep.equal([]);
    expect(await said(rule, queue(allow("denyAll")))).to.have.lengthOf(1);
    expect(await said(rule, [deadLetters, allowed(allow("allowAll"))])).to.deep.equal([]);
    expect(await said(rule, [deadLetters, allowed(allow("denyAll"))])).to.have.lengthOf(1);
  });
});

describe("eventbridge-dead-letter-queue", () => {
  const rule = "eventbridge-dead-letter-queue";
  const target = (props: object): Checked => ({ type: "aws:cloudwatch/eventTarget:EventTarget", props });
  const schedule = (props: object): Checked => ({ type: "aws:scheduler/schedule:Schedule", props: { target: props } });
  const deadLetterConfig = { arn: unknown };

  it("requires one of rules' targets and of schedules", async () => {
    for (const [of, path] of [
      [target, "deadLetterConfig.arn"],
      [schedule, "target.deadLetterConfig.arn"],
    ] as const) {
      expect(await said(rule, of({ arn: lambdaArn, deadLetterConfig }))).to.deep.equal([]);
      expect(await onlySaid(rule, of({ arn: lambdaArn }))).to.equal(
        `${path} is missing: write the ARN of a queue that the service may send to, or events that cannot be delivered ` +
          "are lost.",
      );
    }
  });

  it("requires none of a rule's target that is a topic, or may be", async () => {
    expect(await said(rule, target({ arn: "arn:aws:sns:eu-west-1:123456789012:alarms" }))).to.deep.equal([]);
    expect(await said(rule, target({ arn: unknown }))).to.deep.equal([]);
    expect(await unsaid(rule, target({ arn: unknown }))).to.deep.equal(["arn"]);
  });
});
