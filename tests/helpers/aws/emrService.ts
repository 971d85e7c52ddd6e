import type { IncomingMessage } from "node:http";
import { type Refusal, startWireService, type WireService } from "./wireService";

export const CLUSTER = "j-2AXXXXXXGAPLF";
export const APPLICATION = "00f1r5gbu1d1mo09";

/** A step of the cluster or a job run of the application. */
export interface Work {
  id: string;
  name: string;
  token?: string;
  /** As EMR, or EMR Serverless, says it. */
  state: string;
  createdAt: number;
  startedAt?: number;
  endedAt?: number;
  reason?: string;
}

type ClusterOperation = "AddJobFlowSteps" | "DescribeStep" | "ListSteps" | "CancelSteps" | "DescribeCluster";
type ServerlessOperation = "StartJobRun" | "GetJobRun" | "ListJobRuns" | "CancelJobRun";
type Operation = ClusterOperation | ServerlessOperation;

export interface EmrService extends WireService<Operation> {
  /** The newest first; a test may change it. */
  work: Work[];
  cluster: { state: string };
}

/** An EMR with one cluster and an EMR Serverless with one application, which keep work and do none. */
export async function startEmrService(): Promise<EmrService> {
  const work: Work[] = [];
  const cluster = { state: "WAITING" };
  const operations = { ...clusterOperations(work, cluster), ...serverlessOperations(work) };
  return { ...(await startWireService<Operation>(operationOf, operations)), work, cluster };
}

/** AWS JSON 1.1 names the operation in a header, REST by method and path. */
function operationOf({ method, url, headers }: IncomingMessage, body: object) {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return { operation: target.split(".").at(-1) as Operation, input: body };
  const { pathname, searchParams } = new URL(url ?? "", "http://localhost");
  const [, , applicationId, , jobRunId] = pathname.split("/");
  const input = { ...body, ...Object.fromEntries(searchParams), states: searchParams.getAll("states"), applicationId };
  if (jobRunId === undefined) {
    const operation: Operation = method === "POST" ? "StartJobRun" : "ListJobRuns";
    return { operation, input };
  }
  const operation: Operation = method === "DELETE" ? "CancelJobRun" : "GetJobRun";
  return { operation, input: { ...input, jobRunId } };
}

const pageSize = 50;

function page(work: Work[], start = "0"): { found: Work[]; next?: string } {
  const end = Number(start) + pageSize;
  return { found: work.slice(Number(start), end), ...(end < work.length && { next: String(end) }) };
}

const seconds = (milliseconds: number | undefined) => milliseconds && milliseconds / 1000;

/** EMR's step ids have capitals, EMR Serverless's none: each finds its own only. */
function clusterOperations(work: Work[], cluster: { state: string }) {
  const step = ({ id: Id, name: Name, state: State, reason, ...times }: Work) => ({
    Id,
    Name,
    Status: {
      State,
      StateChangeReason: {},
      ...(reason && { FailureDetails: { Message: reason } }),
      Timeline: {
        CreationDateTime: seconds(times.createdAt),
        StartDateTime: seconds(times.startedAt),
        EndDateTime: seconds(times.endedAt),
      },
    },
  });
  const refuse = (code: string, message: string): never => {
    throw { status: 400, code, message } satisfies Refusal;
  };
  const demandCluster = (id: string) => {
    if (id !== CLUSTER || cluster.state === "") refuse("InvalidRequestException", `Cluster id '${id}' is not valid.`);
  };
  return {
    AddJobFlowSteps({ JobFlowId, Steps }: { JobFlowId: string; Steps: { Name: string }[] }) {
      if (JobFlowId !== CLUSTER || cluster.state === "")
        refuse("ValidationException", "Specified job flow ID not valid");
      if (cluster.state.startsWith("TERMINAT")) {
        refuse("ValidationException", "A job flow that is shutting down, terminated, or finished may not be modified.");
      }
      for (const { Name: name } of Steps) {
        work.unshift({ id: `s-${work.length}`, name, state: "PENDING", createdAt: Date.now() });
      }
      return { StepIds: work.slice(0, Steps.length).map(({ id }) => id) };
    },
    DescribeStep({ ClusterId, StepId }: { ClusterId: string; StepId: string }) {
      demandCluster(ClusterId);
      const found = work.find(({ id }) => id === StepId);
      return { Step: found ? step(found) : refuse("InvalidRequestException", `Step id '${StepId}' is not valid.`) };
    },
    ListSteps(input: { ClusterId: string; StepStates?: string[]; Marker?: string }) {
      demandCluster(input.ClusterId);
      const states = input.StepStates;
      const { found, next } = page(
        work.filter(({ state }) => !states || states.includes(state)),
        input.Marker,
      );
      return { Steps: found.map(step), Marker: next };
    },
    CancelSteps({ ClusterId, StepIds }: { ClusterId: string; StepIds: string[] }) {
      demandCluster(ClusterId);
      const found = work.filter(({ id }) => StepIds.includes(id));
      const CancelStepsInfoList = found.map((one) => {
        if (one.endedAt) return { StepId: one.id, Status: "FAILED", Reason: "It has ended." };
        one.state = "CANCEL_PENDING";
        return { StepId: one.id, Status: "SUBMITTED" };
      });
      return { CancelStepsInfoList };
    },
    DescribeCluster({ ClusterId }: { ClusterId: string }) {
      demandCluster(ClusterId);
      return { Cluster: { Id: ClusterId, Status: { State: cluster.state } } };
    },
  };
}

function serverlessOperations(work: Work[]) {
  const jobRun = ({ reason, ...run }: Work) => ({
    ...run,
    jobRunId: run.id,
    stateDetails: reason ?? "",
    createdAt: seconds(run.createdAt),
    startedAt: seconds(run.startedAt),
    endedAt: seconds(run.endedAt),
  });
  const demanded = (id: string): Work => {
    const found = work.find((one) => one.id === id);
    if (!found) throw { status: 404, code: "ResourceNotFoundException", message: `Job run ${id} does not exist` };
    return found;
  };
  return {
    StartJobRun({ name, clientToken: token }: { name: string; clientToken: string }) {
      const earlier = work.find((one) => one.token === token);
      if (earlier) return { jobRunId: earlier.id };
      const id = `00f1${String(work.length).padStart(4, "0")}`;
      work.unshift({ id, name, token, state: "SUBMITTED", createdAt: Date.now() });
      return { jobRunId: id };
    },
    GetJobRun({ jobRunId }: { jobRunId: string }) {
      if (!/^[0-9a-z]+$/.test(jobRunId)) throw { status: 400, code: "ValidationException" } satisfies Refusal;
      return { jobRun: jobRun(demanded(jobRunId)) };
    },
    ListJobRuns({ states, nextToken }: { states: string[]; nextToken?: string }) {
      const { found, next } = page(
        work.filter(({ state }) => states.length === 0 || states.includes(state)),
        nextToken,
      );
      return { jobRuns: found.map(jobRun), nextToken: next };
    },
    CancelJobRun({ jobRunId }: { jobRunId: string }) {
      demanded(jobRunId).state = "CANCELLING";
      return { jobRunId };
    },
  };
}
