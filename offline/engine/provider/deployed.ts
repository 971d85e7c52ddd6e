import { account, hexOf, uuidOf } from "../context";
import type { Resource } from "../graph";
import { partitionOf } from "../partition";
import { createUrn, parseUrn, providedPackage } from "../urn";
import {
  hasSecret,
  hasUnknown,
  isMap,
  mapValues,
  type Properties,
  ResourceReference,
  reveal,
  Secret,
  Unknown,
  type Value,
} from "../values";
import { awsTemplates } from "./aws/resources";
import { autoName, holdsResources, plausible, plausibleText, type Subject } from "./plausible";
import type { Field, Shapes } from "./shapes";
import { type Compute, type Get, Part, type Template, type Templates } from "./templates";

/** What a deployment would return for one resource. Properties may be derived from one another. */
export class Deployed {
  /** The resources inside a remote component, by URN. */
  readonly parts = new Map<string, Resource>();
  private readonly subject: Subject;
  private readonly templates: Templates;
  private readonly fields: Map<string, Field>;
  /** The inputs that are outputs as well. */
  private readonly kept: Properties;
  private readonly made: Properties;
  /** The properties being made, so that one that refers to itself ends. */
  private readonly making = new Set<string>();

  constructor(
    private readonly resource: Resource,
    private readonly shapes: Shapes,
    region: string,
    { dryRun = false, isPart = false } = {},
  ) {
    const { urn, madeFrom: seed = urn, type: token, custom } = resource;
    const component = {
      part: (type: string, property: string) => this.partOf(type, property),
      output: (property: string, kind: string) =>
        this.fields.get(property)?.shape.kind === kind ? this.get(property) : undefined,
    };
    this.subject = { seed, name: parseUrn(seed).name, token, region, dryRun, isPart, ...(!custom && { component }) };
    this.templates = awsTemplates[token] ?? {};
    this.fields = new Map((shapes.ofResource(token) ?? []).map((field) => [field.name, field]));
    this.kept = Object.fromEntries(Object.entries(resource.inputs).filter(([name]) => !this.configures(name)));
    const given = Object.entries(this.kept).filter(([, value]) => value !== null);
    const id = resource.id ?? resource.options.import;
    this.made = { ...Object.fromEntries(given), ...(id && { id, ...this.namedById(id) }) };
  }

  id(): string {
    if (providedPackage(this.resource.type) !== undefined) return uuidOf(this.subject.seed);
    const id = reveal(this.get("id"));
    return typeof id === "string" ? id : autoName(this.subject);
  }

