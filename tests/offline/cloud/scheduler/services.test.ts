import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { instance, instanceId } from "../../../helpers/offline/ec2";
import { graphOf, resource } from "../../../helpers/offline/graph";
import { schedule, tick } from "../../../helpers/offline/schedules";
import { closeServers, serveGraph, until } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const QUEUE = "work.fifo";
const QUEUE_ARN = `arn:aws:sqs:eu-west-1:123456789012:${QUEUE}`;
const QUEUE_URL = `https://sqs.eu-west-1.amazonaws.com/123456789012/${QUEUE}`;

describe("schedules that call the other emulated services", () => {
  afterEach(closeServers);

  it("stop instances, and send to FIFO queues", async () => {
    const yearly = { scheduleExpression: "cron(0 22 1 1 ? *)" };
    const stop = {
      arn: "arn:aws:scheduler:::aws-sdk:ec2:stopInstances",
      input: JSON.stringify({ InstanceIds: [instanceId(1)] }),
    };
    const send = { arn: QUEUE_ARN, input: "good night", sqsParameters: { messageGroupId: "nights" } };
    const fifo = { fifoQueue: true, contentBasedDeduplication: true };
    const server = await serveGraph(
      graphOf(
        temporaryFolder(),
        instance(1),
        instance(2),
        resource("aws:sqs/queue:Queue", "work", { name: QUEUE, ...fifo }, { arn: QUEUE_ARN, url: QUEUE_URL }),
        schedule("stop", stop, yearly),
        schedule("send", send, yearly),
      ),
    );
    expect(server.problems).to.deep.equal([]);
    const { answer } = await tick(server, { by: 366 * 86_400_000 });
    expect(answer.fired.map(({ failure }) => failure).filter(Boolean)).to.deep.equal([]);
    const { endpoint, credentials } = server;
    const client = { endpoint, credentials, region: "eu-west-1" };
    const stateOf = async (digit: number) => {
      const command = new DescribeInstancesCommand({ InstanceIds: [instanceId(digit)] });
      const { Reservations = [] } = await new EC2Client(client).send(command);
      return Reservations[0]?.Instances?.[0]?.State?.Name;
    };
    await until(async () => (await stateOf(1)) !== "running");
    expect(await stateOf(2)).to.equal("running");
    const command = new ReceiveMessageCommand({ QueueUrl: QUEUE_URL, MessageSystemAttributeNames: ["All"] });
    const { Messages = [] } = await new SQSClient(client).send(command);
    expect(Messages[0]?.Body).to.equal("good night");
    expect(Messages[0]?.Attributes?.MessageGroupId).to.equal("nights");
  });
});
