import * as fs from "node:fs";
import * as path from "node:path";
import {
  AddJobFlowStepsCommand,
  DescribeStepCommand,
  EMRClient,
  type Step,
  type StepConfig,
  type StepState,
} from "@aws-sdk/client-emr";
import {
  EMRServerlessClient,
  GetJobRunCommand,
  type JobRun,
  StartJobRunCommand,
  type StartJobRunCommandInput,
} from "@aws-sdk/client-emr-serverless";
import { Endpoint } from "../../../offline/cloud/core/endpoint";
import { Registry } from "../../../offline/cloud/core/registry";
import type { Change } from "../../../offline/cloud/core/types";
import { createEmr } from "../../../offline/cloud/emr/service";
import { createEmrServerless } from "../../../offline/cloud/emrServerless/service";
import { Logs } from "../../../offline/cloud/logs/logs";
import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { temporaryFolder } from "../temporaryFolder";
import { graphOf, resource } from "./graph";
import { until } from "./served";

export const CLUSTER = "j-0123456789ABC";
export const APPLICATION = "00abcdefghijklmn";
export const JOB_ROLE = "arn:aws:iam::123456789012:role/job";
const REGION = "eu-west-1";

/** The outputs that the engine adds for omitted inputs. */
const CLUSTER_OUTPUTS = {
  coreInstanceFleet: {},
  coreInstanceGroup: {},
  keepJobFlowAliveWhenNoSteps: false,
  masterInstanceFleet: {},
  masterInstanceGroup: {},
  scaleDownBehavior: "",
  steps: [],
  terminationProtection: false,
};
const APPLICATION_OUTPUTS = {
  autoStartConfiguration: {},
  autoStopConfiguration: {},
  imageConfiguration: {},
  maximumCapacity: {},
};

/** A cluster of instance groups. */
export function cluster(inputs: Properties = {}, id = CLUSTER): Resource {
  const defaults = {
    releaseLabel: "emr-7.10.0",
    applications: ["Spark"],
    serviceRole: "arn:aws:iam::123456789012:role/emr",
    masterInstanceGroup: { instanceType: "m8g.xlarge" },
    coreInstanceGroup: { instanceType: "r8g.xlarge", instanceCount: 2, bidPrice: "0.2" },
  };
  const arn = `arn:aws:elasticmapreduce:${REGION}:123456789012:cluster/${id}`;
  const given = { ...defaults, ...inputs };
  const outputs = { ...CLUSTER_OUTPUTS, ...given, id, arn, name: "spark", tagsAll: { a: "b" } };
  return resource("aws:emr/cluster:Cluster", id, given, outputs);
}

export function application(inputs: Properties = {}, id = APPLICATION): Resource {
  const defaults = { releaseLabel: "emr-7.10.0", type: "spark", architecture: "ARM64" };
  const arn = `arn:aws:emr-serverless:${REGION}:123456789012:/applications/${id}`;
  const given = { ...defaults, ...inputs };
  const outputs = { ...APPLICATION_OUTPUTS, ...given, id, arn, name: "jobs" };
  return resource("aws:emrserverless/application:Application", id, given, outputs);
}

/** A step that is only simulated. */
export function simulatedStep(name: string, config: Partial<StepConfig> = {}): StepConfig {
  return { Name: name, HadoopJarStep: { Jar: "command-runner.jar", Args: ["bash", "-c", "true"] }, ...config };
}

/** A step that fails, as its script does not exist. */
export function failingStep(name: string, config: Partial<StepConfig> = {}): StepConfig {
  return { Name: name, HadoopJarStep: { Jar: "s3://code/missing.jar" }, ...config };
}

export function sparkStep(name: string, ...args: string[]): StepConfig {
  return { Name: name, HadoopJarStep: { Jar: "command-runner.jar", Args: ["spark-submit", ...args] } };
}

export interface ServedEmr {
  emr: EMRClient;
  serverless: EMRServerlessClient;
  lines: string[];
  logs: Logs;
  /** The folder of the only bucket, `code`. */
  folder: string;
  reconcile(...resources: Resource[]): Promise<Change[]>;
  add(...steps: StepConfig[]): Promise<string[]>;
  step(id: string): Promise<Step>;
  /** Waits until the step is in one of the states. */
  reach(id: string, ...states: StepState[]): Promise<Step>;
  start(input?: Partial<StartJobRunCommandInput>): Promise<string>;
  jobRun(id: string): Promise<JobRun>;
  end(id: string): Promise<JobRun>;
}

