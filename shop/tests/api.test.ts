import * as assert from "node:assert/strict";
import * as path from "node:path";
import { runProgram, type Server, serve } from "pulumi-offline";

describe("the API", () => {
  let server: Server;
  const items = () => `${server.apis[0]?.url}/items`;

  before(async () => {
    const graph = await runProgram({ directory: path.join(__dirname, "..") });
    server = await serve(graph, { port: 0, log: () => {} });
  });
  after(() => server?.close());

  it("lists an item that was created", async () => {
    const created = await fetch(items(), { method: "POST", body: JSON.stringify({ name: "lamp" }) });
    assert.equal(created.status, 201);
    const listed = await fetch(items());
    assert.equal(listed.status, 200);
    assert.deepEqual(await listed.json(), { items: [await created.json()] });
  });

  it("refuses an item without a name", async () => {
    const { status } = await fetch(items(), { method: "POST", body: "{}" });
    assert.equal(status, 400);
  });
});
