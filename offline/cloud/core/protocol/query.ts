import { AwsError } from "../awsError";
import { escapeXml } from "../escapeXml";
import { type Model, shapeOf } from "../model";
import { type FormRules, formOf, readForm } from "./form";
import type { Protocol } from "./protocol";
import { element, writeMembers } from "./xml";

/** The names of the forms of query. */
export const queryRules: FormRules = {
  takesOwnNames: true,
  isFlat: (member, shape) => Boolean(member.flattened || shape.flattened),
  nameOf: (model, { sent, member }) => {
    const { flattened, member: inner, locationName } = shapeOf(model, member.shape);
    return ((member.flattened || flattened) && (inner?.locationName ?? locationName)) || sent;
  },
};

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
  read: (model, { input }, received) => readForm(model, input, formOf(received), queryRules),
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

/** The namespace of answers, as an attribute. */
export function namespaceOf({ metadata: { xmlNamespace } }: Model): string {
  const uri = typeof xmlNamespace === "object" ? xmlNamespace.uri : xmlNamespace;
  return uri === undefined ? "" : ` xmlns="${uri}"`;
}
