import { randomUUID } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { type Answer, type ItemsFunction, startItemsFunction } from "../../helpers/handlers/itemsFunction";
import type { PayloadVersion } from "../../helpers/handlers/proxyEvent";

const itemsApi = (version: PayloadVersion) => () => {
  let items: ItemsFunction;
  before(async () => {
    items = await startItemsFunction(version);
  });
  after(() => items.close());

  const create = (body: object = { name: "lamp" }) => items.call("POST", "/items", { body });
  const urlOf = (created: Answer) => `/items/${created.body.id}`;
  const etagOf = (answer: Answer) => answer.headers.ETag ?? "";

  describe("POST /items", () => {
    it("creates an item, returns its location, and reads it as it was sent", async () => {
      const sent = {
        name: "lamp ✓ 🪔",
        description: "",
        price: 39.9,
        quantity: 0,
        tags: ["a", "b"],
        attributes: { colour: { r: 1e-130, g: -0.5 }, none: null, list: [[], {}, true, "", 9007199254740991] },
      };
      const created = await create(sent);
      expect(created.status).to.equal(201);
      expect(created.headers.Location).to.equal(`/Prod/items/${created.body.id}`);
      expect(created.headers.ETag).to.match(/^"[\w-]{22}"$/);
      expect(created.body).to.deep.include(sent);
      expect(created.body.createdAt).to.equal(created.body.updatedAt);
      const read = await items.call("GET", urlOf(created));
      expect(read.status).to.equal(200);
      expect(read.body).to.deep.equal(created.body);
      expect(etagOf(read)).to.equal(etagOf(created));
    });

    it("accepts an id chosen by the caller, once", async () => {
      const id = `my.item~${Date.now()}`;
      expect((await create({ id, name: "first" })).body.id).to.equal(id);
      const clash = await create({ id, name: "second" });
      expect(clash.status).to.equal(409);
      expect(clash.body.type).to.equal("urn:problem:conflict");
      expect((await items.call("GET", `/items/${id}`)).body.name).to.equal("first");
    });

    it("lets exactly one of many creators use an id", async () => {
      const id = randomUUID();
      const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => create({ id, name: `n${index}` })));
      const winners = answers.filter(({ status }) => status === 201);
      expect(winners).to.have.length(1);
      expect((await items.call("GET", `/items/${id}`)).body).to.deep.equal(winners[0]?.body);
    });

    it("ignores the times that only the server sets, so that an item can be sent back as it was read", async () => {
      const created = await create({ name: "lamp", createdAt: "1999-01-01T00:00:00Z" });
      expect(created.status).to.equal(201);
      expect(created.body.createdAt).not.to.equal("1999-01-01T00:00:00Z");
    });
  });

  describe("GET /items/{id}", () => {
    it("answers 304 without a body while If-None-Match has the entity tag, weak or not", async () => {
      const created = await create();
      for (const known of [
        etagOf(created),
        `W/${etagOf(created)}`,
        `"other", ${etagOf(created)}`,
        `, ,"a,b"\t,${etagOf(created)},`,
        "*",
      ]) {
        const read = await items.call("GET", urlOf(created), { headers: { "if-none-match": known } });
        expect(read.status, known).to.equal(304);
        expect(read.body).to.equal(undefined);
        expect(etagOf(read)).to.equal(etagOf(created));
      }
      const read = await items.call("GET", urlOf(created), { headers: { "If-None-Match": '"other"' } });
      expect(read.status).to.equal(200);
    });

    it("answers 412 unless If-Match has the entity tag", async () => {
      const created = await create();
      const read = (ifMatch: string) => items.call("GET", urlOf(created), { headers: { "If-Match": ifMatch } });
      for (const stale of ['"other"', `W/${etagOf(created)}`]) expect((await read(stale)).status, stale).to.equal(412);
      for (const good of ["*", `"other", ${etagOf(created)}`]) expect((await read(good)).status, good).to.equal(200);
    });

    it("answers 404 for an item that does not exist", async () => {
      expect((await items.call("GET", "/items/nothing")).status).to.equal(404);
    });
  });

  describe("PUT /items/{id}", () => {
    it("replaces the whole item, and keeps its id and creation time", async () => {
      const created = await create({ name: "lamp", price: 5, attributes: { a: 1 } });
      const replaced = await items.call("PUT", urlOf(created), { body: { name: "chair", quantity: 2 } });
      expect(replaced.status).to.equal(200);
      const { id, createdAt } = created.body;
      expect(replaced.body).to.deep.equal({
        id,
        createdAt,
        name: "chair",
        quantity: 2,
        updatedAt: replaced.body.updatedAt,
      });
      expect(etagOf(replaced)).not.to.equal(etagOf(created));
      expect((await items.call("GET", urlOf(created))).body).to.deep.equal(replaced.body);
    });

    it("accepts an item as it was read, and no other id", async () => {
      const created = await create();
      expect((await items.call("PUT", urlOf(created), { body: created.body })).status).to.equal(200);
      const other = await items.call("PUT", urlOf(created), { body: { ...created.body, id: "other" } });
      expect(other.status).to.equal(422);
      expect(other.body.errors).to.deep.equal([
        { pointer: "#/id", detail: `must be ${created.body.id}, as in the path` },
      ]);
    });

    it("does not create an item, unless If-None-Match: * asks for it", async () => {
      const url = `/items/${randomUUID()}`;
      const put = (headers = {}) => items.call("PUT", url, { body: { name: "lamp" }, headers });
      expect((await put()).status).to.equal(404);
      const created = await put({ "If-None-Match": "*" });
      expect(created.status).to.equal(201);
      expect(created.headers.Location).to.equal(`/Prod${url}`);
      expect((await put({ "If-None-Match": "*" })).status).to.equal(412);
      expect((await put({ "If-None-Match": "*", "If-Match": etagOf(created) })).status).to.equal(412);
      expect((await put({ "If-None-Match": '"x"' })).status).to.equal(400);
      expect((await items.call("GET", url)).body).to.deep.equal(created.body);
    });
  });

  describe("PATCH /items/{id}", () => {
    const patch = (url: string, body: unknown, headers = {}) =>
      items.call("PATCH", url, { body, headers: { "Content-Type": "application/merge-patch+json", ...headers } });

    it("merges the patch, in which null removes a property", async () => {
      const created = await create({ name: "lamp", price: 5, attributes: { a: 1, b: { c: 2, d: 3 } } });
      const patched = await patch(urlOf(created), {
        price: null,
        quantity: 7,
        attributes: { b: { c: null }, e: [null] },
      });
      expect(patched.status).to.equal(200);
      expect(patched.body).to.deep.include({ name: "lamp", quantity: 7, attributes: { a: 1, b: { d: 3 }, e: [null] } });
      expect(patched.body).not.to.have.property("price");
      expect((await items.call("GET", urlOf(created))).body).to.deep.equal(patched.body);
    });

    it("refuses a patch that would leave an invalid item, and leaves the item unchanged", async () => {
      const created = await create();
      for (const [body, pointer] of [
        [{ name: null }, "#/name"],
        [{ price: "5" }, "#/price"],
        [{ unknown: 1 }, "#/unknown"],
        [{ id: "other" }, "#/id"],
        [[], "#"],
        ['"text"', "#"],
        [null, "#"],
      ]) {
        const refused = await patch(urlOf(created), body);
        expect(refused.status, JSON.stringify(body)).to.equal(422);
        expect(refused.body.errors).to.have.nested.property("[0].pointer", pointer);
      }
      expect((await items.call("GET", urlOf(created))).headers.ETag).to.equal(etagOf(created));
    });

    it("applies every one of many concurrent changes", async () => {
      const created = await create({ name: "lamp", attributes: {} });
      const names = Array.from({ length: 20 }, (_, index) => `k${index}`);
      const add = async (name: string): Promise<number> => {
        const { status } = await patch(urlOf(created), { attributes: { [name]: 1 } });
        // On a busy machine even the last attempt of a patch may meet another change.
        return status === 409 ? add(name) : status;
      };
      expect(new Set(await Promise.all(names.map(add)))).to.deep.equal(new Set([200]));
      const { body } = await items.call("GET", urlOf(created));
      expect(Object.keys(body.attributes as object)).to.have.members(names);
    });

    it("answers 409 with Retry-After for an item that others keep changing, and does not touch it", async () => {
      const created = await create();
      const instance = items.coldStart();
      let revision = 0;
      instance.database.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            const result = await next(args);
            if (commandName === "GetItemCommand") await overwrite(created, `revision-${revision++}`);
            return result;
          },
        { step: "initialize" },
      );
      const answer = await instance.call("PATCH", urlOf(created), { body: { name: "mine" } });
      expect(answer.status).to.equal(409);
      expect(answer.headers["Retry-After"]).to.equal("1");
      expect((await items.call("GET", urlOf(created))).body.name).to.equal("theirs");
    });

    const overwrite = (created: Answer, revision: string) =>
      items.dynamo.client.send(
        new PutCommand({ TableName: "items", Item: { ...created.body, name: "theirs", revision } }),
      );

    it("refuses to grow an item beyond what DynamoDB stores", async () => {
      const created = await create();
      const large = "x".repeat(250_000);
      expect((await patch(urlOf(created), { attributes: { a: large } })).status).to.equal(200);
      const refused = await patch(urlOf(created), { attributes: { b: large } });
      expect(refused.status).to.equal(413);
      expect(refused.body.type).to.equal("urn:problem:content-too-large");
      expect((await items.call("GET", urlOf(created))).body.attributes).to.deep.equal({ a: large });
    });
  });

  describe("DELETE /items/{id}", () => {
    it("deletes an item, once", async () => {
      const created = await create();
      const deleted = await items.call("DELETE", urlOf(created));
      expect(deleted.status).to.equal(204);
      expect(deleted.body).to.equal(undefined);
      expect((await items.call("DELETE", urlOf(created))).status).to.equal(404);
      expect((await items.call("GET", urlOf(created))).status).to.equal(404);
    });
  });

  it("returns nothing of a record but the item", async () => {
    const record = { id: "record", name: "n", createdAt: "c", updatedAt: "u", revision: "r", creation: "r", other: 1 };
    await items.dynamo.client.send(new PutCommand({ TableName: "items", Item: record }));
    const { body } = await items.call("GET", "/items/record");
    expect(body).to.deep.equal({ id: "record", name: "n", createdAt: "c", updatedAt: "u" });
  });
};

describe("the items API", itemsApi("1.0"));
describe("the items API behind an HTTP API", itemsApi("2.0"));