  outputs(): Properties {
    const entries = this.names().map((name) => [name, this.get(name)]);
    return { ...this.kept, ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)) };
  }

  /** What a first preview knows: the inputs, and the URNs of a component's outputs that are resources. */
  unknowns(): Properties {
    const names = this.names().filter((name) => !(name in this.made));
    const answers = names.map((name) => [name, this.unknownPart(name) ?? new Unknown()]);
    return { ...this.kept, ...Object.fromEntries(answers) };
  }

  private unknownPart(name: string): Value | undefined {
    const reference = this.fields.get(name)?.shape.kind === "resource" ? this.get(name) : undefined;
    const part = reference instanceof ResourceReference && this.parts.get(reference.urn);
    if (!part) return undefined;
    const { id: _, ...undeployed } = { ...part, inputs: {} };
    const outputs = new Deployed(undeployed, this.shapes, this.subject.region, { isPart: true }).unknowns();
    this.parts.set(part.urn, { ...undeployed, outputs });
    return new ResourceReference(part.urn, new Unknown());
  }

  private names(): string[] {
    const { component } = this.subject;
    const answered = [...this.fields.values()].filter(
      ({ optional, configurable, shape }) => !optional || (component && (!configurable || holdsResources(shape))),
    );
    const names = answered.map(({ name }) => name);
    const all = new Set([...names, ...Object.keys(this.templates)]);
    return [...all].filter((name) => name !== "id" && !name.includes("."));
  }

  /** The property that an id stands for, if any: `Table.get("x", "orders")` is the table named orders. */
  private namedById(id: string): Properties {
    const property = /^\{(\w+)\}$/.exec(String(this.templates.id))?.[1];
    return property && !(property in this.resource.inputs) ? { [property]: id } : {};
  }

  /** True for an input that configures the resource in the output of the same name. */
  private configures(name: string): boolean {
    const shape = this.subject.component && this.fields.get(name)?.shape;
    return shape !== undefined && holdsResources(shape) && holdsMap(this.resource.inputs[name]);
  }

  private get(name: string): Value | undefined {
    if (!(name in this.made) && !this.making.has(name)) {
      this.making.add(name);
      const value = this.make(name);
      this.making.delete(name);
      if (value === undefined) return undefined;
      this.made[name] = value;
    }
    return this.made[name];
  }

  private make(name: string): Value | undefined {
    const template = this.templates[name];
    const filled = template === undefined ? undefined : this.fill(template);
    if (filled !== undefined) return filled;
    if (name === "id") return this.fields.has("name") ? this.get("name") : undefined;
    if (name === "tagsAll") return this.made.tags ?? {};
    const field = this.fields.get(name);
    const prefix = `${name}Prefix`;
    if (this.resource.inputs[prefix]) return this.fill(`{${prefix}}20240101000000{hex:12}`);
    if (name === "name" && this.isFifo()) return `${autoName(this.subject)}.fifo`;
    return field && plausible(field, this.subject);
  }

  /** The names of FIFO queues and topics must end with ".fifo". */
  private isFifo(): boolean {
    return reveal(this.made.fifoQueue) === true || reveal(this.made.fifoTopic) === true;
  }

  /** A value derived from a secret is secret, and one derived from an unknown is unknown. */
  private fill(template: Template): Value | undefined {
    const used: Value[] = [];
    const use = (name: string) => {
      const value = this.get(name);
      if (value !== undefined) used.push(value);
      return reveal(value);
    };
    const resolved = typeof template === "function" ? this.compute(template, use) : template;
    const filled = resolved === undefined ? undefined : this.expand(resolved, use);
    if (used.some(hasUnknown)) return new Unknown();
    return filled !== undefined && used.some(hasSecret) ? new Secret(filled) : filled;
  }

  private expand(template: Template, use: (name: string) => unknown): Value {
    if (typeof template === "number") return template;
    if (template instanceof Part) return this.part(template, use);
    if (typeof template === "function") return this.expand(this.compute(template, use) ?? "", use);
    if (Array.isArray(template)) return template.map((element) => this.expand(element, use));
    if (typeof template === "object") return mapValues(template, (element) => this.expand(element, use));
    return template.replace(/\{(\w+)(?:([:|])([^}]*))?\}/g, (_, name: string, mark?: string, rest = "") => {
      if (mark === ":" || name === "guid") return this.generate(name, rest);
      return String(this.place()[name] || use(name) || rest);
    });
  }

  /** What templates may say about where the resource is. */
  private place(): Record<string, string> {
    const { region } = this.subject;
    const { partition, dnsSuffix } = partitionOf(region);
    return { account, region, partition, dnsSuffix };
  }

  private compute(template: Compute, use: Get): Template | undefined {
    const input = (name: string) => reveal(this.resource.inputs[name]);
    return template(use, input, this.subject.region, (name) => plausibleText(name, this.subject));
  }

  private partOf(type: string, property: string): Value | undefined {
    if (providedPackage(type) === undefined && !this.shapes.ofResource(type)) return undefined;
    // A template's part is the only one of its type.
    const only = Object.values(this.templates).find((template) => template instanceof Part && template.type === type);
    if (only) return this.fill(only);
    const isTaken = this.parts.has(this.partUrn(type, this.resource.name));
    return this.part(new Part(type, isTaken ? `-${property}` : ""), () => undefined);
  }

  private partUrn(type: string, name: string, component = this.resource.urn): string {
    return createUrn({ ...parseUrn(component), type, name }, component);
  }

  private part({ type, suffix, inputs: templates, id: given }: Part, use: (name: string) => unknown): Value {
    const { name: ofComponent, urn: parent } = this.resource;
    const name = `${ofComponent}${suffix}`;
    const urn = this.partUrn(type, name);
    const known = this.parts.get(urn);
    if (known) return new ResourceReference(urn, known.id);
    const expanded = Object.entries(mapValues(templates, (template) => this.expand(template, use)));
    const inputs = Object.fromEntries(expanded.filter(([, value]) => value !== ""));
    const part: Resource = {
      urn,
      type,
      name,
      parent,
      custom: true,
      external: false,
      madeFrom: this.partUrn(type, `${this.subject.name}${suffix}`, this.subject.seed),
      ...(given && { id: String(this.expand(given, use)) }),
      inputs,
      outputs: {},
      dependencies: [],
      propertyDependencies: {},
      protect: false,
      options: {},
    };
    const deployed = new Deployed(part, this.shapes, this.subject.region, { isPart: true });
    const id = deployed.id();
    this.parts.set(urn, { ...part, id, outputs: deployed.outputs() });
    return new ResourceReference(urn, id);
  }

  private generate(kind: string, argument: string): string {
    const [length = "", salt = ""] = argument.split(":");
    const seed = `${this.subject.seed}${salt}`;
    if (kind === "guid") return uuidOf(seed);
    if (kind === "hex") return hexOf(seed, Number(length));
    const characters = BigInt(`0x${hexOf(seed, 64)}`)
      .toString(36)
      .padStart(50, "0")
      .slice(-Number(length));
    return kind === "CHARS" ? characters.toUpperCase() : characters;
  }
}

/** True for a map, also in a secret or a list; a resource is a reference. */
function holdsMap(value: Value | undefined): boolean {
  if (value instanceof Secret) return holdsMap(value.value);
  return Array.isArray(value) ? value.some(holdsMap) : isMap(value);
}
