import * as aws from "@pulumi/aws";
import { queueName } from "./names.js";

const queue = new aws.sqs.Queue("queue", { name: queueName });

export const name = queue.name;
