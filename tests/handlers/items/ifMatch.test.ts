import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { type Answer, type ItemsFunction, startItemsFunction } from "../../helpers/handlers/itemsFunction";

describe("If-Match", () => {
  let items: ItemsFunction;
  before(async () => {
    items = await startItemsFunction();
  });
  after(() => items.close());

  const create = (body: object = { name: "lamp" }) => items.call("POST", "/items", { body });
  const urlOf = (created: Answer) => `/items/${created.body.id}`;
  const etagOf = (answer: Answer) => answer.headers.ETag ?? "";

  const methods = [
    ["PUT", { body: { name: "changed" } }],
    ["PATCH", { body: { name: "changed" } }],
    ["DELETE", {}],
  ] as const;

  for (const [method, request] of methods) {
    it(`lets ${method} change only the state that it names`, async () => {
      const created = await create();
      const send = (ifMatch: string) =>
        items.call(method, urlOf(created), { ...request, headers: { "If-Match": ifMatch } });
      for (const stale of ['"stale"', `W/${etagOf(created)}`, '"AAAAAAAAAAAAAAAAAAAAAA", "b"', '""']) {
        const refused = await send(stale);
        expect(refused.status, stale).to.equal(412);
        expect(refused.body.type).to.equal("urn:problem:precondition-failed");
      }
      expect((await send("not a tag")).status).to.equal(400);
      expect((await items.call("GET", urlOf(created))).headers.ETag).to.equal(etagOf(created));
      expect((await send(`"other" , ${etagOf(created)}`)).status).to.be.oneOf([200, 204]);
    });

    it(`answers ${method} with 404 when there is nothing to match`, async () => {
      for (const ifMatch of ["*", '"stale"']) {
        const answer = await items.call(method, "/items/nothing", { ...request, headers: { "If-Match": ifMatch } });
        expect(answer.status).to.equal(404);
      }
    });
  }

  it("lets exactly one of many writers change the same state", async () => {
    const created = await create();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => {
        const request = { body: { name: `n${index}` }, headers: { "If-Match": etagOf(created) } };
        return items.call(index % 2 ? "PUT" : "PATCH", urlOf(created), request);
      }),
    );
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).to.have.length(1);
    expect(answers.filter(({ status }) => status === 412)).to.have.length(11);
    expect((await items.call("GET", urlOf(created))).body).to.deep.equal(winners[0]?.body);
  });

  it("does not mistake a re-created item for the deleted one", async () => {
    const id = randomUUID();
    const first = await create({ id, name: "lamp" });
    await items.call("DELETE", `/items/${id}`);
    await create({ id, name: "lamp" });
    const headers = { "If-Match": etagOf(first) };
    expect((await items.call("DELETE", `/items/${id}`, { headers })).status).to.equal(412);
  });
});
