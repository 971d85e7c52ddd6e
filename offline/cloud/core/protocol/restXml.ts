import { restProtocol } from "./rest";
import { element, escapeXml, parseXml, readMembers, writeMembers } from "./xml";

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** REST with XML, which S3 speaks: its errors are not wrapped. */
export const restXml = restProtocol(
  {
    contentType: "application/xml",
    idHeader: "x-amz-request-id",
    read: (model, shape, body, members) =>
      body.length === 0 ? {} : readMembers(model, shape, parseXml(body.toString()), members),
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
    const headers = { "Content-Type": "application/xml", "x-amz-request-id": requestId };
    return { status, headers, body: `${HEAD}${element("Error", content.join(""))}` };
  },
  { internal: "InternalError", throttled: "SlowDown", invalid: "InvalidArgument", malformed: "MalformedXML" },
);
