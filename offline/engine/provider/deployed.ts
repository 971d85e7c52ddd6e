import { account, hexOf, uuidOf } from "../context";
import type { Resource } from "../graph";
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
import { autoName, holdsResources, plausible, type Subject } from "./plausible";
import type { Field, Shapes } from "./shapes";
import { Part, type Template, type Templates } from "./templates";

/** What a deployment would return for one resource. Properties may be derived from one another. */
export class Deployed {
  /** The resources inside a remote component, by URN. */
  readonly parts = new Map<string, Resource>();
  private readonly subject: Subject;
  private readonly templates: Templates;
  private readonly fields: Map<string, Field>;
  private readonly made: Properties;

  constructor(
    private readonly resource: Resource,
    private readonly shapes: Shapes,
    region: string,
  ) {
    const { urn, madeFrom: seed = urn, type: token, custom } = resource;
    const part = (type: string, property: string) => this.partOf(type, property);
    this.subject = { seed, name: parseUrn(seed).name, token, region, ...(!custom && { part }) };
    this.templates = awsTemplates[token] ?? {};
    this.fields = new Map((shapes.ofResource(token) ?? []).map((field) => [field.name, field]));
    const given = Object.entries(resource.inputs).filter(([name, value]) => value !== null && !this.configures(name));
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
    return { ...this.resource.inputs, ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)) };
  }

  unknowns(): Properties {
    const names = this.names().filter((name) => !(name in this.made));
    return { ...this.resource.inputs, ...Object.fromEntries(names.map((name) => [name, new Unknown()])) };
  }

  private names(): string[] {
    const { part } = this.subject;
    const answered = [...this.fields.values()].filter(
      ({ optional, shape }) => !optional || (part && holdsResources(shape)),
    );
    const names = answered.map(({ name }) => name);
    return [...new Set([...names, ...Object.keys(this.templates)])].filter((name) => name !== "id");
  }

  /** The property that an id stands for, if any: `Table.get("x", "orders")` is the table named orders. */
  private namedById(id: string): Properties {
    const property = /^\{(\w+)\}$/.exec(String(this.templates.id))?.[1];
    return property && !(property in this.resource.inputs) ? { [property]: id } : {};
  }

  /** True for an input that configures the resource in the output of the same name. */
  private configures(name: string): boolean {
    const shape = this.subject.part && this.fields.get(name)?.shape;
    return shape !== undefined && holdsResources(shape) && isMap(this.resource.inputs[name]);
  }

  private get(name: string): Value | undefined {
    if (!(name in this.made)) {
      const value = this.make(name);
      if (value === undefined) return undefined;
      this.made[name] = value;
    }
    return this.made[name];
  }

  private make(name: string): Value | undefined {
    const template = this.templates[name];
    if (template !== undefined) return this.fill(template);
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
  private fill(template: Template): Value {
    const used: Value[] = [];
    const filled = this.expand(template, (name) => {
      const value = this.get(name);
      if (value !== undefined) used.push(value);
      return reveal(value);
    });
    if (used.some(hasUnknown)) return new Unknown();
    return used.some(hasSecret) ? new Secret(filled) : filled;
  }

  private expand(template: Template, use: (name: string) => unknown): Value {
    if (typeof template === "number") return template;
    if (template instanceof Part) return this.part(template, use);
    if (typeof template === "function") {
      const input = (name: string) => reveal(this.resource.inputs[name]);
      return this.expand(template(use, input, this.subject.region), use);
    }
    if (Array.isArray(template)) return template.map((element) => this.expand(element, use));
    if (typeof template === "object") return mapValues(template, (element) => this.expand(element, use));
    return template.replace(/\{(\w+)(?:([:|])([^}]*))?\}/g, (_, name: string, mark?: string, rest = "") => {
      if (mark === ":" || name === "guid") return this.generate(name, rest);
      if (name === "account") return account;
      return String((name === "region" ? this.subject.region : use(name)) || rest);
    });
  }

  private partOf(type: string, property: string): Value | undefined {
    if (!this.shapes.ofResource(type)) return undefined;
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
    const inputs = mapValues(templates, (template) => this.expand(template, use));
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
    const deployed = new Deployed(part, this.shapes, this.subject.region);
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
