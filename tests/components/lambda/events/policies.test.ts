import { expect } from "chai";
import { EventStream, Queue, Topic } from "../../../../components";
import { createPolicies } from "../../../../policies/policies";
import { computed, resources, startMocks } from "../../../helpers/components/mocks";
import { stackViolations } from "../../../helpers/policies/policies";
import { brokerArn, called, clusterArn, listenerArn, logGroupArn, secretArn } from "./called";

describe("events of a function, and what sends them", () => {
  beforeEach(startMocks);

  it("violate no policy", async () => {
    const alarmTopicArns = ["arn:aws:sns:eu-west-1:123456789012:alarms"];
    const { streamArn } = new EventStream("clicks", { alarmTopicArns });
    const { queueArn, visibilityTimeout } = new Queue("orders", { alarmTopicArns });
    const { topicArn } = new Topic("news", { alarmTopicArns });
    const events = {
      clicks: { stream: { streamArn } },
      orders: { queue: { queueArn, visibilityTimeout } },
      news: { topic: { topicArn } },
      uploads: { bucket: { bucketName: "uploads", events: "managed" as const } },
      paid: { rule: { pattern: { source: ["shop"] } } },
      lines: { logs: { logGroupArn } },
      signUp: { cognito: {} },
      readings: { iot: { sql: "SELECT * FROM 'sensors/+'" } },
      records: { kafka: { clusterArn, topic: "orders" } },
      parcels: { mq: { brokerArn, queue: "orders", secretArn } },
      requests: { loadBalancer: { listenerArn, paths: ["/*"] } },
      nightly: { schedule: { expression: "rate(1 day)" } },
    };
    called(events, { alarmTopicArns });
    const stack = (await resources()).map((one) => ({ ...one, props: { ...computed(one), ...one.inputs } }));
    const found = await stackViolations(createPolicies(), stack);
    expect(found).to.deep.equal([]);
  });
});
