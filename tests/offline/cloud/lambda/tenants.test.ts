import { expect } from "chai";
import { invoke, serveFunction } from "../../../helpers/offline/functions";
import { proxy, restApi } from "../../../helpers/offline/graph";
import { closeServers } from "../../../helpers/offline/served";

const tenancyConfig = { tenantIsolationMode: "PER_TENANT" };
const code = `
  const seen = [];
  exports.handler = async (event, { tenantId }) => { seen.push(tenantId); return seen; };`;

describe("a function that isolates its tenants", () => {
  afterEach(closeServers);

  it("never serves two of them from one worker, and tells the handler whom it serves", async () => {
    const server = await serveFunction(code, { tenancyConfig });
    for (const expected of [["blue"], ["blue", "blue"]]) {
      expect((await invoke(server, {}, { TenantId: "blue" })).result).to.deep.equal(expected);
    }
    expect((await invoke(server, {}, { TenantId: "green" })).result).to.deep.equal(["green"]);
    expect((await invoke(server, {}, { TenantId: "blue" })).result).to.deep.equal(["blue", "blue", "blue"]);
  });

  it("keeps the workers of the ten tenants that called last", async () => {
    const server = await serveFunction(code, { tenancyConfig });
    const call = async (tenant: string) => (await invoke(server, {}, { TenantId: tenant })).result;
    for (let number = 1; number <= 10; number++) await call(`tenant${number}`);
    expect(await call("tenant1")).to.deep.equal(["tenant1", "tenant1"]);
    await call("tenant11");
    expect(await call("tenant1")).to.deep.equal(["tenant1", "tenant1", "tenant1"]);
    expect(await call("tenant2")).to.deep.equal(["tenant2"]);
  });

  it("is called for the tenant that an API's route maps from the request, and for nobody else", async () => {
    const answers = "exports.handler = async (event, { tenantId }) => ({ statusCode: 200, body: tenantId })";
    const parameters = { "integration.request.header.x-amz-tenant-id": "method.request.querystring.tenant" };
    const operation = JSON.parse(JSON.stringify(proxy("main")));
    operation["x-amazon-apigateway-integration"].requestParameters = parameters;
    const paths = { "/mapped": { get: operation }, "/plain": { get: proxy("main") } };
    const server = await serveFunction(answers, { tenancyConfig }, ...restApi("api", { paths }));
    const mapped = await server.call("/mapped?tenant=blue");
    expect([mapped.status, await mapped.text()]).to.deep.equal([200, "blue"]);
    for (const path of ["/mapped", "/plain?tenant=blue"]) {
      expect((await server.call(path, { headers: { "X-Amz-Tenant-Id": "blue" } })).status).to.equal(500);
    }
  });

  const refusals: [what: string, inputs: Record<string, object>, tenant: string | undefined, reason: RegExp][] = [
    [
      "a call for nobody",
      { tenancyConfig },
      undefined,
      /^The invoked function is enabled with .* Add a valid tenant ID/,
    ],
    ["a call of another function for a tenant", {}, "blue", /is not enabled with .* Remove the tenant ID/],
  ];
  for (const [what, inputs, TenantId, reason] of refusals) {
    it(`refuses ${what}, as Lambda does`, async () => {
      const server = await serveFunction(code, inputs);
      const error = await invoke(server, {}, { TenantId }).catch((refused) => refused);
      expect(error).to.include({ name: "InvalidParameterValueException" });
      expect(error.message).to.match(reason);
    });
  }
});
