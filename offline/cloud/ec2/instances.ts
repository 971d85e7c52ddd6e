import type { Graph } from "../../engine/graph";
import { AwsError } from "../core/awsError";
import { compare } from "../core/changes";
import type { Change, Publish } from "../core/types";
import { Instance, TRANSITIONS } from "./instance";
import { type GroupDefinition, type InstanceDefinition, readGroups, readInstances } from "./model";

export interface InstancesOptions {
  /** Gets the changes of instances' states. */
  publish: Publish;
  log(line: string): void;
  /** How long an instance takes to start, stop or terminate. On EC2 it is about a minute. @default 1000 */
  transitionMilliseconds?: number;
}

/** For how long EC2 shows a terminated instance, in milliseconds. */
const REMEMBERED = 60 * 60 * 1000;

/** The program's instances, and those of its Auto Scaling groups. */
export class Instances {
  private known: Instance[] = [];
  private groups = new Map<string, { definition: GroupDefinition; launched: number }>();
  private readonly transitionMilliseconds: number;

  constructor(private readonly options: InstancesOptions) {
    this.transitionMilliseconds = options.transitionMilliseconds ?? 1000;
  }

  /** In the order in which they were launched; terminated ones for an hour. */
  get all(): Instance[] {
    const isShown = ({ state, enteredAt }: Instance) => state !== "terminated" || Date.now() - enteredAt < REMEMBERED;
    this.known = this.known.filter(isShown);
    return this.known;
  }

  /** An instance that the program still describes keeps its state. */
  reconcile(graph: Graph): Change[] {
    const own = this.known.filter(({ definition: { group } }) => group === undefined);
    const next = readInstances(graph);
    const changes = compare(
      "instance",
      own.map(({ definition }) => definition),
      next,
    );
    const ids = new Set(next.map(({ id }) => id));
    for (const instance of own) if (!ids.has(instance.id)) this.remove(instance);
    for (const definition of next) {
      const known = own.find(({ id }) => id === definition.id);
      if (known) known.reconcile(definition);
      else this.add(definition);
    }
    this.reconcileGroups(readGroups(graph));
    return changes;
  }

  /**
   * @throws AwsError that names all of the ids that are malformed, or all that do not exist
   * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
   */
  find(ids: string[]): Instance[] {
    const malformed = ids.find((id) => !/^i-(?:[\da-f]{8}|[\da-f]{17})$/.test(id));
    if (malformed !== undefined) throw new AwsError("InvalidInstanceID.Malformed", `Invalid id: "${malformed}"`);
    const found = [...new Set(ids)].map((id) => this.all.find((instance) => instance.id === id) ?? id);
    const missing = found.filter((one) => typeof one === "string");
    if (missing.length > 0) {
      const [subject, verb] = missing.length === 1 ? ["ID", "does"] : ["IDs", "do"];
      const message = `The instance ${subject} '${missing.join(", ")}' ${verb} not exist`;
      throw new AwsError("InvalidInstanceID.NotFound", message);
    }
    return found.filter((one) => typeof one !== "string");
  }

  close(): void {
    for (const instance of this.known) instance.close();
  }

  private reconcileGroups(definitions: GroupDefinition[]): void {
    const names = new Set(definitions.map(({ name }) => name));
    for (const name of this.groups.keys()) {
      if (names.has(name)) continue;
      this.groups.delete(name);
      for (const instance of this.membersOf(name)) this.remove(instance);
    }
    for (const definition of definitions) {
      const isNew = !this.groups.has(definition.name);
      const group = this.groups.get(definition.name) ?? { definition, launched: 0 };
      group.definition = definition;
      this.groups.set(definition.name, group);
      const members = this.membersOf(definition.name);
      for (const instance of members.slice(definition.desired)) this.remove(instance);
      for (const _ of Array(Math.max(definition.desired - members.length, 0)).keys()) {
        const instance = this.add(definition.launch(group.launched++));
        if (!isNew) instance.launch();
      }
    }
  }

  private membersOf(group: string): Instance[] {
    return this.known.filter(({ definition, state }) => definition.group === group && state !== "terminated");
  }

  private add(definition: InstanceDefinition): Instance {
    const { transitionMilliseconds } = this;
    const instance = new Instance(definition, { transitionMilliseconds, entered: (one) => this.entered(one) });
    this.known.push(instance);
    return instance;
  }

  private remove(instance: Instance): void {
    instance.close();
    this.known.splice(this.known.indexOf(instance), 1);
  }

  private entered(instance: Instance): void {
    const { id, state, definition } = instance;
    this.options.log(`${definition.name} ${id} | ${state}`);
    this.options.publish({
      source: "aws.ec2",
      detailType: "EC2 Instance State-change Notification",
      detail: { "instance-id": id, state },
      resources: [definition.arn],
      region: definition.region,
    });
    if (definition.group !== undefined) this.replace(instance, definition.group);
  }

  /**
   * A group takes an instance that no longer runs for unhealthy: it terminates it and launches another.
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
   */
  private replace(instance: Instance, name: string): void {
    const group = this.groups.get(name);
    if (instance.state === "stopped") instance.begin(TRANSITIONS.terminate);
    if (instance.state === "terminated" && group) this.add(group.definition.launch(group.launched++)).launch();
  }
}
