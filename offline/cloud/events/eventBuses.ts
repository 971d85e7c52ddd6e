import { readEvent } from "../../../expressions/patterns";
import type { Graph } from "../../engine/graph";
import { AwsError } from "../core/awsError";
import { compare } from "../core/changes";
import type { Events } from "../core/events";
import type { AwsEvent, Change } from "../core/types";
import { busArn, DEFAULT_BUS, nameIn } from "./arns";
import { type BusDefinition, type Definitions, type RuleDefinition, readDefinitions } from "./definitions";
import { type BusEvent, eventOf } from "./event";
import { matcherOf, patternMistake } from "./pattern";
import { inputMistake } from "./payload";
import { type Bus, isEnabled, type Rule } from "./rule";
import { isBus, Targets } from "./targets";

export interface EventBusesOptions {
  events: Events;
  log(line: string): void;
}

/** The event buses with their rules, those of the program and those that were made since. */
export class EventBuses {
  private readonly buses = new Map<string, Bus>();
  private readonly targets: Targets;
  private definitions: Definitions = { buses: [], rules: [] };

  constructor(private readonly options: EventBusesOptions) {
    this.targets = new Targets({ ...options, forward: (event, arn) => this.receive(event, arn) });
  }

  /** What was changed through the API stays until the program changes it too. */
  reconcile(graph: Graph): Change[] {
    const before = this.definitions;
    const next = readDefinitions(graph);
    this.definitions = next;
    for (const { name, bus } of missing(before.rules, next.rules)) this.buses.get(bus)?.rules.delete(name);
    for (const { arn } of missing(before.buses, next.buses)) this.buses.delete(arn);
    for (const bus of changed(before.buses, next.buses)) this.putBus(bus);
    for (const { targets, ...rule } of changed(before.rules, next.rules)) {
      const put = this.putRule(rule);
      put.targets.clear();
      for (const target of targets) put.targets.set(target.Id, target);
    }
    return [...compare("event bus", before.buses, next.buses), ...compare("rule", before.rules, next.rules)];
  }

  /** Why some rules match nothing, and some of their targets get nothing, one sentence each. */
  get problems(): string[] {
    return this.definitions.rules.flatMap(({ name, pattern, targets }) => {
      const refused = pattern === undefined ? undefined : patternMistake(pattern);
      const undelivered = targets.flatMap((target) => {
        const why =
          inputMistake(target) ?? (isBus(target.Arn) ? undefined : this.options.events.whyUnsupported(target.Arn));
        return why === undefined ? [] : [`the rule ${name} delivers nothing to ${target.Arn}: ${why}`];
      });
      return refused === undefined
        ? undelivered
        : [`the rule ${name} matches nothing, as AWS refuses its event pattern: ${refused}`, ...undelivered];
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
    const region = definition.arn.split(":")[3] ?? "";
    const now = Date.now();
    const bus = { createdAt: now, rules: new Map(), ...known, ...definition, region, modifiedAt: now };
    if (known) return Object.assign(known, bus);
    this.buses.set(bus.arn, bus);
    return bus;
  }

  deleteBus({ arn }: Bus): void {
    this.buses.delete(arn);
  }

  /** Its targets stay as they are; a bus that it names and that is not there is made. */
  putRule({ bus: arn, ...settings }: Omit<RuleDefinition, "targets">): Rule {
    const bus = this.buses.get(arn) ?? this.putBus({ name: nameIn(arn), arn, tags: {} });
    const known = bus.rules.get(settings.name);
    const rule = { targets: known?.targets ?? new Map(), ...settings, bus, matches: matcherOf(settings.pattern) };
    bus.rules.set(rule.name, rule);
    return rule;
  }

  deleteRule({ name, bus }: Rule): void {
    bus.rules.delete(name);
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
    for (const rule of rules) if (matchable && rule.matches(matchable)) this.fire(event, rule);
    return bus !== undefined;
  }

  /** Writes a line about an event that is not delivered. */
  note(line: string): void {
    this.options.log(`error: ${line}`);
  }

  /** Delivers an event to the targets of a rule. */
  private fire(event: BusEvent, rule: Rule): void {
    for (const target of rule.targets.values()) void this.targets.deliver(event, rule, target);
  }
}

interface Identified {
  arn: string;
}

/** Those of the first that the second do not have. */
function missing<One extends Identified>(before: One[], next: One[]): One[] {
  const arns = new Set(next.map(({ arn }) => arn));
  return before.filter(({ arn }) => !arns.has(arn));
}

/** Those of the second that are new or other than before. */
function changed<One extends Identified>(before: One[], next: One[]): One[] {
  const old = new Map(before.map((one) => [one.arn, JSON.stringify(one)]));
  return next.filter((one) => old.get(one.arn) !== JSON.stringify(one));
}
