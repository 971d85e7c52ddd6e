import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { defineService } from "../core/defineService";
import { listTags, type Tag, tagsOf } from "../core/tags";
import {
  DEFAULT_GROUP,
  groupOf,
  type Schedule,
  type ScheduleGroup,
  type ScheduleInput,
  scheduleArn,
  scheduleOf,
} from "./model";
import { type Dated, type Schedules, store } from "./schedules";

type Named = { Name: string; GroupName?: string };
type ListInput = { GroupName?: string; NamePrefix?: string; State?: string };

/**
 * Amazon EventBridge Scheduler.
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/Welcome.html
 */
export const scheduler = defineService<Schedules>("scheduler", {
  CreateSchedule: (schedules, input: ScheduleInput) => {
    findGroup(schedules, input.GroupName);
    const schedule = scheduleOf(input, schedules.region);
    const known = schedules.schedules.get(schedule.arn);
    const isRepeated = input.ClientToken !== undefined && known?.ClientToken === input.ClientToken;
    if (known && !isRepeated) throw conflict(`Schedule ${input.Name} already exists.`);
    if (!known) schedules.put(schedule);
    return { ScheduleArn: schedule.arn };
  },
  GetSchedule: (schedules, input: Named) => describe(findSchedule(schedules, input)),
  UpdateSchedule: (schedules, input: ScheduleInput) => {
    const { arn } = findSchedule(schedules, input);
    schedules.put(scheduleOf(input, schedules.region));
    return { ScheduleArn: arn };
  },
  DeleteSchedule: (schedules, input: Named) => schedules.delete(findSchedule(schedules, input).arn),
  ListSchedules: (schedules, { GroupName, NamePrefix = "", State }: ListInput, { page }: OperationCall) => {
    if (GroupName !== undefined) findGroup(schedules, GroupName);
    const found = [...schedules.schedules.values()]
      .filter((one) => GroupName === undefined || one.GroupName === GroupName)
      .filter((one) => one.name.startsWith(NamePrefix) && (State === undefined || one.State === State));
    return page(found, { show: summarize, positionOf: ({ arn }) => arn });
  },
  CreateScheduleGroup: (schedules, { Name, Tags = [] }: { Name: string; Tags?: Tag[] }) => {
    const group = groupOf(Name, schedules.region, tagsOf(Tags));
    if (schedules.groups.has(group.arn)) throw conflict(`Schedule group ${Name} already exists.`);
    store(schedules.groups, group);
    return { ScheduleGroupArn: group.arn };
  },
  GetScheduleGroup: (schedules, { Name }: { Name: string }) => describeGroup(findGroup(schedules, Name)),
  DeleteScheduleGroup: (schedules, { Name }: { Name: string }) => {
    const { arn } = findGroup(schedules, Name);
    if (Name === DEFAULT_GROUP)
      throw new AwsError("ValidationException", "The default schedule group cannot be deleted.");
    for (const one of [...schedules.schedules.values()]) if (one.GroupName === Name) schedules.delete(one.arn);
    schedules.groups.delete(arn);
  },
  ListScheduleGroups: (schedules, { NamePrefix = "" }: ListInput, { page }: OperationCall) =>
    page(
      [...schedules.groups.values()].filter(({ name }) => name.startsWith(NamePrefix)),
      { show: describeGroup, positionOf: ({ name }) => name },
    ),
  ListTagsForResource: (schedules, { ResourceArn }: { ResourceArn: string }) => ({
    Tags: listTags(taggedGroup(schedules, ResourceArn).tags),
  }),
  TagResource: (schedules, { ResourceArn, Tags }: { ResourceArn: string; Tags: Tag[] }) => {
    Object.assign(taggedGroup(schedules, ResourceArn).tags, tagsOf(Tags));
  },
  UntagResource: (schedules, { ResourceArn, TagKeys }: { ResourceArn: string; TagKeys: string[] }) => {
    const group = taggedGroup(schedules, ResourceArn);
    for (const key of TagKeys) delete group.tags[key];
  },
});

/** @throws AwsError if there is no such schedule */
function findSchedule({ schedules, region }: Schedules, { Name, GroupName = DEFAULT_GROUP }: Named): Dated<Schedule> {
  const schedule = schedules.get(scheduleArn(GroupName, Name, region));
  if (!schedule) throw missing(`Schedule ${Name} does not exist.`);
  return schedule;
}

/** @throws AwsError if there is no such group */
function findGroup({ groups, region }: Schedules, name = DEFAULT_GROUP): Dated<ScheduleGroup> {
  const group = groups.get(groupOf(name, region).arn);
  if (!group) throw missing(`Schedule group ${name} does not exist.`);
  return group;
}

function taggedGroup({ groups }: Schedules, arn: string): ScheduleGroup {
  const group = groups.get(arn);
  if (!group) throw missing(`Schedule group ${arn.split("/").at(-1)} does not exist.`);
  return group;
}

function conflict(message: string): AwsError {
  return new AwsError("ConflictException", message);
}

function missing(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message);
}

function describe({ arn, created, modified, ...schedule }: Dated<Schedule>): object {
  return { ...schedule, Arn: arn, CreationDate: created, LastModificationDate: modified };
}

function summarize(schedule: Dated<Schedule>): object {
  return { ...describe(schedule), Target: { Arn: schedule.Target.Arn } };
}

function describeGroup({ arn, name, created, modified }: Dated<ScheduleGroup>): object {
  return { Arn: arn, Name: name, State: "ACTIVE", CreationDate: created, LastModificationDate: modified };
}
