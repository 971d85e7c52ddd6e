import { readEvent } from "../../../expressions/patterns";
import { scheduleMistake } from "../../../expressions/schedules";
import type { Graph } from "../../engine/graph";
import { regionOf } from "../core/arns";
import { AwsError } from "../core/awsError";
import { changed, compare, missing } from "../core/changes";
import type { Clock } from "../core/clock";
import type { Events } from "../core/events";
import { Timetable } from "../core/timetable";
import type { AwsEvent, Change } from "../core/types";
import { busArn, DEFAULT_BUS, nameIn } from "./arns";
import { type BusDefinition, type Definitions, type RuleDefinition, readDefinitions, type Target } from "./definitions";
import { type BusEvent, eventOf } from "./event";
import { matcherOf, patternMistake, whyNoMatch } from "./pattern";
import { inputMistake } from "./payload";
import { type Bus, isEnabled, type Rule } from "./rule";
import { isBus, Targets } from "./targets";

export interface EventBusesOptions {
  events: Events;
  /** The clock of schedules. */
  clock: Clock;
  log(line: string): void;
}

/** The event buses with their rules: those of the program, and those that callers have created since. */
export class EventBuses {
  private readonly buses = new Map<string, Bus>();
  private readonly targets: Targets;
  private readonly timetable: Timetable;
  private definitions: Definitions = { buses: [], rules: [] };

  constructor(private readonly options: EventBusesOptions) {
    this.targets = new Targets({ ...options, forward: (event, arn) => this.receive(event, arn) });
    this.timetable = new Timetable(options.clock);
  }

  /** What was changed through the API stays until the program changes it too. */
  reconcile(graph: Graph): Change[] {
    const before = this.definitions;
    const next = readDefinitions(graph);
    this.definitions = next;
    for (const { name, bus } of missing(before.rules, next.rules)) {
      const rule = this.buses.get(bus)?.rules.get(name);
      if (rule) this.deleteRule(rule);
    }
    for (const { arn } of missing(before.buses, next.buses)) this.buses.delete(arn);
    for (const bus of changed(before.buses, next.buses)) this.putBus(bus);
    for (const { targets, ...rule } of changed(before.rules, next.rules)) {
      const put = this.putRule(rule);
      put.targets.clear();
      for (const target of targets) put.targets.set(target.Id, target);
    }
    return [...compare("event bus", before.buses, next.buses), ...compare("rule", before.rules, next.rules)];
  }

  /** Why some rules do nothing, and some of their targets get nothing, one sentence each. */
  get problems(): string[] {
    return this.definitions.rules.flatMap((rule) => {
      const refused = [rule.pattern && patternMistake(rule.pattern), rule.schedule && whyNoSchedule(rule)];
      const isRefused = refused.some(Boolean);
      const noMatch = isRefused || !rule.pattern ? undefined : whyNoMatch(rule.pattern);
      return [
        ...(noMatch ? [`the rule ${rule.name} never matches: ${noMatch}`] : []),
        ...refused.flatMap((why) => (why ? [`AWS refuses the rule ${rule.name}, so it does nothing: ${why}`] : [])),
        ...rule.targets.flatMap((target) => {
          const why = inputMistake(target) ?? this.whyUnsupported(target);
          return why === undefined ? [] : [`the rule ${rule.name} sends nothing to ${target.Arn}: ${why}`];
        }),
      ];
    });
  }

  /** The buses of a region. */
  all(region: string): Bus[] {
    this.find(DEFAULT_BUS, region);
    return [...this.buses.values()].filter((bus) => bus.region === region);
  }

  /** @param reference a name or ARN. @default the account's own bus */
  find(reference: string | undefined, region: string): Bus | undefined {
    const arn = busArn(reference, region);
    return (
      this.buses.get(arn) ??
      (nameIn(arn) === DEFAULT_BUS ? this.putBus({ name: DEFAULT_BUS, arn, tags: {} }) : undefined)
    );
  }

