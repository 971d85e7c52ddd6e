import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import * as fc from "fast-check";
import {
  type Answer,
  type Instance,
  type ItemsFunction,
  startItemsFunction,
} from "../../helpers/handlers/itemsFunction";

describe("GET /items", () => {
  let items: ItemsFunction;
  before(async () => {
    items = await startItemsFunction();
  });
  after(() => items.close());

  const list = (query: Record<string, string | string[]> = {}, instance: Instance = items) =>
    instance.call("GET", "/items", { query });
  const idsOf = ({ body }: Answer) => (body.items as { id: string }[]).map(({ id }) => id);

  it("is empty at first", async () => {
    expect((await list()).body).to.deep.equal({ items: [] });
  });

  describe("with 30 items", () => {
    const ids = Array.from({ length: 30 }, (_, index) => `item-${index}`);
    before(async () => {
      for (const id of ids) await items.call("POST", "/items", { body: { id, name: id } });
    });

    it("returns 25 items unless asked for more or fewer", async () => {
      expect(idsOf(await list())).to.have.length(25);
      expect(idsOf(await list({ limit: "1" }))).to.have.length(1);
      expect(idsOf(await list({ limit: "100" }))).to.have.length(30);
    });

    it("returns each item once, page by page, whichever instance answers", async () => {
      const seen: string[] = [];
      let query: Record<string, string> = { limit: "7" };
      for (;;) {
        const page = await list(query, items.coldStart());
        expect(page.status).to.equal(200);
        seen.push(...idsOf(page));
        if (typeof page.body.nextToken !== "string") break;
        query = { limit: "7", nextToken: page.body.nextToken };
      }
      expect(seen).to.have.members(ids);
    });

    it("continues even if the last item of the page was deleted", async () => {
      const first = await list({ limit: "29" });
      await items.dynamo.client.send(new DeleteCommand({ TableName: "items", Key: { id: idsOf(first).at(-1) } }));
      const second = await list({ limit: "29", nextToken: String(first.body.nextToken) });
      expect(idsOf(second)).to.have.length(1);
    });

    it("refuses a token with any character changed", async () => {
      const token = String((await list({ limit: "5" })).body.nextToken);
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. ";
      const change = fc.tuple(fc.nat(token.length - 1), fc.constantFrom(...alphabet));
      await fc.assert(
        fc.asyncProperty(change, async ([index, character]) => {
          fc.pre(token[index] !== character);
          const changed = token.slice(0, index) + character + token.slice(index + 1);
          const answer = await list({ limit: "5", nextToken: changed });
          expect(answer.status).to.equal(400);
          expect(answer.body.errors).to.have.nested.property("[0].parameter", "nextToken");
        }),
      );
    });

    it("refuses another spelling of a token", async () => {
      const token = String((await list({ limit: "5" })).body.nextToken);
      const last = token.at(-1);
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
      const others = [...alphabet]
        .filter((character) => character !== last)
        .map((character) => token.slice(0, -1) + character);
      for (const other of [...others, `${token}=`, `${token}==`, `${token}.`, ` ${token}`, `${token}A`]) {
        expect((await list({ limit: "5", nextToken: other })).status, other).to.equal(400);
      }
    });

    it("refuses a token with another query", async () => {
      const token = String((await list()).body.nextToken);
      expect((await list({ nextToken: token, limit: "24" })).status).to.equal(400);
      expect((await list({ nextToken: token, limit: "25" })).status, "the default, given explicitly").to.equal(200);
    });

    it("does not reveal the content of its tokens", async () => {
      const token = String((await list()).body.nextToken);
      expect(Buffer.from(token, "base64url").toString("latin1")).not.to.contain("item-");
    });
  });

  const mistaken: [query: Record<string, string | string[]>, parameter: string][] = [
    [{ limit: "0" }, "limit"],
    [{ limit: "101" }, "limit"],
    [{ limit: "-1" }, "limit"],
    [{ limit: "1.5" }, "limit"],
    [{ limit: "1e1" }, "limit"],
    [{ limit: "0x10" }, "limit"],
    [{ limit: "" }, "limit"],
    [{ limit: "ten" }, "limit"],
    [{ limit: "9".repeat(400) }, "limit"],
    [{ limit: ["5", "6"] }, "limit"],
    [{ nextToken: "" }, "nextToken"],
    [{ nextToken: "AQ" }, "nextToken"],
    [{ nextToken: "A".repeat(3000) }, "nextToken"],
    [{ nextToken: "\0" }, "nextToken"],
    [{ Limit: "5" }, "Limit"],
    [{ id: "x" }, "id"],
    [{ constructor: "x" }, "constructor"],
    [JSON.parse('{"__proto__":"x"}'), "__proto__"],
  ];
  for (const [query, parameter] of mistaken) {
    it(`refuses ${JSON.stringify(query).slice(0, 60)}`, async () => {
      const answer = await list(query);
      expect(answer.status).to.equal(400);
      expect(answer.headers["Content-Type"]).to.equal("application/problem+json");
      expect(answer.body.errors).to.have.nested.property("[0].parameter", parameter);
    });
  }

  it("names every wrong parameter at once", async () => {
    const answer = await list({ limit: "0", sort: "name" });
    expect(answer.body.errors).to.have.length(2);
  });

  it("does not treat the signature of a presigned request as a parameter", async () => {
    expect((await list({ "X-Amz-Signature": "f00", "X-Amz-Expires": "300" })).status).to.equal(200);
  });
});
