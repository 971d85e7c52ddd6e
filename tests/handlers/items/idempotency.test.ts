import { randomUUID } from "node:crypto";
import { ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { type Call, type Instance, type ItemsFunction, startItemsFunction } from "../../helpers/handlers/itemsFunction";

/** Makes the instance die at its nth database call, before the call is sent or before its response arrives. */
function crashAt(instance: Instance, step: number, when: "before" | "after"): void {
  let calls = 0;
  instance.database.middlewareStack.add(
    (next) => async (args) => {
      calls += 1;
      if (calls === step && when === "after") await next(args);
      if (calls >= step) throw new Error("crashed");
      return next(args);
    },
    { step: "initialize" },
  );
}

/** Makes one database call fail, as when it is throttled or its response is lost. */
function failAt(instance: Instance, step: number, when: "before" | "after" = "before"): void {
  let calls = 0;
  instance.database.middlewareStack.add(
    (next) => async (args) => {
      calls += 1;
      const failing = calls === step;
      if (failing && when === "after") await next(args);
      if (failing) throw Object.assign(new Error("slow down"), { name: "ThrottlingException" });
      return next(args);
    },
    { step: "initialize" },
  );
}

describe("POST /items with an Idempotency-Key", () => {
  let items: ItemsFunction;
  let key: string;
  before(async () => {
    items = await startItemsFunction();
  });
  after(() => items.close());
  beforeEach(() => {
    key = randomUUID();
  });

  /** Each test's items are named after its key. */
  const post = (instance: Instance = items, request: Call = {}) =>
    instance.call("POST", "/items", { body: { name: key }, ...request, headers: { "Idempotency-Key": key } });
  const scan = async (table: string) =>
    (await items.dynamo.client.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [];
  const created = async () => (await scan("items")).filter(({ name }) => name === key);
  const silently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const { error } = console;
    console.error = () => undefined;
    return work().finally(() => {
      console.error = error;
    });
  };

  it("answers the same request with the same response, and creates one item", async () => {
    const first = await post();
    expect(first.status).to.equal(201);
    expect(first.headers).not.to.have.property("Idempotent-Replayed");
    const again = await post(items.coldStart());
    expect(again.status).to.equal(201);
    expect(again.body).to.deep.equal(first.body);
    const { "x-request-id": _, ...headers } = first.headers;
    expect(again.headers).to.deep.include({ ...headers, "Idempotent-Replayed": "true" });
    expect(await created()).to.have.length(1);
  });

  it("answers with the same response even if the item has since been changed or deleted", async () => {
    const first = await post();
    await items.call("DELETE", `/items/${first.body.id}`);
    expect((await post()).body).to.deep.equal(first.body);
    expect(await created()).to.have.length(0);
  });

  it("refuses another request with the same key", async () => {
    await post();
    const other = await post(items, { body: { name: "other" } });
    expect(other.status).to.equal(422);
    expect(other.body.type).to.equal("urn:problem:idempotency-key-reused");
  });

  it("keeps the keys of different callers apart", async () => {
    const ids = [];
    for (const userArn of [undefined, "arn:aws:iam::123456789012:user/a", "arn:aws:iam::123456789012:user/b"]) {
      const answer = await post(items, { userArn });
      expect(answer.status).to.equal(201);
      ids.push(answer.body.id);
    }
    expect(new Set(ids).size).to.equal(3);
  });

  it("creates one item for twenty requests at once", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post()));
    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    expect(made.length + refused.length).to.equal(20);
    expect(new Set(made.map(({ body }) => body.id)).size).to.equal(1);
    for (const { headers, body } of refused) {
      expect(headers["Retry-After"]).to.equal("1");
      expect(body.type).to.equal("urn:problem:request-in-progress");
    }
    expect(await created()).to.have.length(1);
  });

  it("does nothing while another attempt is running, or seems to be, and says when to retry", async () => {
    await silently(async () => {
      const crashed = items.coldStart();
      crashAt(crashed, 2, "before");
      await post(crashed, { remaining: 7000 });
    });
    const early = await post();
    expect(early.status).to.equal(409);
    expect(early.headers["Retry-After"]).to.equal("1");
    expect(await created()).to.have.length(0);
  });

  for (const step of [1, 2, 3]) {
    for (const when of ["before", "after"] as const) {
      it(`ends in one item and one response after a crash ${when} database call ${step}`, async () => {
        await silently(async () => {
          const crashed = items.coldStart();
          crashAt(crashed, step, when);
          expect((await post(crashed, { remaining: 0 })).status).to.equal(500);
        });
        const [left] = await created();
        const retried = await post();
        expect(retried.status).to.equal(201);
        if (left) expect(retried.body.id).to.equal(left.id);
        expect((await items.call("GET", `/items/${retried.body.id}`)).body).to.deep.equal(retried.body);
        const replayed = await post();
        expect(replayed.body).to.deep.equal(retried.body);
        expect(replayed.headers["Idempotent-Replayed"]).to.equal("true");
        expect(await created()).to.have.length(1);
      });
    }

    it(`can be sent again at once when database call ${step} is throttled`, async () => {
      await silently(async () => {
        const throttled = items.coldStart();
        failAt(throttled, step);
        const answer = await post(throttled);
        expect(answer.status).to.equal(503);
        expect(answer.headers["Retry-After"]).to.equal("1");
      });
      expect((await post()).status).to.equal(201);
      expect(await created()).to.have.length(1);
    });
  }

  it("keeps a result if only the response to writing it was lost", async () => {
    await silently(async () => {
      const unlucky = items.coldStart();
      failAt(unlucky, 3, "after");
      expect((await post(unlucky)).status).to.equal(503);
    });
    expect((await post()).headers["Idempotent-Replayed"]).to.equal("true");
  });

  it("lets one of many retries continue after a crash", async () => {
    await silently(async () => {
      const crashed = items.coldStart();
      crashAt(crashed, 2, "before");
      await post(crashed, { remaining: 0 });
    });
    const answers = await Promise.all(Array.from({ length: 10 }, () => post()));
    expect(answers.filter(({ status }) => status === 201)).not.to.have.length(0);
    expect(answers.every(({ status }) => status === 201 || status === 409)).to.equal(true);
    expect(await created()).to.have.length(1);
  });

  it("does not undo what others did to the item between a crash and the retry", async () => {
    await silently(async () => {
      const crashed = items.coldStart();
      crashAt(crashed, 2, "after");
      await post(crashed, { remaining: 0 });
    });
    const [left] = await created();
    await items.call("PATCH", `/items/${left?.id}`, { body: { price: 5 } });
    const retried = await post();
    expect(retried.status).to.equal(201);
    expect((await items.call("GET", `/items/${left?.id}`)).body.price).to.equal(5);
    expect(await created()).to.have.length(1);
  });

  it("releases the key for the same request when the id is taken", async () => {
    const body = { id: `taken-${key}`, name: key };
    await items.call("POST", "/items", { body });
    expect((await post(items, { body })).status).to.equal(409);
    await items.call("DELETE", `/items/taken-${key}`);
    expect((await post(items, { body })).status).to.equal(201);
  });

  it("remembers for 24 hours, whenever the table drops the record", async () => {
    const first = await post();
    const { id, expiresAt } = (await scan("records")).find(({ plan }) => plan?.id === first.body.id) ?? {};
    expect(expiresAt - Date.now() / 1000).to.be.within(86_390, 86_400);
    await items.dynamo.client.send(
      new UpdateCommand({
        TableName: "records",
        Key: { id },
        UpdateExpression: "SET expiresAt = :past",
        ExpressionAttributeValues: { ":past": Math.floor(Date.now() / 1000) - 1 },
      }),
    );
    expect((await post()).headers).not.to.have.property("Idempotent-Replayed");
    expect(await created()).to.have.length(2);
  });

  it("accepts a body whose response would not fit into a record", async () => {
    const body = { name: key, attributes: { list: Array.from({ length: 25_000 }, () => 1e15) } };
    const content = JSON.stringify(body).replaceAll("1000000000000000", "1e15");
    const first = await post(items, { body: content });
    expect(first.status).to.equal(201);
    expect(JSON.stringify(first.body).length).to.be.greaterThan(400 * 1024);
    expect((await post(items, { body: content })).body).to.deep.equal(first.body);
  });

  it("refuses an invalid key", async () => {
    for (const bad of ["", "ü", "a\tb", "x".repeat(256)]) {
      const answer = await items.call("POST", "/items", { body: { name: key }, headers: { "Idempotency-Key": bad } });
      expect(answer.status).to.equal(400);
      expect(answer.body.errors).to.have.nested.property("[0].parameter", "Idempotency-Key");
    }
  });
});
