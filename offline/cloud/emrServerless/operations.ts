import { AwsError } from "../core/awsError";
import { defineService } from "../core/defineService";
import type { Application, ApplicationState } from "./application";
import { describeApplication, describeJobRun, summarizeApplication, summarizeJobRun } from "./describe";
import type { EmrServerless } from "./emrServerless";
import { invalid } from "./errors";
import type { JobRun, JobRunState } from "./jobRun";
import { type StartJobRunInput, startJobRun } from "./startJobRun";

type ApplicationInput = { applicationId: string };
type JobRunInput = ApplicationInput & { jobRunId: string };
type ListJobRunsInput = ApplicationInput & {
  states?: JobRunState[];
  mode?: string;
  /** Milliseconds since 1970. */
  createdAtAfter?: number;
  createdAtBefore?: number;
};

/** The operations of Amazon EMR Serverless on the program's applications and their job runs. */
export const emrServerless = defineService<EmrServerless>("emr-serverless", {
  ListApplications: (emr, { states }: { states?: ApplicationState[] }, { page }) =>
    page(
      emr.all.filter(({ state }) => states?.includes(state) ?? true),
      { show: summarizeApplication },
    ),
  GetApplication: (emr, input: ApplicationInput) => ({ application: describeApplication(findApplication(emr, input)) }),
  StartApplication: (emr, input: ApplicationInput) => findApplication(emr, input).turnOn(),
  StopApplication: stopApplication,
  StartJobRun: (emr, input: StartJobRunInput) => {
    const { application, id, arn } = startJobRun(findApplication(emr, input), input);
    return { applicationId: application.id, jobRunId: id, arn };
  },
  ListJobRuns: (emr, input: ListJobRunsInput, { page }) =>
    page(findJobRuns(findApplication(emr, input), input), { show: summarizeJobRun, positionOf: newestFirst }),
  GetJobRun: (emr, input: JobRunInput) => ({ jobRun: describeJobRun(findJobRun(findApplication(emr, input), input)) }),
  CancelJobRun: cancelJobRun,
});

function newestFirst({ sequence }: JobRun): number {
  return -sequence;
}

function stopApplication(emr: EmrServerless, input: ApplicationInput): void {
  const application = findApplication(emr, input);
  if (application.turnOff()) return;
  const { id } = application.definition;
  throw invalid(`Application ${id} has job runs that have not ended: wait for them, or cancel them first`);
}

function findApplication(emr: EmrServerless, { applicationId }: ApplicationInput): Application {
  const application = emr.find(applicationId);
  if (application) return application;
  throw new AwsError("ResourceNotFoundException", `Application ${applicationId} does not exist. ${emr.existing}`);
}

function findJobRun({ jobRuns, definition }: Application, { jobRunId }: JobRunInput): JobRun {
  const jobRun = jobRuns.find((one) => one.id === jobRunId);
  if (jobRun) return jobRun;
  throw new AwsError("ResourceNotFoundException", `Job run ${jobRunId} does not exist in ${definition.id}`);
}

function findJobRuns({ jobRuns }: Application, input: ListJobRunsInput): JobRun[] {
  const { states, mode, createdAtAfter = -Infinity, createdAtBefore = Infinity } = input;
  return jobRuns.filter(
    ({ state, createdAt, input: given }) =>
      (states?.includes(state) ?? true) &&
      given.mode === (mode ?? given.mode) &&
      createdAt > createdAtAfter &&
      createdAt < createdAtBefore,
  );
}

function cancelJobRun(emr: EmrServerless, input: JobRunInput & { shutdownGracePeriodInSeconds?: number }): object {
  const application = findApplication(emr, input);
  const jobRun = findJobRun(application, input);
  const { shutdownGracePeriodInSeconds: grace } = input;
  if (!application.cancel(jobRun, grace === undefined ? undefined : grace * 1000)) {
    throw invalid(`Job run ${jobRun.id} is already ${jobRun.state} and cannot be cancelled`);
  }
  return { applicationId: application.definition.id, jobRunId: jobRun.id };
}
