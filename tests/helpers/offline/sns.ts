import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AwsError } from "../../../offline/cloud/core/awsError";
import { Events } from "../../../offline/cloud/core/events";
import { sns } from "../../../offline/cloud/sns/service";
import { Topics } from "../../../offline/cloud/sns/topics";
import { Queues } from "../../../offline/cloud/sqs/queues";
import { sqs } from "../../../offline/cloud/sqs/service";
import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { serveServices } from "./core";
import { graphOf, resource } from "./graph";

const ACCOUNT = "eu-west-1:123456789012";

export const topicArn = (name: string) => `arn:aws:sns:${ACCOUNT}:${name}`;
export const functionArn = (name: string) => `arn:aws:lambda:${ACCOUNT}:function:${name}`;

export function topic(name: string, inputs: Properties = {}): Resource {
  return resource("aws:sns/topic:Topic", name, { name, ...inputs }, { arn: topicArn(name) });
}

export function subscription(name: string, of: string, inputs: Properties): Resource {
  return resource("aws:sns/topicSubscription:TopicSubscription", name, { topic: topicArn(of), ...inputs });
}

/** Serves topics and queues. The functions that there are only take note of their events. */
export async function serveSns(functions: string[], ...resources: Resource[]) {
  const lines: string[] = [];
  const invoked: { arn: string; event: unknown }[] = [];
  const context = {
    endpoint: "",
    credentials: { accessKeyId: "", secretAccessKey: "" },
    log: (line: string) => lines.push(line),
  };
  const invoke = (arn: string, payload: string) => {
    if (!functions.some((name) => functionArn(name) === arn))
      return new AwsError("ResourceNotFoundException", `there is no function ${arn}`);
    invoked.push({ arn, event: JSON.parse(payload) });
    return undefined;
  };
  const topics = new Topics(Object.assign(context, { events: new Events(Object.assign(context, { invoke })) }));
  const queues = new Queues();
  const reconcile = (...all: Resource[]) => {
    queues.reconcile(graphOf("/project", ...all));
    return topics.reconcile(graphOf("/project", ...all));
  };
  reconcile(...resources);
  const { client } = await serveServices([sqs.serve(queues), sns.serve(topics)]);
  Object.assign(context, { endpoint: client.endpoint, credentials: client.credentials });
  return { topics, queues, reconcile, lines, invoked, sns: new SNSClient(client), sqs: new SQSClient(client) };
}