  /** @throws AwsError if there is no such bus */
  get(reference: string | undefined, region: string): Bus {
    const bus = this.find(reference, region);
    if (!bus)
      throw new AwsError("ResourceNotFoundException", `Event bus ${nameIn(busArn(reference, region))} does not exist.`);
    return bus;
  }

  putBus(definition: BusDefinition): Bus {
    const known = this.buses.get(definition.arn);
    const region = regionOf(definition.arn);
    const now = Date.now();
    const bus = { createdAt: now, rules: new Map(), ...known, ...definition, region, modifiedAt: now };
    if (known) return Object.assign(known, bus);
    this.buses.set(bus.arn, bus);
    return bus;
  }

  deleteBus({ arn }: Bus): void {
    this.buses.delete(arn);
  }

  /** Adds or replaces a rule, which keeps its targets. Creates the bus that it names if there is none. */
  putRule({ bus: arn, ...settings }: Omit<RuleDefinition, "targets">): Rule {
    const bus = this.buses.get(arn) ?? this.putBus({ name: nameIn(arn), arn, tags: {} });
    const known = bus.rules.get(settings.name);
    const rule = { targets: known?.targets ?? new Map(), ...settings, bus, matches: matcherOf(settings.pattern) };
    bus.rules.set(rule.name, rule);
    this.schedule(rule);
    return rule;
  }

  deleteRule({ name, arn, bus }: Rule): void {
    bus.rules.delete(name);
    this.timetable.delete(arn);
  }

  /** Puts an event of a service on the default bus. */
  publish({ detail, ...event }: AwsEvent): void {
    this.receive(eventOf({ ...event, detail: JSON.stringify(detail) }), busArn(DEFAULT_BUS, event.region));
  }

  /** Puts an event on a bus; false if there is no such bus. */
  receive(event: BusEvent, arn: string): boolean {
    const bus = this.find(arn, "");
    const rules = [...(bus?.rules.values() ?? [])].filter(isEnabled);
    const matchable = rules.length > 0 ? readEvent(event.text) : undefined;
    for (const rule of rules) if (matchable && rule.matches(matchable)) void this.fire(event, rule);
    return bus !== undefined;
  }

  /** Writes a line about an event that is not delivered. */
  note(line: string): void {
    this.options.log(`error: ${line}`);
  }

  close(): void {
    this.timetable.clear();
  }

  /** Delivers an event to the targets of a rule. Never rejects. Returns why one of them did not get it, or undefined. */
  private async fire(event: BusEvent, rule: Rule): Promise<string | undefined> {
    const deliveries = [...rule.targets.values()].map((target) => this.targets.deliver(event, rule, target));
    return (await Promise.all(deliveries)).find((failure) => failure !== undefined);
  }

  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
  private schedule(rule: Rule): void {
    const { name, arn, bus, schedule: expression } = rule;
    if (expression === undefined || !isEnabled(rule) || whyNoSchedule({ schedule: expression, bus: bus.arn })) {
      this.timetable.delete(arn);
      return;
    }
    const event = { source: "aws.events", detailType: "Scheduled Event", detail: "{}", resources: [arn] };
    const fire = (time: number) => this.fire(eventOf({ ...event, time, region: bus.region }), rule);
    this.timetable.set(arn, { what: `rule ${name}`, kind: "rule", expression, fire });
  }

  private whyUnsupported({ Arn }: Target): string | undefined {
    return isBus(Arn) ? undefined : this.options.events.whyUnsupported(Arn);
  }
}

function whyNoSchedule({ schedule = "", bus }: Pick<RuleDefinition, "schedule" | "bus">): string | undefined {
  if (nameIn(bus) !== DEFAULT_BUS) return "schedules are for the default event bus: leave eventBusName out";
  const mistake = scheduleMistake(schedule, "rule");
  return mistake && `its schedule is "${schedule}": ${mistake}`;
}
