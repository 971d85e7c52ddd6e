import { expect } from "chai";
import { recordedByLocalstack, testFact } from "../../../helpers/facts";
import { ECHO, send } from "../../../helpers/offline/api";
import { FORBIDDEN, serveUrl } from "../../../helpers/offline/functionUrls";
import { closeServers } from "../../../helpers/offline/served";
import { signed } from "../../../helpers/offline/signed";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };

describe("Access to Lambda's function URLs", () => {
  afterEach(closeServers);

  describe("with IAM", () => {
    testFact(RECORDED, "refuse a request without a signature", async () => {
      const { url } = await serveUrl(ECHO, { authorizationType: "AWS_IAM" });
      const response = await fetch(url);
      expect([response.status, await response.json()]).to.deep.equal([403, { Message: FORBIDDEN }]);
      expect(response.headers.get("x-amzn-errortype")).to.equal("AccessDeniedException");
    });

    testFact(RECORDED, "say who signed", async () => {
      const { url, credentials } = await serveUrl(ECHO, { authorizationType: "AWS_IAM" });
      const request = await signed({ endpoint: url, credentials }, { service: "lambda", path: "/a%20b", body: "{}" });
      const { status, body } = await send(url, request);
      expect(status).to.equal(200);
      const { requestContext } = JSON.parse(body);
      expect(requestContext.accountId).to.equal("123456789012");
      expect(requestContext.authorizer.iam.accessKey).to.equal(credentials.accessKeyId);
    });

    const wrong: [what: string, change: object][] = [
      ["another service", { service: "execute-api" }],
      ["another region", { region: "us-east-1" }],
      ["another path", { signedPath: "/other" }],
    ];
    for (const [what, change] of wrong) {
      testFact(RECORDED, `refuse a signature for ${what}`, async () => {
        const { url, credentials } = await serveUrl(ECHO, { authorizationType: "AWS_IAM" });
        const request = await signed({ endpoint: url, credentials }, { service: "lambda", ...change });
        const { status, headers } = await send(url, request);
        expect([status, headers["x-amzn-errortype"]]).to.deep.equal([403, "InvalidSignatureException"]);
      });
    }
  });

  describe("with CORS", () => {
    const cors = {
      allowOrigins: ["https://app.test"],
      allowMethods: ["PUT"],
      allowHeaders: ["x-one", "x-two"],
      maxAge: 60,
    };
    const from = (origin: string, headers = {}) => ({ headers: { Origin: origin, ...headers } });
    const preflight = (origin: string, method = "PUT"): RequestInit => ({
      method: "OPTIONS",
      ...from(origin, { "Access-Control-Request-Method": method }),
    });
    const allowed = (response: Response) => response.headers.get("access-control-allow-origin");

    testFact(RECORDED, "answer a preflight themselves", async () => {
      const server = await serveUrl(ECHO, { cors });
      const { status, headers } = await fetch(server.url, preflight("https://app.test"));
      expect(status).to.equal(200);
      expect(Object.fromEntries(headers)).to.include({
        "access-control-allow-origin": "https://app.test",
        "access-control-allow-methods": "PUT",
        "access-control-allow-headers": "x-one,x-two",
        "access-control-max-age": "60",
        vary: "Origin",
      });
      expect(server.lines.some((line) => line.startsWith("main "))).to.equal(false);
    });

    testFact(RECORDED, "allow no other origin and no other method", async () => {
      const { url } = await serveUrl(ECHO, { cors });
      for (const request of [preflight("https://evil.test"), preflight("https://app.test", "DELETE")])
        expect((await fetch(url, request)).headers.has("access-control-allow-methods")).to.equal(false);
      expect(allowed(await fetch(url, from("https://evil.test")))).to.equal(null);
    });

    testFact(RECORDED, "replace the headers of the function", async () => {
      const own =
        "exports.handler = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'x' } })";
      const { url } = await serveUrl(own, { cors: { ...cors, allowCredentials: true, exposeHeaders: ["x-seen"] } });
      const response = await fetch(url, from("https://app.test"));
      expect(allowed(response)).to.equal("https://app.test");
      expect(Object.fromEntries(response.headers)).to.include({
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "x-seen",
      });
    });

    testFact(RECORDED, "allow every origin, by name where credentials are sent", async () => {
      const { url } = await serveUrl(ECHO, { cors: { allowOrigins: ["*"], allowMethods: ["*"] } });
      expect(allowed(await fetch(url, preflight("https://any.test", "DELETE")))).to.equal("*");
      await closeServers();
      const server = await serveUrl(ECHO, { cors: { allowOrigins: ["*"], allowCredentials: true } });
      expect(allowed(await fetch(server.url, from("https://any.test")))).to.equal("https://any.test");
    });

    testFact(RECORDED, "leave OPTIONS to the function if they have no settings", async () => {
      const { url } = await serveUrl("exports.handler = async () => 'mine'");
      expect(await (await fetch(url, preflight("https://app.test"))).text()).to.equal("mine");
    });
  });

  testFact(RECORDED, "answer only to the names of this machine", async () => {
    const { url } = await serveUrl(ECHO);
    expect((await send(url, { headers: { Host: "evil.test" } })).status).to.equal(421);
  });
});
