import type { Cluster, ClusterState } from "../../../offline/cloud/emr/cluster";
import { Emr } from "../../../offline/cloud/emr/emr";
import { emr as emrOperations } from "../../../offline/cloud/emr/operations";
import type { Step } from "../../../offline/cloud/emr/step";
import type { Application } from "../../../offline/cloud/emrServerless/application";
import { EmrServerless } from "../../../offline/cloud/emrServerless/emrServerless";
import type { JobRun } from "../../../offline/cloud/emrServerless/jobRun";
import { emrServerless } from "../../../offline/cloud/emrServerless/operations";
import { Logs } from "../../../offline/cloud/logs/logs";
import { APPLICATION, application, CLUSTER, cluster, JOB_ROLE } from "../offline/emr";
import { graphOf } from "../offline/graph";
import { temporaryFolder } from "../temporaryFolder";
import { type FaultyServices, startFaultyServices } from "./faultyServices";

/** Properties of a step or a job run that a test changes. */
export interface Change {
  name?: string;
  /** In the words of EMR or EMR Serverless. */
  state?: Step["state"] | JobRun["state"];
  createdAt?: number;
  startedAt?: number;
  endedAt?: number;
  reason?: string;
}

export interface FaultyEmr extends FaultyServices {
  /** The steps of the cluster and the job runs of the application, the newest first. */
  readonly work: (Step | JobRun)[];
  /** Adds a step, or starts a job run. */
  add(platform: "cluster" | "serverless", change?: Change): Step | JobRun;
  change(id: unknown, change: Change): void;
  /** Removes the newest step. */
  dropStep(): void;
  /** Puts the cluster into a state. */
  enter(state: ClusterState): void;
  /** Deletes the cluster and the application, as EMR and EMR Serverless do long after they have ended. */
  forget(): Promise<void>;
}

/** The offline cloud's EMR and EMR Serverless, whose cluster and application have no capacity: all work waits. */
export async function startEmrService(): Promise<FaultyEmr> {
  const options = {
    endpoint: "",
    credentials: { accessKeyId: "", secretAccessKey: "" },
    region: "eu-west-1",
    buckets: { folderOf: () => undefined },
    logs: new Logs(),
    log: () => undefined,
  };
  const emr = emrOperations.serve(new Emr(options));
  const serverless = emrServerless.serve(new EmrServerless(options));
  const served = await startFaultyServices(
    graphOf(
      temporaryFolder(),
      cluster({ stepConcurrencyLevel: 0 }),
      application({ schedulerConfiguration: { maxConcurrentRuns: 0 } }),
    ),
    emr,
    serverless,
  );
  const own = emr.find(CLUSTER) as Cluster;
  const ownApplication = serverless.find(APPLICATION) as Application;
  return {
    ...served,
    get work() {
      return [...own.steps, ...ownApplication.jobRuns].reverse();
    },
    add: (platform, changes = {}) => {
      const work = platform === "cluster" ? addStep(own) : startJobRun(ownApplication);
      apply(work, changes);
      return work;
    },
    change: (id, changes) => {
      for (const work of [...own.steps, ...ownApplication.jobRuns]) if (work.id === id) apply(work, changes);
    },
    dropStep: () => own.steps.pop(),
    enter: (state) => {
      const ending = { code: "USER_REQUEST", message: "Terminated by user request", failed: false };
      own.ending = state === "WAITING" ? undefined : ending;
      Object.defineProperty(own, "state", { value: state, configurable: true });
    },
    forget: async () => {
      await served.reconcile(graphOf(temporaryFolder()));
    },
  };
}

function addStep(own: Cluster): Step {
  const config = { name: "step", jar: "command-runner.jar", args: [], properties: {} };
  return own.add([{ ...config, actionOnFailure: "CONTINUE" }])[0] as Step;
}

function startJobRun(own: Application): JobRun {
  const input = { executionRoleArn: JOB_ROLE, jobDriver: {}, tags: {}, executionTimeoutMinutes: 0 };
  return own.start({ ...input, mode: "BATCH" }, `${own.jobRuns.length}`, "");
}

function apply(work: Step | JobRun, { name, reason, ...changes }: Change): void {
  Object.assign(work, changes);
  if ("config" in work) {
    if (name) work.config.name = name;
    if (reason) work.failure = { reason: "Unknown Error.", exception: reason };
  } else {
    if (name) work.input.name = name;
    if (reason) work.stateDetails = reason;
  }
}
