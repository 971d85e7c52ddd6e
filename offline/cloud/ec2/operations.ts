import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { defineService } from "../core/defineService";
import { describeReservation, describeState, describeStatus } from "./describe";
import { type Filter, filtered, INSTANCE_FIELDS } from "./filters";
import { type Instance, TRANSITIONS } from "./instance";
import type { Instances } from "./instances";
import { checkTags, createTags, deleteTags, entriesOf, type Tag, taggedInstances } from "./tags";

type DryRun = { DryRun?: boolean };
type Chosen = DryRun & { InstanceIds: string[] };
type Listed = DryRun & { InstanceIds?: string[]; Filters?: Filter[]; MaxResults?: number };
type Tagged = DryRun & { Resources: string[]; Tags?: Tag[] };

/** The sizes of pages. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
const LEAST = 5;
const MOST = 1000;

/** Instances come and go between pages. */
const positionOf = ({ id }: Instance) => id;

/**
 * Amazon EC2 with the program's instances.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html
 */
export const ec2 = defineService<Instances>("ec2", {
  DescribeInstances: (instances, input: Listed, { page }) =>
    page(chosen(instances, input), { most: MOST, positionOf, show: describeReservation }),
  DescribeInstanceStatus: (instances, input: Listed & { IncludeAllInstances?: boolean }, { page }) => {
    const isShown = ({ state }: Instance) => input.IncludeAllInstances || state === "running";
    return page(chosen(instances, input).filter(isShown), { most: MOST, positionOf, show: describeStatus });
  },
  StartInstances: (instances, input: Chosen) => ({ StartingInstances: begin("start", instances, input) }),
  StopInstances: (instances, input: Chosen & { Hibernate?: boolean }) => {
    const one = input.Hibernate && instances.find(input.InstanceIds).find(({ definition }) => !definition.hibernates);
    if (one) throw new AwsError("UnsupportedOperation", `The instance '${one.id}' is not configured for hibernation.`);
    return { StoppingInstances: begin("stop", instances, input) };
  },
  TerminateInstances: (instances, input: Chosen) => ({ TerminatingInstances: begin("terminate", instances, input) }),
  RebootInstances: (instances, input: Chosen) => {
    const stopped = instances.find(input.InstanceIds).find(({ state }) => state !== "running");
    if (stopped) throw stopped.incorrectState("rebooted");
    endDryRun(input);
  },
  CreateTags: (instances, input: Tagged) => {
    const { Resources, Tags = [] } = input;
    const tagged = taggedInstances(instances, Resources);
    checkTags(tagged, Tags);
    endDryRun(input);
    createTags(tagged, Tags);
  },
  DeleteTags: (instances, input: Tagged) => {
    const tagged = taggedInstances(instances, input.Resources);
    endDryRun(input);
    deleteTags(tagged, input.Tags);
  },
  DescribeTags: describeTags,
});

/** @throws AwsError for an instance that does not exist or is in a wrong state; then no instance changes */
function begin(name: keyof typeof TRANSITIONS, instances: Instances, input: Chosen): object[] {
  const transition = TRANSITIONS[name];
  const found = instances.find(input.InstanceIds);
  for (const instance of found) instance.check(transition);
  endDryRun(input);
  return found.map((instance) => {
    const { before, after } = instance.begin(transition);
    return { InstanceId: instance.id, CurrentState: describeState(after), PreviousState: describeState(before) };
  });
}

/** @throws AwsError after the request has been checked, if nothing more is wanted */
function endDryRun({ DryRun }: DryRun): void {
  if (DryRun) throw new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
}

function chosen(instances: Instances, input: Listed): Instance[] {
  checkPage(input);
  const { InstanceIds, Filters, MaxResults } = input;
  if (InstanceIds && MaxResults !== undefined) {
    const message = "The parameter instancesSet cannot be used with the parameter maxResults";
    throw new AwsError("InvalidParameterCombination", message);
  }
  const found = filtered(InstanceIds ? instances.find(InstanceIds) : instances.all, Filters, INSTANCE_FIELDS);
  endDryRun(input);
  return found;
}

function checkPage({ MaxResults: size = LEAST }: Listed): void {
  if (size >= LEAST) return;
  const message = `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value greater than or equal to ${LEAST}.`;
  throw new AwsError("InvalidParameterValue", message);
}

function describeTags(instances: Instances, input: Listed, { page }: OperationCall): object {
  checkPage(input);
  const entries = filtered(entriesOf(instances), input.Filters, {
    key: ({ key }) => key,
    "resource-id": ({ id }) => id,
    "resource-type": () => "instance",
    value: ({ value }) => value,
  });
  endDryRun(input);
  const show = ({ id, key, value }: (typeof entries)[number]) => {
    return { ResourceId: id, ResourceType: "instance", Key: key, Value: value };
  };
  return page(entries, { most: MOST, positionOf: ({ id, key }) => `${id}/${key}`, show });
}
