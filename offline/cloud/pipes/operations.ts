import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { defineService } from "../core/defineService";
import type { Entry, Pipes } from "./pipes";

type Named = { Name: string };
type ListInput = {
  NamePrefix?: string;
  SourcePrefix?: string;
  TargetPrefix?: string;
  DesiredState?: string;
  CurrentState?: string;
};

/**
 * Amazon EventBridge Pipes.
 * @see https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/Welcome.html
 */
export const pipes = defineService<Pipes>("pipes", {
  DescribePipe: (pipes, input: Named) => describe(find(pipes, input)),
  ListPipes: (pipes, input: ListInput, { page }: OperationCall) => {
    const { NamePrefix = "", SourcePrefix = "", TargetPrefix = "", DesiredState, CurrentState } = input;
    const found = [...pipes.entries.values()].filter(
      (entry) =>
        entry.pipe.name.startsWith(NamePrefix) &&
        entry.pipe.Source.startsWith(SourcePrefix) &&
        entry.pipe.Target.startsWith(TargetPrefix) &&
        (DesiredState === undefined || entry.pipe.DesiredState === DesiredState) &&
        (CurrentState === undefined || stateOf(entry) === CurrentState),
    );
    return page(found, { show: describe, positionOf: ({ pipe }) => pipe.arn });
  },
  ListTagsForResource: (pipes, { resourceArn }: { resourceArn: string }) => {
    const entry = pipes.entries.get(resourceArn);
    if (!entry) throw missing(resourceArn);
    return { tags: entry.pipe.Tags };
  },
  StartPipe: async (pipes, input: Named) => {
    const entry = find(pipes, input);
    await pipes.setState(entry, "RUNNING");
    return { ...describe(entry), CurrentState: "STARTING" };
  },
  StopPipe: async (pipes, input: Named) => {
    const entry = find(pipes, input);
    await pipes.setState(entry, "STOPPED");
    return { ...describe(entry), CurrentState: "STOPPING" };
  },
});

/** @throws AwsError if there is no such pipe */
function find({ entries }: Pipes, { Name }: Named): Entry {
  const entry = [...entries.values()].find(({ pipe }) => pipe.name === Name);
  if (!entry) throw missing(Name);
  return entry;
}

function missing(name: string): AwsError {
  return new AwsError("NotFoundException", `Pipe ${name} does not exist.`);
}

function stateOf({ pipe, problem }: Entry): string {
  return problem === undefined ? pipe.DesiredState : "START_FAILED";
}

function describe(entry: Entry): object {
  const { pipe, created, modified, problem } = entry;
  const { name: Name, arn: Arn } = pipe;
  const state = { CurrentState: stateOf(entry), StateReason: problem ?? "User initiated" };
  return { ...pipe, Name, Arn, ...state, CreationTime: created, LastModifiedTime: modified };
}
