import { SaxesParser } from "saxes";
import { escapeXml } from "../escapeXml";
import { type Member, type Model, membersOf, type Shape, shapeOf } from "../model";
import { fromText, Malformed, toText } from "./scalars";

/** An element of a document, without its namespace. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

const MAX_DEPTH = 100;

/** @throws Malformed if it is not well-formed, or declares entities of its own */
export function parseXml(text: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser();
  parser.on("error", ({ message }) => {
    throw new Malformed(message);
  });
  parser.on("doctype", () => {
    throw new Malformed("A document type is not allowed");
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name: localName(name), attributes, children: [], text: "" };
    open.at(-1)?.children.push(element);
    if (open.push(element) > MAX_DEPTH) throw new Malformed(`More than ${MAX_DEPTH} elements are nested`);
  });
  const add = (piece: string) => {
    const element = open.at(-1);
    if (element) element.text += piece;
  };
  parser.on("text", add);
  parser.on("cdata", add);
  parser.on("closetag", () => void open.pop());
  parser.write(text).close();
  const [document] = root.children;
  if (!document) throw new Malformed("The document is empty");
  return document;
}

function localName(name: string): string {
  return name.replace(/^.*:/, "");
}

/** The value of an element by its shape. @throws Malformed for text that does not fit its type */
function readXml(model: Model, { shape: name, flattened }: Member, elements: Element[]): unknown {
  const shape = shapeOf(model, name);
  const [element] = elements;
  switch (shape.type) {
    case "structure":
      return element && readMembers(model, shape, element);
    case "list": {
      const { member } = shape;
      const all = flattened || shape.flattened ? elements : named(element, member?.locationName ?? "member");
      return all.map((one) => member && readXml(model, member, [one]));
    }
    case "map": {
      const all = flattened || shape.flattened ? elements : named(element, "entry");
      return Object.fromEntries(
        all.map((entry) => [
          named(entry, shape.key?.locationName ?? "key")[0]?.text ?? "",
          shape.value && readXml(model, shape.value, named(entry, shape.value.locationName ?? "value")),
        ]),
      );
    }
    default:
      return fromText(shape, element?.text ?? "");
  }
}

function named(element: Element | undefined, name: string): Element[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** @param members those that are in the element. @default all */
export function readMembers(model: Model, shape: Shape, element: Element, members = membersOf(shape)): object {
  const entries = members.flatMap(({ name, sent, member }): [string, unknown][] => {
    if (member.xmlAttribute) {
      const text = element.attributes[sent];
      return text === undefined ? [] : [[name, text]];
    }
    const { member: inner } = shapeOf(model, member.shape);
    const isFlat = member.flattened || shapeOf(model, member.shape).flattened;
    const found = named(element, isFlat ? (member.locationName ?? inner?.locationName ?? name) : sent);
    return found.length === 0 ? [] : [[name, readXml(model, member, found)]];
  });
  return Object.fromEntries(entries);
}

/** A value as elements of that name, by its shape. */
function writeXml(model: Model, name: string, member: Member, value: unknown): string {
  if (value === undefined || value === null) return "";
  const shape = shapeOf(model, member.shape);
  const flat = member.flattened || shape.flattened;
  switch (shape.type) {
    case "structure":
      return writeStructure(model, name, member, shape, value);
    case "list": {
      const { member: of = { shape: "" } } = shape;
      const inner = flat ? (member.locationName ?? of.locationName ?? name) : (of.locationName ?? "member");
      const items = (value as unknown[]).map((one) => writeXml(model, inner, of, one)).join("");
      return flat ? items : element(name, items);
    }
    case "map": {
      const { key = { shape: "" }, value: of = { shape: "" } } = shape;
      const entries = Object.entries(value as object).map(([one, content]) =>
        element(
          flat ? (shape.locationName ?? name) : "entry",
          writeXml(model, key.locationName ?? "key", key, one) +
            writeXml(model, of.locationName ?? "value", of, content),
        ),
      );
      return flat ? entries.join("") : element(name, entries.join(""));
    }
    default:
      return element(name, escapeXml(toText({ ...shape, ...pick(member) }, value, "iso8601")));
  }
}

function pick({ timestampFormat }: Member): Partial<Shape> {
  return timestampFormat ? { timestampFormat } : {};
}

function writeStructure(model: Model, name: string, { xmlNamespace }: Member, shape: Shape, value: unknown): string {
  const given = value as Record<string, unknown>;
  const all = membersOf(shape);
  const namespace = xmlNamespace ?? shape.xmlNamespace;
  const prefix = namespace?.prefix ? `:${namespace.prefix}` : "";
  const attributes = all
    .filter(({ name: own, member }) => member.xmlAttribute && given[own] !== undefined)
    .map(({ name: own, sent }) => ` ${sent}="${escapeXml(String(given[own]))}"`);
  if (namespace) attributes.unshift(` xmlns${prefix}="${namespace.uri}"`);
  return element(name, writeMembers(model, shape, value), attributes.join(""));
}

/** @param members those that are in the element. @default all */
export function writeMembers(model: Model, shape: Shape, value: unknown, members = membersOf(shape)): string {
  const given = value as Record<string, unknown>;
  return members
    .filter(({ member }) => !member.xmlAttribute)
    .map(({ name, sent, member }) => writeXml(model, sent, member, given[name]))
    .join("");
}

export function element(name: string, content: string, attributes = ""): string {
  return `<${name}${attributes}>${content}</${name}>`;
}
