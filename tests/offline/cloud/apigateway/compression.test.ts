import { expect } from "chai";
import { DOCUMENTATION, testFacts } from "../../../helpers/facts";
import { startFunction } from "../../../helpers/offline/api";
import { closeServers, type Served } from "../../../helpers/offline/served";

/** Answers as many bytes as its path says, or an answer with a coding of its own. */
const CODE = `exports.handler = async ({ path }) => path === "/coded"
  ? { statusCode: 200, headers: { "Content-Encoding": "br" }, body: "x".repeat(200) }
  : { statusCode: 200, body: "x".repeat(Number(path.slice(1))) };`;

describe("An API that compresses its responses", () => {
  let server: Served;
  before(async () => {
    server = await startFunction(CODE, { "x-amazon-apigateway-minimum-compression-size": 100 });
  });
  after(closeServers);

  const facts: { fact: string; path?: string; accepted?: string; coding?: string }[] = [
    { fact: "compresses a response of the minimum size", accepted: "gzip", coding: "gzip" },
    { fact: "leaves a smaller one as it is", path: "/99", accepted: "gzip" },
    { fact: "leaves one as it is for callers that accept no coding" },
    { fact: "uses deflate for callers that accept it", accepted: "deflate", coding: "deflate" },
    { fact: "passes over codings that it does not know", accepted: "br, gzip", coding: "gzip" },
    { fact: "does not use a coding that the caller refuses", accepted: "gzip;q=0, deflate;q=0.5", coding: "deflate" },
    { fact: "leaves one as it is that has a coding of its own", path: "/coded", accepted: "gzip", coding: "br" },
  ];
  testFacts(
    { service: "API Gateway", source: DOCUMENTATION, facts },
    async ({ path = "/100", accepted = "identity", coding = null }) => {
      const answer = await server.call(path, { headers: { "Accept-Encoding": accepted } });
      expect(answer.headers.get("content-encoding")).to.equal(coding);
      // Bytes that are not what their coding says cannot be read.
      if (coding !== "br") expect(await answer.text()).to.match(path === "/99" ? /^x{99}$/ : /^x{100}$/);
    },
  );
});
