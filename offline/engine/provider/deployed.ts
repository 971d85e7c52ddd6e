import { account, hexOf, uuidOf } from "../context";
import type { Resource } from "../graph";
import { providedPackage } from "../urn";
import { hasSecret, hasUnknown, mapValues, type Properties, reveal, Secret, Unknown, type Value } from "../values";
import { awsTemplates } from "./aws/resources";
import { autoName, plausible, type Subject } from "./plausible";
import type { Field } from "./shapes";
import type { Template, Templates } from "./templates";

/** What a deployment would answer about one resource. A property may be made from others. */
export class Deployed {
  private readonly subject: Subject;
  private readonly templates: Templates;
  private readonly fields: Map<string, Field>;
  private readonly made: Properties;

  constructor(
    private readonly resource: Resource,
    fields: Field[],
    region: string,
  ) {
    this.subject = { seed: resource.urn, name: resource.name, token: resource.type, region };
    this.templates = awsTemplates[resource.type] ?? {};
    this.fields = new Map(fields.map((field) => [field.name, field]));
    const given = Object.entries(resource.inputs).filter(([, value]) => value !== null);
    const id = resource.id ?? resource.options.import;
    this.made = { ...Object.fromEntries(given), ...(id && { id, ...this.namedById(id) }) };
  }

  id(): string {
    if (providedPackage(this.resource.type) !== undefined) return uuidOf(this.resource.urn);
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
    const required = [...this.fields.values()].filter(({ optional }) => !optional).map(({ name }) => name);
    return [...new Set([...required, ...Object.keys(this.templates)])].filter((name) => name !== "id");
  }

  /** The property that an id is, where it is one: `Table.get("x", "orders")` is the table named orders. */
  private namedById(id: string): Properties {
    const property = /^\{(\w+)\}$/.exec(String(this.templates.id))?.[1];
    return property && !(property in this.resource.inputs) ? { [property]: id } : {};
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

  /** The names of FIFO queues and topics must end so. */
  private isFifo(): boolean {
    return reveal(this.made.fifoQueue) === true || reveal(this.made.fifoTopic) === true;
  }

  /** What is made from a secret is secret, what is made from an unknown is unknown. */
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
    if (typeof template === "function") return this.expand(template(use), use);
    if (Array.isArray(template)) return template.map((element) => this.expand(element, use));
    if (typeof template === "object") return mapValues(template, (element) => this.expand(element, use));
    return template.replace(/\{(\w+)(?:([:|])([^}]*))?\}/g, (_, name: string, mark?: string, rest = "") => {
      if (mark === ":" || name === "guid") return this.generate(name, rest);
      if (name === "account") return account;
      return String((name === "region" ? this.subject.region : use(name)) || rest);
    });
  }

  private generate(kind: string, argument: string): string {
    const [length = "", salt = ""] = argument.split(":");
    const seed = `${this.resource.urn}${salt}`;
    if (kind === "guid") return uuidOf(seed);
    if (kind === "hex") return hexOf(seed, Number(length));
    const characters = BigInt(`0x${hexOf(seed, 64)}`)
      .toString(36)
      .padStart(50, "0")
      .slice(-Number(length));
    return kind === "CHARS" ? characters.toUpperCase() : characters;
  }
}
