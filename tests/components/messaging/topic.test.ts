import { expect } from "chai";
import { Topic, type TopicArgs } from "../../../components";
import { inputsOf, mistakes, resolved, startMocks } from "../../helpers/components/mocks";

const topicType = "aws:sns/topic:Topic";
const topicArn = "arn:aws:sns:eu-west-1:123456789012:news-1234567";
const key = "arn:aws:kms:eu-west-1:123456789012:key/1";
const publishers = [{ service: "events.amazonaws.com", sourceArn: "rule" }];

describe("Topic", () => {
  beforeEach(startMocks);

  async function statements() {
    return JSON.parse((await inputsOf("aws:sns/topicPolicy:TopicPolicy")).policy).Statement;
  }

  it("is encrypted with SNS's own key, and published to over TLS only", async () => {
    new Topic("news", { tags: { team: "a" } });
    expect(await inputsOf(topicType)).to.deep.equal({ kmsMasterKeyId: "alias/aws/sns", tags: { team: "a" } });
    expect(await statements()).to.deep.equal([
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("can be published to with the least privileges, and with its customer key through SNS only", async () => {
    const own = new Topic("news");
    expect(await resolved(own.access("publish"))).to.deep.equal({
      environment: { TOPIC_ARN: topicArn },
      statements: [{ actions: ["sns:Publish"], resources: [topicArn] }],
    });
    const { statements } = new Topic("news", { kmsKeyArn: key }).access("publish", { environmentName: "NEWS" });
    const conditions = { StringEquals: { "kms:ViaService": "sns.eu-west-1.amazonaws.com" } };
    const actions = ["kms:GenerateDataKey", "kms:Decrypt"];
    expect((await resolved(statements))[1]).to.deep.equal({ actions, resources: [key], conditions });
  });

  it("lets services publish on behalf of one resource each, with a customer key", async () => {
    new Topic("news", { publishers, kmsKeyArn: key, fifo: true, contentBasedDeduplication: true });
    expect((await statements())[0]).to.deep.include({
      Principal: { Service: "events.amazonaws.com" },
      Action: "sns:Publish",
      Condition: { ArnEquals: { "aws:SourceArn": "rule" } },
    });
    expect(await inputsOf(topicType)).to.include({
      fifoTopic: true,
      contentBasedDeduplication: true,
      kmsMasterKeyId: key,
    });
  });

  it("raises an alarm when messages cannot be delivered", async () => {
    new Topic("news", { alarmTopicArns: ["topic"] });
    expect(await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm")).to.deep.include({
      metricName: "NumberOfNotificationsFailed",
      dimensions: { TopicName: "news-1234567" },
      alarmActions: ["topic"],
    });
  });

  const cases: [what: string, args: TopicArgs, path: string, reason: RegExp][] = [
    [
      "deduplication without FIFO",
      { contentBasedDeduplication: true },
      "contentBasedDeduplication",
      /`fifo: true` too/,
    ],
    ["services without a customer key", { publishers }, "kmsKeyArn", /services cannot use SNS's own key/],
    ["what it wires up", { topicArgs: { fifoTopic: true } }, "topicArgs.fifoTopic", /component's `fifo` instead/],
  ];
  for (const [what, args, path, reason] of cases) {
    it(`refuses ${what}`, () => {
      const found = mistakes(() => new Topic("news", args));
      expect(found.map(([place]) => place)).to.deep.equal([path]);
      expect(found[0]?.[1]).to.match(reason);
    });
  }
});
