import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { setEnvironment } from "../../helpers/handlers/handlerInstance";
import { type Call, type ItemsFunction, startItemsFunction } from "../../helpers/handlers/itemsFunction";

type Sent = [status: number, method: string, path: string, request?: Call];

const origin = "https://shop.example";
const signed = { userArn: "arn:aws:iam::123456789012:user/a" };
const key = randomUUID();
const created = { body: { name: "lamp" }, headers: { "Idempotency-Key": key }, ...signed };

/** Requests that change nothing, or nothing the second time. */
const requests: Record<string, Sent> = {
  "all items": [200, "GET", "/items"],
  "a page after another": [200, "GET", "/items", { query: { limit: "2", nextToken: "TOKEN" }, ...signed }],
  "an item": [200, "GET", "/items/a"],
  "an item that has not changed": [304, "GET", "/items/a", { headers: { "If-None-Match": '"x", ETAG' } }],
  "an item that has changed": [412, "PUT", "/items/a", { body: { name: "b" }, headers: { "If-Match": '"x"' } }],
  "no item": [404, "GET", "/items/none"],
  "an item created before with the same key": [201, "POST", "/items", created],
  "another use of the key": [422, "POST", "/items", { ...created, body: { name: "other" } }],
  "mistakes in a body": [422, "POST", "/items", { body: { price: -1, tags: ["a", "a"] } }],
  "mistakes in parameters": [400, "GET", "/items", { query: { limit: ["1", "2"], other: "a,b" } }],
  "a body that is not JSON": [400, "POST", "/items", { body: "{" }],
  "a body in bytes that are not text": [400, "POST", "/items", { bytes: Buffer.from([0xff]) }],
  "another media type": [415, "POST", "/items", { body: "a", headers: { "Content-Type": "text/plain" } }],
  "another method": [405, "DELETE", "/items"],
  "a path with percent-encoding": [400, "GET", "/items/a%20b%25"],
  "a page of another origin": [404, "GET", "/items/none", { headers: { Origin: origin } }],
};

describe("the items API, of both kinds alike", () => {
  let items: ItemsFunction;
  let restore: () => void;
  const marks: Record<string, string> = {};

  before(async () => {
    restore = setEnvironment({ CORS_ALLOW_ORIGIN: origin });
    items = await startItemsFunction();
    for (const id of ["a", "b"]) await items.call("POST", "/items", { body: { id, name: id } });
    marks.ETAG = (await items.call("GET", "/items/a")).headers.ETag ?? "";
    marks.TOKEN = String((await items.call("GET", "/items", { query: { limit: "2" }, ...signed })).body.nextToken);
    await items.call("POST", "/items", created);
  });
  after(async () => {
    restore();
    await items.close();
  });

  for (const [what, [status, method, path, request]] of Object.entries(requests)) {
    it(`answers ${what}`, async () => {
      const text = JSON.stringify(request ?? {}, (_, value) => (Buffer.isBuffer(value) ? undefined : value));
      const filled = JSON.parse(text.replace(/ETAG|TOKEN/g, (name) => JSON.stringify(marks[name]).slice(1, -1)));
      const sent = { ...filled, headers: { "x-request-id": "mine", ...filled.headers }, bytes: request?.bytes };
      const rest = await items.call(method, path, { ...sent, version: "1.0" });
      const http = await items.call(method, path, { ...sent, version: "2.0" });
      expect(rest.status).to.equal(status);
      expect(http).to.deep.equal(rest);
    });
  }
});
