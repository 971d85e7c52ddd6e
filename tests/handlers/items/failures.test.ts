import { expect } from "chai";
import { type Instance, type ItemsFunction, startItemsFunction } from "../../helpers/handlers/itemsFunction";

/** Loses the response to the first attempt at every SDK call; the SDK retries each. */
function loseAnswers(instance: Instance): void {
  const seen = new WeakSet<object>();
  instance.database.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (seen.has(context)) return result;
      seen.add(context);
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    },
    { step: "deserialize", priority: "high" },
  );
}

describe("the items API when the database fails", () => {
  let items: ItemsFunction;
  const { error } = console;
  beforeEach(async () => {
    items = await startItemsFunction();
  });
  afterEach(async () => {
    console.error = error;
    await items.close();
  });

  it("recognizes its own writes when only their responses were lost", async () => {
    const unlucky = items.coldStart();
    loseAnswers(unlucky);
    const body = { id: "lamp", name: "lamp" };
    const created = await unlucky.call("POST", "/items", { body, headers: { "Idempotency-Key": "key" } });
    expect(created.status).to.equal(201);
    const ifMatch = { "If-Match": created.headers.ETag ?? "" };
    const replaced = await unlucky.call("PUT", "/items/lamp", { body, headers: ifMatch });
    expect(replaced.status).to.equal(200);
    expect((await unlucky.call("PATCH", "/items/lamp", { body: { price: 1 } })).status).to.equal(200);
    const replayed = await items.call("POST", "/items", { body, headers: { "Idempotency-Key": "key" } });
    expect(replayed.body).to.deep.equal(created.body);
    expect((await items.call("GET", "/items/lamp")).body).to.deep.include({ name: "lamp", price: 1 });
  });

  it("answers 503 with Retry-After while the database is unavailable, and logs why", async () => {
    const logged: string[] = [];
    console.error = (line: string) => logged.push(line);
    await items.dynamo.close();
    const answer = await items.call("GET", "/items");
    expect(answer.status).to.equal(503);
    expect(answer.headers["Retry-After"]).to.equal("1");
    expect(logged).to.have.length(1);
    expect(JSON.parse(logged[0] ?? "").error.message).to.contain("ECONNREFUSED");
  });

  it("reads what was written last, and does not wait for a response for ever", async () => {
    const reads: unknown[] = [];
    items.database.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === "GetItemCommand") reads.push(args.input);
          return next(args);
        },
      { step: "build" },
    );
    await items.call("GET", "/items/lamp");
    expect(reads).to.have.nested.property("[0].ConsistentRead", true);
    expect(items.database.config.requestHandler)
      .to.have.property("config")
      .that.includes({ connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true });
  });

  it("retries reading the key of the page tokens after a failure", async () => {
    console.error = () => undefined;
    for (const id of ["a", "b"]) await items.call("POST", "/items", { body: { id, name: id } });
    let failed = false;
    items.database.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName !== "GetItemCommand" || failed) return next(args);
          failed = true;
          throw Object.assign(new Error(), { name: "ThrottlingException" });
        },
      { step: "initialize" },
    );
    expect((await items.call("GET", "/items", { query: { limit: "1" } })).status).to.equal(503);
    expect((await items.call("GET", "/items", { query: { limit: "1" } })).status).to.equal(200);
  });

  it("has one key for page tokens, however many instances need one at once", async () => {
    for (const id of ["a", "b"]) await items.call("POST", "/items", { body: { id, name: id } });
    const instances = Array.from({ length: 5 }, () => items.coldStart());
    const pages = await Promise.all(instances.map(({ call }) => call("GET", "/items", { query: { limit: "1" } })));
    for (const { body } of pages) {
      const query = { limit: "1", nextToken: String(body.nextToken) };
      for (const { call } of instances) expect((await call("GET", "/items", { query })).status).to.equal(200);
    }
  });

  it("does not start without its tables, and says which is missing", () => {
    delete process.env.RECORDS_TABLE_NAME;
    expect(() => items.coldStart()).to.throw("RECORDS_TABLE_NAME is not set");
  });
});
