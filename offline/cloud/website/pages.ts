import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { AwsError } from "../core/awsError";
import type { SiteAnswer } from "./site";

/**
 * S3's page about an error of a website.
 * @param second another error, of the website's own error document
 */
export function errorPage({ code, message, status = 400, members }: AwsError, second?: AwsError): SiteAnswer {
  const title = `${status} ${STATUS_CODES[status] ?? ""}`.trim();
  const ids = { RequestId: randomUUID(), HostId: "offline" };
  const attempt = second && [
    "<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>",
    list({ Code: second.code, Message: second.message, ...second.members }),
  ];
  const lines = [
    "<html>",
    `<head><title>${title}</title></head>`,
    "<body>",
    `<h1>${title}</h1>`,
    list({ Code: code, Message: message, ...members, ...ids }),
    ...(attempt ?? []),
    "<hr/>",
    "</body>",
    "</html>",
    "",
  ];
  return {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "x-amz-error-code": code,
      "x-amz-error-message": message,
    },
    body: lines.join("\n"),
  };
}

function list(facts: object): string {
  const items = Object.entries(facts).map(([name, value]) => `<li>${name}: ${escapeText(String(value))}</li>`);
  return ["<ul>", ...items, "</ul>"].join("\n");
}

/** S3's answer about an error of its API, which CloudFront passes on. */
export function errorDocument({ code, message, status = 400, members }: AwsError): SiteAnswer {
  const facts = { Code: code, Message: message, ...members, RequestId: randomUUID(), HostId: "offline" };
  const elements = Object.entries(facts).map(([name, value]) => `<${name}>${escapeText(String(value))}</${name}>`);
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements.join("")}</Error>`;
  return { status, headers: { "Content-Type": "application/xml" }, body };
}

/** CloudFront's page about an error of its own. */
export function cloudFrontPage(status: number, reason: string): SiteAnswer {
  const body = `<html><head><title>ERROR: The request could not be satisfied</title></head><body>
<h1>${status} ERROR</h1><h2>The request could not be satisfied.</h2><hr/>${escapeText(reason)}
</body></html>
`;
  return { status, headers: { "Content-Type": "text/html", "X-Cache": "Error from cloudfront" }, body };
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
