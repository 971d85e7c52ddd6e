import * as scheduler from "@pulumi/aws/scheduler";
import type * as types from "@pulumi/aws/types";
import * as pulumi from "@pulumi/pulumi";
import { nextTime, readSchedule, timeZoneMistake, whyNever } from "../../expressions/schedules";
import type { Metric } from "../observability/alarms";
import type { Mistakes } from "../validation";

export const schedulerService = "scheduler.amazonaws.com";

/** When a schedule of EventBridge Scheduler fires. */
interface ScheduleSettings {
  expression: string;
  /** @default "UTC" */
  timeZone?: string;
  /** @default to the minute */
  flexibleMinutes?: number;
  /** @default true */
  enabled?: boolean;
  kmsKeyArn?: pulumi.Input<string>;
}

/** A schedule that calls a target. It warns if all of its times are over. */
export function createSchedule(
  name: string,
  { expression, timeZone = "UTC", flexibleMinutes, enabled = true, kmsKeyArn }: ScheduleSettings,
  group: scheduler.ScheduleGroup,
  target: types.input.scheduler.ScheduleTarget,
  opts: pulumi.CustomResourceOptions,
): scheduler.Schedule {
  const read = readSchedule(expression, "scheduler");
  if (enabled && "schedule" in read && nextTime(read.schedule, Date.now(), { zone: timeZone }) === undefined) {
    const instead = "write a later one, or `enabled: false`";
    pulumi.log.warn(`The schedule "${name}" does not fire: the time of ${expression} is over; ${instead}`, opts.parent);
  }
  const mode = flexibleMinutes === undefined ? "OFF" : "FLEXIBLE";
  return new scheduler.Schedule(
    name,
    {
      groupName: group.name,
      scheduleExpression: expression,
      scheduleExpressionTimezone: timeZone,
      flexibleTimeWindow: { mode, maximumWindowInMinutes: flexibleMinutes },
      state: enabled ? "ENABLED" : "DISABLED",
      kmsKeyArn,
      target,
    },
    opts,
  );
}

/**
 * A group of its own for a schedule: the scheduler's metrics, and the sources that a role can trust, refer to groups,
 * not schedules.
 */
export function createGroup(
  name: string,
  tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined,
  opts: pulumi.CustomResourceOptions,
): scheduler.ScheduleGroup {
  return new scheduler.ScheduleGroup(name, { tags }, opts);
}

/** Counts what the schedules of a group could not deliver. */
export function droppedInvocations(group: scheduler.ScheduleGroup): Metric {
  const dimensions = { ScheduleGroup: group.name };
  return { namespace: "AWS/Scheduler", metric: "InvocationDroppedCount", dimensions };
}

/**
 * Adds every mistake in a schedule. That its time is over is not one: the stack must still be deployable once it has run.
 * @param paths of the two arguments
 */
export function checkSchedule(
  mistakes: Mistakes,
  expression: string,
  zone = "UTC",
  paths: { expression: string; timeZone: string },
): void {
  const zoneMistake = timeZoneMistake(zone);
  if (zoneMistake) mistakes.add(paths.timeZone, `is "${zone}"; ${zoneMistake}`);
  const read = readSchedule(expression, "scheduler");
  const mistake = "mistake" in read ? read.mistake : zoneMistake ? undefined : whyNever(read.schedule, { zone });
  if (mistake) mistakes.add(paths.expression, `is "${expression}"; ${mistake}`);
}
