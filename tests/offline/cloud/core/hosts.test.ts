import { expect } from "chai";
import { ECHO, send } from "../../../helpers/offline/api";
import { graphOf, lambda, proxy, restApi } from "../../../helpers/offline/graph";
import { bucket } from "../../../helpers/offline/s3";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { signed } from "../../../helpers/offline/signed";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const any = { "x-amazon-apigateway-any-method": proxy("echo") };
const graph = graphOf(
  temporaryFolder(),
  lambda("echo", ECHO),
  bucket("raw"),
  ...restApi("api", { paths: { "/{path+}": any } }),
);

describe("What is served on this machine", () => {
  let server: Served;
  let api: URL;
  const serve = async (options: object = {}) => {
    server = await serveGraph(graph, options);
    api = new URL(server.apis[0]?.url ?? "");
  };
  const get = (host: string) => send(api.href, { path: "/Prod/x", headers: { host } });
  const list = async (host: string, query = {}) =>
    send(server.endpoint, await signed(server, { service: "s3", method: "GET", headers: { host }, query }));
  const portOf = (url: string) => new URL(url).port;
  afterEach(closeServers);

  it("answers to the machine's own names on its port", async () => {
    await serve();
    for (const name of ["localhost", "LOCALHOST", "app.localhost", "127.0.0.1", "[::1]"]) {
      expect([name, (await get(`${name}:${api.port}`)).status]).to.deep.equal([name, 200]);
    }
    for (const name of ["localhost", "127.0.0.1"]) {
      expect([name, (await list(`${name}:${portOf(server.endpoint)}`)).status]).to.deep.equal([name, 200]);
    }
    const inHost = await list(`raw.localhost:${portOf(server.endpoint)}`, { "list-type": "2" });
    expect(inHost.body).to.contain("<Name>raw</Name>");
  });

  const FOREIGN = ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.0.7", "evillocalhost"];
  it("refuses any other name, as a page of that name would have the same origin, and says how to allow it", async () => {
    await serve();
    for (const name of FOREIGN) {
      const { status, body, headers } = await get(`${name}:${api.port}`);
      expect([name, status]).to.deep.equal([name, 421]);
      expect(JSON.parse(body).message)
        .to.contain(`not to "${name}:${api.port}"`)
        .and.contain(`--allow-host ${name} to`);
      expect(headers).not.to.have.property("access-control-allow-origin");
      const endpoint = await list(`${name}:${portOf(server.endpoint)}`);
      expect([name, endpoint.status]).to.deep.equal([name, 421]);
      expect(endpoint.body).to.contain(`--allow-host ${name} to`);
    }
    for (const host of [`localhost:${Number(api.port) + 1}`, "localhost", "127.0.0.1:80"]) {
      expect([host, (await get(host)).status]).to.deep.equal([host, 421]);
    }
    expect(server.lines.join("\n")).to.match(/GET \/Prod\/x 421 [\d.]+ ms$/m);
    expect(server.lines.join("\n")).not.to.contain("→");
  });

  it("answers to allowed names on any port, at the gateway and the endpoint", async () => {
    await serve({ allowedHosts: ["app.example.test", "localhost"] });
    for (const host of [`app.example.test:${api.port}`, "APP.example.test", "localhost:5173"]) {
      expect([host, (await get(host)).status]).to.deep.equal([host, 200]);
      expect([host, (await list(host)).status]).to.deep.equal([host, 200]);
    }
    expect((await get(`other.example.test:${api.port}`)).status).to.equal(421);
  });

  it("does not start with an invalid host name", async () => {
    const error = await serveGraph(graph, { allowedHosts: ["http://app.example.test"] }).catch((reason) => reason);
    expect(error.message).to.match(/"http:\/\/app.example.test" cannot be allowed as a host: give a name/);
  });

  describe("from foreign pages", () => {
    const post = (origin: string, type: string | undefined, method = "POST") => {
      const headers = { host: api.host, origin, ...(type !== undefined && { "content-type": type }) };
      return send(api.href, { method, path: "/Prod/x", headers, body: "{}" });
    };

    it("refuses a POST that browsers send without a preflight", async () => {
      await serve();
      for (const type of [undefined, "text/plain", "Text/Plain;charset=utf-8", "application/x-www-form-urlencoded"]) {
        for (const origin of ["https://evil.example", "null", "http://localhost.evil.example:3000"]) {
          expect([type, origin, (await post(origin, type)).status]).to.deep.equal([type, origin, 403]);
        }
      }
      expect((await post("https://evil.example", "text/plain")).body).to.contain("--allow-host evil.example ");
    });

    it("accepts what the API's own CORS decides, and what the machine's own pages send", async () => {
      await serve({ allowedHosts: ["app.example.test"] });
      expect((await post("https://evil.example", "application/json")).status).to.equal(200);
      expect((await post("https://evil.example", undefined, "PUT")).status).to.equal(200);
      expect((await post("http://localhost:5173", "text/plain")).status).to.equal(200);
      expect((await post("https://app.example.test", "text/plain")).status).to.equal(200);
    });
  });
});
