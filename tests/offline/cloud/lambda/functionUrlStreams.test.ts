import * as fs from "node:fs";
import { expect } from "chai";
import { recordedByLocalstack, testFact } from "../../../helpers/facts";
import { ECHO } from "../../../helpers/offline/api";
import { serveUrl } from "../../../helpers/offline/functionUrls";
import { closeServers } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };

describe("Lambda's function URLs", () => {
  afterEach(closeServers);

  describe("that stream", () => {
    const stream = (code: string) =>
      serveUrl(`exports.handler = awslambda.streamifyResponse(async (event, stream) => { ${code} })`, {
        invokeMode: "RESPONSE_STREAM",
      });
    const METADATA = "{ statusCode: 201, headers: { 'Content-Type': 'text/html' }, cookies: ['a=1'] }";

    testFact(RECORDED, "send status, headers and cookies, and then the body piece by piece", async () => {
      const { url } = await stream(
        `stream = awslambda.HttpResponseStream.from(stream, ${METADATA}); stream.write('Hello,'); stream.write(' world!'); stream.end()`,
      );
      const response = await fetch(url);
      expect([response.status, await response.text()]).to.deep.equal([201, "Hello, world!"]);
      expect(response.headers.get("content-type")).to.equal("text/html");
      expect(response.headers.getSetCookie()).to.deep.equal(["a=1"]);
    });

    testFact(RECORDED, "send the first piece before the last one is written", async () => {
      const file = `${temporaryFolder()}/go`;
      const { url } = await stream(
        `stream.write('first'); while (!require('fs').existsSync('${file}')) await new Promise((r) => setTimeout(r, 5)); stream.write('last'); stream.end()`,
      );
      const { body } = await fetch(url);
      const pieces: string[] = [];
      for await (const piece of body ?? []) {
        pieces.push(Buffer.from(piece).toString());
        fs.writeFileSync(file, "");
      }
      expect(pieces).to.deep.equal(["first", "last"]);
    });

    testFact(
      RECORDED,
      "send what is written without metadata, under the content type that the handler sets",
      async () => {
        const { url } = await stream("stream.setContentType('text/csv'); stream.write('a,b'); stream.end()");
        const response = await fetch(url);
        expect([response.status, await response.text()]).to.deep.equal([200, "a,b"]);
        expect(response.headers.get("content-type")).to.equal("text/csv");
      },
    );

    testFact(RECORDED, "send what a handler returns as it is", async () => {
      const { url } = await serveUrl(ECHO, { invokeMode: "RESPONSE_STREAM" });
      const response = await fetch(url);
      expect(response.status).to.equal(200);
      expect(await response.json()).to.include.keys("statusCode", "body");
    });

    testFact(
      RECORDED,
      "answer 502 if the handler fails before it writes, and break off if it fails later",
      async () => {
        const early = await stream("throw new Error('no')");
        expect((await fetch(early.url)).status).to.equal(502);
        const late = await stream(
          "stream.write('one'); await new Promise((r) => setTimeout(r, 50)); throw new Error('no')",
        );
        const broken = await fetch(late.url)
          .then((response) => response.text())
          .catch(() => "broken off");
        expect(broken).to.equal("broken off");
      },
    );
  });
});
