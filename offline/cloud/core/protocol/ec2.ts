import { AwsError } from "../awsError";
import { escapeXml } from "../escapeXml";
import { type Model, shapeOf } from "../model";
import { withCapital } from "../names";
import type { Input } from "../types";
import { type FormRules, formOf, readForm } from "./form";
import type { Protocol, Sent } from "./protocol";
import { namespaceOf } from "./query";
import { element, writeMembers } from "./xml";

/** The names of the forms of EC2. */
export const ec2Rules: FormRules = {
  takesOwnNames: false,
  isFlat: () => true,
  nameOf: (_, { sent, member }) => member.queryName ?? withCapital(sent),
};

/**
 * EC2's variant of query: every list is flat, names begin with a capital, and neither results nor errors are wrapped as
 * in the other services.
 * @see https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
export const ec2: Protocol = {
  codes: {
    internal: "InternalError",
    throttled: "RequestLimitExceeded",
    invalid: "InvalidParameterValue",
    malformed: "InvalidParameterValue",
  },
  // Versions differ in what answers contain, so callers of older ones find what they know.
  operationOf: (_, received) => formOf(received).get("Action") ?? undefined,
  unknown: (_, received) => {
    const name = formOf(received).get("Action");
    if (!name) return new AwsError("MissingAction", "The request must contain the parameter Action");
    return new AwsError("InvalidAction", `The action ${name} is not valid for this web service.`);
  },
  read: (model, { input }, received) => {
    const value = readForm(model, input, formOf(received), ec2Rules);
    if (input) requireMembers(model, input.shape, value);
    return value;
  },
  write: (model, { output }, name, value, requestId) => {
    const content = output ? writeMembers(model, shapeOf(model, output.shape), value) : element("return", "true");
    const body = element("requestId", requestId) + content;
    return answer(200, element(`${name}Response`, body, namespaceOf(model)));
  },
  refuse: (_, { code, message }, status, requestId) => {
    const error = element("Error", element("Code", code) + element("Message", escapeXml(message)));
    return answer(status, element("Response", element("Errors", error) + element("RequestID", requestId)));
  },
};

/** A member that is missing has a code of its own. */
function requireMembers(model: Model, name: string, value: Input): void {
  const { members = {}, required = [] } = shapeOf(model, name);
  for (const one of required) {
    const member = members[one];
    if (!member || value[one] !== undefined) continue;
    const sent = ec2Rules.nameOf(model, { name: one, sent: member.locationName ?? one, member });
    throw new AwsError("MissingParameter", `The request must contain the parameter ${sent}`);
  }
}

function answer(status: number, body: string): Sent {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  return { status, headers: { "Content-Type": "text/xml;charset=UTF-8" }, body: head + body };
}
