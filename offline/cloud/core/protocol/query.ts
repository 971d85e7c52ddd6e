import { AwsError } from "../awsError";
import { escapeXml } from "../escapeXml";
import { type Member, type Model, membersOf, shapeOf } from "../model";
import { queryOf } from "../signature/signature";
import type { Input } from "../types";
import type { Protocol, Received } from "./protocol";
import { fromText } from "./scalars";
import { element, writeMembers } from "./xml";

/** The protocol of the oldest services: a form with the operation in `Action`, and XML as the answer. */
export const query: Protocol = {
  codes: {
    internal: "InternalFailure",
    throttled: "Throttling",
    invalid: "ValidationError",
    malformed: "MalformedInput",
  },
  operationOf: ({ metadata }, received) => {
    const form = formOf(received);
    return form.get("Version") === metadata.apiVersion ? (form.get("Action") ?? undefined) : undefined;
  },
  unknown: (_, received) => {
    const form = formOf(received);
    const name = form.get("Action");
    if (!name) return new AwsError("MissingAction", "Missing Action");
    const version = form.get("Version") || "NO_VERSION_SPECIFIED";
    return new AwsError("InvalidAction", `Could not find operation ${name} for version ${version}`);
  },
  read: (model, { input }, received) => {
    const root = treeOf(formOf(received));
    return input === undefined ? {} : (readForm(model, input, root) as Input);
  },
  write: (model, { output }, name, value, requestId) => {
    const content = output && writeMembers(model, shapeOf(model, output.shape), value);
    const wrapper = output?.resultWrapper ?? (output && model.metadata.awsQueryCompatible && `${name}Result`);
    const result = wrapper ? element(wrapper, content ?? "") : (content ?? "");
    const body = result + element("ResponseMetadata", element("RequestId", requestId));
    return answer(200, element(`${name}Response`, body, namespaceOf(model)), requestId);
  },
  refuse: (model, { code, message }, status, requestId) => {
    const { error } = model.shapes[code] ?? {};
    const type = status < 500 ? "Sender" : "Receiver";
    const content =
      element("Type", type) +
      element("Code", error?.code ?? code) +
      element("Message", escapeXml(message)) +
      (model.metadata.awsQueryCompatible ? "<Detail/>" : "");
    const body = element("Error", content) + element("RequestId", requestId);
    return answer(status, element("ErrorResponse", body, namespaceOf(model)), requestId);
  },
};

function answer(status: number, body: string, requestId: string) {
  return { status, headers: { "Content-Type": "text/xml", "x-amzn-RequestId": requestId }, body };
}

function namespaceOf({ metadata: { xmlNamespace } }: Model): string {
  const uri = typeof xmlNamespace === "object" ? xmlNamespace.uri : xmlNamespace;
  return uri === undefined ? "" : ` xmlns="${uri}"`;
}

function formOf({ request, url, body }: Received): URLSearchParams {
  return request.method === "GET" ? queryOf(url) : new URLSearchParams(body.toString());
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

function readForm(model: Model, { shape: name, flattened }: Member, node: Node): unknown {
  const shape = shapeOf(model, name);
  const isFlat = flattened || shape.flattened;
  switch (shape.type) {
    case "structure": {
      const entries = membersOf(shape).flatMap(({ name: own, sent, member }): [string, unknown][] => {
        const { flattened: flat, member: inner, locationName } = shapeOf(model, member.shape);
        const one = member.flattened || flat ? (inner?.locationName ?? locationName) : undefined;
        const found = node.children.get(one ?? sent);
        return found ? [[own, readForm(model, member, found)]] : [];
      });
      return Object.fromEntries(entries);
    }
    case "list": {
      const { member } = shape;
      const list = isFlat ? node : node.children.get(member?.locationName ?? "member");
      return numbered(list).map((one) => member && readForm(model, member, one));
    }
    case "map": {
      const { key, value } = shape;
      const entries = numbered(isFlat ? node : node.children.get("entry")).map((entry): [string, unknown] => {
        const content = entry.children.get(value?.locationName ?? "value") ?? { children: new Map() };
        return [entry.children.get(key?.locationName ?? "key")?.text ?? "", value && readForm(model, value, content)];
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
