import {
  nextTime,
  readSchedule,
  scheduleMistake,
  scheduleRefusal,
  timeZoneMistake,
  whyNever,
} from "../../../expressions/schedules";
import type { Graph } from "../../engine/graph";
import { AwsError } from "../core/awsError";
import { changed, compare, missing } from "../core/changes";
import type { Clock } from "../core/clock";
import type { Events } from "../core/events";
import { Timetable } from "../core/timetable";
import type { Change } from "../core/types";
import { Invocation, type InvocationOptions } from "./invocation";
import { DEFAULT_GROUP, groupOf, readGroups, readSchedules, type Schedule, type ScheduleGroup } from "./model";
import { Targets, targetMistake } from "./targets";

export interface SchedulesOptions {
  clock: Clock;
  events: Events;
  log(line: string): void;
}

/** Something with the dates that the API tells. */
export type Dated<T> = T & { created: number; modified: number };

/** The program's schedules and those that were created, in groups, which call their targets when it is time. */
export class Schedules {
  problems: string[] = [];
  region = "";
  /** By ARN. */
  readonly schedules = new Map<string, Dated<Schedule>>();
  readonly groups = new Map<string, Dated<ScheduleGroup>>();
  private definitions: { schedules: Schedule[]; groups: ScheduleGroup[] } = { schedules: [], groups: [] };
  private readonly timetable: Timetable;
  private readonly options: InvocationOptions;

  constructor({ clock, events, log }: SchedulesOptions) {
    this.timetable = new Timetable(clock);
    this.options = { clock, events, targets: new Targets(events), log };
  }

  /** What was created or changed since the program ran stays until the program says otherwise. */
  reconcile(graph: Graph): Change[] {
    this.region = graph.region;
    const [schedules, groups] = [readSchedules(graph), readGroups(graph)];
    const before = this.definitions;
    this.definitions = { schedules, groups };
    take(this.groups, before.groups, [groupOf(DEFAULT_GROUP, this.region), ...groups]);
    take(this.schedules, before.schedules, schedules);
    this.problems = schedules.flatMap((one) => this.problemOf(one));
    return compare("schedule", before.schedules, schedules);
  }

  /** Nothing fires before every service has taken over the program. */
  settle(): void {
    for (const key of this.timetable.keys) if (!this.schedules.has(key)) this.timetable.delete(key);
    for (const schedule of this.schedules.values()) this.start(schedule);
  }

  /** Adds or replaces a schedule. @throws AwsError if it is not valid */
  put(schedule: Schedule): void {
    const mistake = this.mistakeOf(schedule);
    if (mistake) throw new AwsError("ValidationException", mistake);
    store(this.schedules, schedule);
    this.start(schedule);
  }

  delete(arn: string): void {
    this.schedules.delete(arn);
    this.timetable.delete(arn);
  }

  close(): void {
    this.timetable.clear();
  }

  private start(schedule: Schedule): void {
    const { arn, name, FlexibleTimeWindow, ActionAfterCompletion } = schedule;
    if (schedule.State === "DISABLED" || this.mistakeOf(schedule)) {
      this.timetable.delete(arn);
      return;
    }
    this.timetable.set(arn, {
      what: `schedule ${name}`,
      kind: "scheduler",
      expression: schedule.ScheduleExpression,
      zone: schedule.ScheduleExpressionTimezone,
      start: schedule.StartDate,
      end: schedule.EndDate,
      window: (FlexibleTimeWindow.MaximumWindowInMinutes ?? 0) * 60_000,
      fire: async (scheduled, isLast) => {
        const failure = await new Invocation(schedule, scheduled, this.options).attempt();
        if (isLast && ActionAfterCompletion === "DELETE") this.delete(arn);
        return failure;
      },
    });
  }

  /** What the API refuses a schedule for. */
  private mistakeOf({ ScheduleExpression: text, ScheduleExpressionTimezone: zone, ...others }: Schedule) {
    const { FlexibleTimeWindow, StartDate, EndDate, Target } = others;
    if (scheduleMistake(text, "scheduler")) return scheduleRefusal(text, "scheduler");
    if (timeZoneMistake(zone)) return `Invalid Schedule Expression Timezone ${zone}.`;
    const { Mode, MaximumWindowInMinutes } = FlexibleTimeWindow;
    const must = Mode === "FLEXIBLE" ? "must" : "must not";
    if ((Mode === "FLEXIBLE") !== (MaximumWindowInMinutes !== undefined))
      return `MaximumWindowInMinutes ${must} be given for a FlexibleTimeWindow of mode ${Mode}.`;
    if (StartDate !== undefined && EndDate !== undefined && EndDate <= StartDate)
      return "The EndDate must be after the StartDate.";
    const mistake = targetMistake(Target);
    return mistake && `Invalid target ${Target.Arn}: ${mistake}.`;
  }

  /** Why a schedule of the program does not do what it says, in a sentence. */
  private problemOf(schedule: Schedule): string[] {
    const { name, ScheduleExpression: text, ScheduleExpressionTimezone: zone, Target } = schedule;
    const does = `schedule ${name} does not fire`;
    const read = readSchedule(text, "scheduler");
    if ("mistake" in read) return [`${does}: its expression is "${text}"; ${read.mistake}`];
    const zoneMistake = timeZoneMistake(zone);
    if (zoneMistake) return [`${does}: its time zone is "${zone}"; ${zoneMistake}`];
    const mistake = this.mistakeOf(schedule) ?? whyNever(read.schedule, { zone });
    if (mistake) return [`${does} (${text}): ${mistake}`];
    const unsupported = this.options.targets.whyUnsupported(Target);
    if (unsupported) return [`schedule ${name} cannot call ${Target.Arn}: ${unsupported}`];
    const isOver = nextTime(read.schedule, this.options.clock.now(), { zone }) === undefined;
    return isOver ? [`${does} (${text}): its time is in the past`] : [];
  }
}

/** Takes over what the program changed between two of its runs. */
function take<T extends { arn: string }>(all: Map<string, Dated<T>>, before: T[], after: T[]): void {
  for (const { arn } of missing(before, after)) all.delete(arn);
  const fresh = new Set(changed(before, after));
  for (const one of after) if (!all.has(one.arn) || fresh.has(one)) store(all, one);
}

export function store<T extends { arn: string }>(all: Map<string, Dated<T>>, one: T): void {
  const modified = Date.now();
  all.set(one.arn, { ...one, created: all.get(one.arn)?.created ?? modified, modified });
}
