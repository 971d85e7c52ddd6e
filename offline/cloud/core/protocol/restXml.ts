import { AwsError } from "../awsError";
import { escapeXml } from "../escapeXml";
import type { Protocol } from "./protocol";
import { restProtocol } from "./rest";
import { Malformed } from "./scalars";
import { element, parseXml, readMembers, writeMembers } from "./xml";

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const REQUEST_ID = "x-amz-request-id";

const protocol = restProtocol(
  {
    contentType: "application/xml",
    idHeader: REQUEST_ID,
    read: (model, shape, body, members) => {
      if (body.length === 0) return {};
      try {
        return readMembers(model, shape, parseXml(body.toString()), members);
      } catch (error) {
        throw error instanceof Malformed ? new AwsError("MalformedXML", error.message) : error;
      }
    },
    write: (model, name, shape, value, members) => {
      const { xmlNamespace } = model.metadata;
      const uri = typeof xmlNamespace === "object" ? xmlNamespace.uri : xmlNamespace;
      const attributes = uri === undefined ? "" : ` xmlns="${uri}"`;
      return HEAD + element(name, writeMembers(model, shape, value, members), attributes);
    },
  },
  (_, { code, message, members }, status, requestId) => {
    const all = { Code: code, Message: message, ...members, RequestId: requestId };
    const content = Object.entries(all).map(([name, text]) => element(name, escapeXml(String(text))));
    const headers = { "Content-Type": "application/xml", [REQUEST_ID]: requestId };
    return { status, headers, body: `${HEAD}${element("Error", content.join(""))}` };
  },
  { internal: "InternalError", throttled: "SlowDown", invalid: "InvalidArgument", malformed: "InvalidArgument" },
);

/** REST with XML, which S3 speaks: its errors are not wrapped. */
export const restXml: Protocol = {
  ...protocol,
  unknown: () => new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405),
};
