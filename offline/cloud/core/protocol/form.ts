import { type Member, type Model, membersOf, type Shape, shapeOf } from "../model";
import { isMap } from "../resources";
import { queryOf } from "../signature/signature";
import type { Input } from "../types";
import type { Received } from "./protocol";
import { fromText, toText } from "./scalars";

/** What the protocols that send forms do not have in common. */
export interface FormRules {
  /** Whether the elements of a list or a map follow its own name: `Tag.1`, not `Tags.member.1`. */
  isFlat(member: Member, shape: Shape): boolean;
  /** Whether members are also known by the names that they have in the model, such as `MessageAttributes.1`. */
  takesOwnNames: boolean;
  /** The name of a structure's member. */
  nameOf(model: Model, member: ReturnType<typeof membersOf>[number]): string;
}

/** The parameters of a request, which may be a presigned URL. */
export function formOf({ request, url, body }: Received): URLSearchParams {
  return request.method === "GET" ? queryOf(url) : new URLSearchParams(body.toString());
}

/**
 * The input of an operation, from the parameters of a form.
 * @throws Malformed for text that does not fit its type
 */
export function readForm(model: Model, input: Member | undefined, form: URLSearchParams, rules: FormRules): Input {
  return input === undefined ? {} : (readNode(model, input, treeOf(form), rules) as Input);
}

/** Adds the input of an operation to a form: the reverse of `readForm`. */
export function writeForm(
  model: Model,
  input: Member | undefined,
  value: Input,
  form: URLSearchParams,
  rules: FormRules,
): void {
  if (input) append(input, "", value);

  function append(own: Member, at: string, given: unknown): void {
    const shape = shapeOf(model, own.shape);
    const { member, key, value: of } = shape;
    const below = (name: string) => (at === "" ? name : `${at}.${name}`);
    const isFlat = rules.isFlat(own, shape);
    if (Array.isArray(given)) {
      const list = isFlat ? at : below(member?.locationName ?? "member");
      if (member) for (const [index, one] of given.entries()) append(member, `${list}.${index + 1}`, one);
    } else if (isMap(given) && shape.type === "map") {
      const entries = isFlat ? at : below("entry");
      for (const [index, [name, one]] of Object.entries(given).entries()) {
        form.append(`${entries}.${index + 1}.${key?.locationName ?? "key"}`, name);
        if (of) append(of, `${entries}.${index + 1}.${of.locationName ?? "value"}`, one);
      }
    } else if (isMap(given)) {
      for (const one of membersOf(shape)) {
        if (given[one.name] !== undefined) append(one.member, below(rules.nameOf(model, one)), given[one.name]);
      }
    } else form.append(at, toText(shape, given, "iso8601"));
  }
}

/** The parameters whose names begin alike, such as `Tags.member.1.Key` and `Tags.member.1.Value`. */
interface Node {
  text?: string;
  children: Map<string, Node>;
}

function treeOf(form: URLSearchParams): Node {
  const root: Node = { children: new Map() };
  for (const [name, text] of form) {
    let node = root;
    for (const part of name.split(".")) {
      const next: Node = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, next);
      node = next;
    }
    node.text = text;
  }
  return root;
}

function readNode(model: Model, own: Member, node: Node, rules: FormRules): unknown {
  const shape = shapeOf(model, own.shape);
  const isFlat = rules.isFlat(own, shape);
  switch (shape.type) {
    case "structure": {
      const entries = membersOf(shape).flatMap((one): [string, unknown][] => {
        const own = rules.takesOwnNames ? node.children.get(one.name) : undefined;
        const found = node.children.get(rules.nameOf(model, one)) ?? own;
        return found ? [[one.name, readNode(model, one.member, found, rules)]] : [];
      });
      return Object.fromEntries(entries);
    }
    case "list": {
      const { member } = shape;
      const list = isFlat ? node : node.children.get(member?.locationName ?? "member");
      return numbered(list).map((one) => member && readNode(model, member, one, rules));
    }
    case "map": {
      const { key, value } = shape;
      const entries = numbered(isFlat ? node : node.children.get("entry")).map((entry): [string, unknown] => {
        const content = entry.children.get(value?.locationName ?? "value") ?? { children: new Map() };
        return [
          entry.children.get(key?.locationName ?? "key")?.text ?? "",
          value && readNode(model, value, content, rules),
        ];
      });
      return Object.fromEntries(entries);
    }
    default:
      return fromText(shape, node.text ?? "");
  }
}

/** The children `1`, `2` …, in that order. */
function numbered(node: Node | undefined): Node[] {
  const children = [...(node?.children ?? [])].filter(([index]) => /^\d+$/.test(index));
  return children.sort(([one], [other]) => Number(one) - Number(other)).map(([, child]) => child);
}
