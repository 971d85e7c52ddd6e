import { type Backend, misconfigured } from "./pipeline";

/**
 * Answers without a backend, with the status that the request says and no body.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export const mock: Backend = ({ body }) => {
  if (typeof body !== "string") throw misconfigured("a mock integration does not read bytes");
  const [, status] = /["']?statusCode["']?\s*:\s*["']?(\d{3})/.exec(body) ?? [];
  if (!status) throw misconfigured("the request template, or the body if there is none, gives no statusCode");
  return { outcome: status, headers: [], body: "" };
};