const ENDED: StepState[] = ["COMPLETED", "FAILED", "CANCELLED", "INTERRUPTED"];
const open: (() => Promise<void>)[] = [];

/** For `afterEach`: closes what a test has opened. */
export async function closeEmr(): Promise<void> {
  for (const close of open.splice(0)) await close();
}

/** Serves EMR with these resources, and a bucket `code` with some files. */
export async function serveEmr(
  resources: Resource[] = [cluster(), application()],
  { files = {}, simulatedMilliseconds = 20 }: { files?: Record<string, string>; simulatedMilliseconds?: number } = {},
): Promise<ServedEmr> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };
  const endpoint = new Endpoint({ credentials, endpoints: {} });
  const url = await endpoint.listen();
  const lines: string[] = [];
  const logs = new Logs();
  const options = {
    endpoint: url,
    credentials,
    buckets: { folderOf: (bucket: string) => (bucket === "code" ? folder : undefined) },
    logs,
    log: (line: string) => lines.push(line),
    simulatedMilliseconds,
  };
  const services = new Registry([createEmr(options), createEmrServerless(options)]);
  endpoint.serve(services);
  const reconcile = (...next: Resource[]) => services.reconcile(graphOf(folder, ...next));
  await reconcile(...resources);
  open.push(async () => {
    await services.close();
    await endpoint.close();
  });
  const client = { endpoint: url, credentials, region: REGION, maxAttempts: 1 };
  return { lines, logs, folder, reconcile, ...callsOf(new EMRClient(client), new EMRServerlessClient(client)) };
}

function callsOf(emr: EMRClient, serverless: EMRServerlessClient) {
  const add = async (...Steps: StepConfig[]) =>
    (await emr.send(new AddJobFlowStepsCommand({ JobFlowId: CLUSTER, Steps }))).StepIds ?? [];
  const step = async (StepId: string) => {
    const { Step } = await emr.send(new DescribeStepCommand({ ClusterId: CLUSTER, StepId }));
    if (!Step) throw new Error(`no step ${StepId}`);
    return Step;
  };
  const reach = async (id: string, ...states: StepState[]) => {
    const wanted = states.length > 0 ? states : ENDED;
    let found = await step(id);
    await until(async () => {
      found = await step(id);
      return found.Status?.State !== undefined && wanted.includes(found.Status.State);
    });
    return found;
  };
  const start = async (input: Partial<StartJobRunCommandInput> = {}) => {
    const jobDriver = { sparkSubmit: { entryPoint: "s3://code/job.py" } };
    const defaults = { applicationId: APPLICATION, executionRoleArn: JOB_ROLE, jobDriver };
    return (await serverless.send(new StartJobRunCommand({ ...defaults, ...input }))).jobRunId ?? "";
  };
  const jobRun = async (jobRunId: string) => {
    const found = (await serverless.send(new GetJobRunCommand({ applicationId: APPLICATION, jobRunId }))).jobRun;
    if (!found) throw new Error(`no job run ${jobRunId}`);
    return found;
  };
  const end = async (id: string) => {
    let found = await jobRun(id);
    await until(async () => {
      found = await jobRun(id);
      return ["SUCCESS", "FAILED", "CANCELLED"].includes(found.state ?? "");
    });
    return found;
  };
  return { emr, serverless, add, step, reach, start, jobRun, end };
}

/** The name and the message of the error with which a call is refused. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("it was not refused"),
    (reason: Error) => reason,
  );
  return `${error.name}: ${error.message}`;
}

const { PATH = "" } = process.env;

/** Puts a shell script as `spark-submit`, and a `java`, on the PATH; the returned function removes them. */
export function withSparkSubmit(script: string): () => void {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ "spark-submit": script, java: "" })) {
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  return withPath(`${folder}${path.delimiter}${PATH}`);
}

/** Sets the PATH; the returned function restores it. */
export function withPath(value: string): () => void {
  process.env.PATH = value;
  return () => {
    process.env.PATH = PATH;
  };
}
