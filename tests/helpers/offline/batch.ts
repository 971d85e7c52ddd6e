import * as fs from "node:fs";
import * as path from "node:path";
import {
  BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  SubmitJobCommand,
  type SubmitJobCommandInput,
} from "@aws-sdk/client-batch";
import type { Graph, Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { temporaryFolder } from "../temporaryFolder";
import { graphOf, resource } from "./graph";
import { type Served, serveGraph, until } from "./served";

const ARN = "arn:aws:batch:eu-west-1:123456789012";
export const IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/jobs@sha256:0";
export const NODE_DOCKERFILE = 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["node", "index.js"]\n';

export function computeEnvironment(name: string, resources: Properties = {}, inputs: Properties = {}): Resource {
  const computeResources = { type: "FARGATE_SPOT", maxVcpus: 256, ...resources };
  const outputs = { name, arn: `${ARN}:compute-environment/${name}` };
  return resource("aws:batch/computeEnvironment:ComputeEnvironment", name, { computeResources, ...inputs }, outputs);
}

export function jobQueue(name: string, environment: string, inputs: Properties = {}): Resource {
  const computeEnvironmentOrders = [{ order: 1, computeEnvironment: `${ARN}:compute-environment/${environment}` }];
  const defaults = { state: "ENABLED", priority: 1, computeEnvironmentOrders };
  const outputs = { name, arn: `${ARN}:job-queue/${name}` };
  return resource("aws:batch/jobQueue:JobQueue", name, { ...defaults, ...inputs }, outputs);
}

export function jobDefinition(name: string, container: object = {}, inputs: Properties = {}, revision = 1): Resource {
  const resourceRequirements = [
    { type: "VCPU", value: "0.25" },
    { type: "MEMORY", value: "512" },
  ];
  const containerProperties = JSON.stringify({ image: IMAGE, resourceRequirements, ...container });
  return resource(
    "aws:batch/jobDefinition:JobDefinition",
    name,
    { type: "container", platformCapabilities: ["FARGATE"], ...inputs, containerProperties },
    { name, revision, arn: `${ARN}:job-definition/${name}:${revision}` },
  );
}

/** The image whose build context has these files. */
export function image(files: Record<string, string>, inputs: Properties = {}): Resource {
  const context = temporaryFolder();
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(context, name), text);
  return resource("awsx:ecr:Image", "image", { context, platform: "linux/arm64", ...inputs }, { imageUri: IMAGE });
}

/** A queue `main`, a definition `work`, and an image that runs this code with Node.js. */
export function batchGraph(code: string, definition: Properties = {}, ...more: Resource[]): Graph {
  return graphOf(
    temporaryFolder(),
    computeEnvironment("spot"),
    jobQueue("main", "spot"),
    jobDefinition("work", {}, definition),
    image({ Dockerfile: NODE_DOCKERFILE, "index.js": code }),
    ...more,
  );
}

export interface ServedBatch extends Served {
  batch: BatchClient;
  submit(input?: Partial<SubmitJobCommandInput>): Promise<string>;
  describe(id: string): Promise<JobDetail>;
  /** Waits for the job's end. */
  end(id: string): Promise<JobDetail>;
  /** Waits until the job has logged a line that ends with a text. */
  logged(text: string): Promise<void>;
}

export async function serveBatch(graph: Graph, options = {}): Promise<ServedBatch> {
  return batchClientOf(await serveGraph(graph, options));
}

export function batchClientOf(server: Served): ServedBatch {
  const { endpoint, credentials } = server;
  const batch = new BatchClient({ endpoint, credentials, region: "eu-west-1", maxAttempts: 1 });
  const submit = async (input: Partial<SubmitJobCommandInput> = {}) => {
    const defaults = { jobName: "job", jobQueue: "main", jobDefinition: "work" };
    return (await batch.send(new SubmitJobCommand({ ...defaults, ...input }))).jobId ?? "";
  };
  const describe = async (id: string) => {
    const [job] = (await batch.send(new DescribeJobsCommand({ jobs: [id] }))).jobs ?? [];
    if (!job) throw new Error(`no job ${id}`);
    return job;
  };
  const end = async (id: string) => {
    let job = await describe(id);
    await until(async () => {
      job = await describe(id);
      return job.status === "SUCCEEDED" || job.status === "FAILED";
    });
    return job;
  };
  const logged = (text: string) => until(() => server.lines.some((line) => line.endsWith(text)));
  return Object.assign(server, { batch, submit, describe, end, logged });
}
