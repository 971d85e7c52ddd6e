import { expect } from "chai";
import { AlarmTopic, EncryptionKey } from "../../../components";
import { inputsOf, resources, startMocks } from "../../helpers/components/mocks";

describe("AlarmTopic", () => {
  beforeEach(startMocks);

  it("encrypts with its own key, which is rotated", async () => {
    new AlarmTopic("alarms");
    expect(await inputsOf("aws:kms/key:Key")).to.deep.include({ enableKeyRotation: true });
    expect((await inputsOf("aws:sns/topic:Topic")).kmsMasterKeyId).to.match(/^arn:aws:kms:/);
  });

  it("lets CloudWatch alarms of this account publish", async () => {
    new AlarmTopic("alarms");
    const { Statement } = JSON.parse((await inputsOf("aws:sns/topicPolicy:TopicPolicy")).policy);
    expect(Statement[0]).to.deep.include({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["sns:Publish"],
    });
    expect(Statement[0].Condition.StringEquals).to.have.key("aws:SourceAccount");
  });

  it("lets EventBridge publish, without a condition, which would match nothing, and nobody else", async () => {
    new AlarmTopic("alarms");
    const { Statement } = JSON.parse((await inputsOf("aws:sns/topicPolicy:TopicPolicy")).policy);
    const principal = { Effect: "Allow", Principal: { Service: "events.amazonaws.com" } };
    const Resource = "arn:aws:sns:eu-west-1:123456789012:alarms-1234567";
    expect(Statement.slice(1)).to.deep.equal([{ ...principal, Action: ["sns:Publish"], Resource }]);
    const key = JSON.parse((await inputsOf("aws:kms/key:Key")).policy);
    const Action = ["kms:Decrypt", "kms:GenerateDataKey*"];
    expect(key.Statement.slice(2)).to.deep.equal([{ ...principal, Action, Resource: "*" }]);
  });

  it("lets CloudWatch use the key for that", async () => {
    new AlarmTopic("alarms");
    const { Statement } = JSON.parse((await inputsOf("aws:kms/key:Key")).policy);
    expect(Statement[1]).to.deep.include({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    });
  });

  it("uses a customer key instead of its own", async () => {
    const { keyArn: kmsKeyArn } = new EncryptionKey("data", { services: ["cloudwatch", "events"] });
    const { key } = new AlarmTopic("alarms", { kmsKeyArn });
    expect(key).to.equal(undefined);
    const keys = (await resources()).filter(({ type }) => type === "aws:kms/key:Key");
    expect(keys.map(({ name }) => name)).to.deep.equal(["data"]);
    expect((await inputsOf("aws:sns/topic:Topic")).kmsMasterKeyId).to.contain(":data-");
  });

  it("emails the given address, and nobody by default", async () => {
    new AlarmTopic("silent");
    const subscriptions = async () => (await resources()).filter(({ type }) => type.includes("topicSubscription"));
    expect(await subscriptions()).to.be.empty;
    new AlarmTopic("alarms", { email: "ops@example.com" });
    expect((await subscriptions()).map(({ inputs }) => inputs)).to.deep.equal([
      { endpoint: "ops@example.com", protocol: "email", topic: "arn:aws:sns:eu-west-1:123456789012:alarms-1234567" },
    ]);
  });

  it("tags the topic and the key", async () => {
    new AlarmTopic("alarms", { tags: { team: "items" } });
    expect((await inputsOf("aws:kms/key:Key")).tags).to.deep.equal({ team: "items" });
    expect((await inputsOf("aws:sns/topic:Topic")).tags).to.deep.equal({ team: "items" });
  });
});
