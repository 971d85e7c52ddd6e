import { readdirSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect } from "chai";
import { type Started, startOffline } from "../helpers/offline/start";
import { temporaryFolder } from "../helpers/temporaryFolder";

const json = { "content-type": "application/json" };

async function create(url: string, item: object): Promise<Response> {
  return fetch(`${url}/items`, { method: "POST", headers: json, body: JSON.stringify(item) });
}

/** The descendants of a process, where the system lists them (Linux's /proc). */
function descendants(pid: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [[Number(name), Number(readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]?.split(" ")[1])]];
      } catch {
        return [];
      }
    });
  const children = parents.filter(([, parent]) => parent === pid).flatMap(([child = 0]) => child);
  return [...children, ...children.flatMap(descendants)];
}

describe("start", () => {
  describe("of the stack dev, with --data", () => {
    let data: string;
    let started: Started;
    let url: string;

    async function start(): Promise<void> {
      started = await startOffline(["--data", data]);
      url = started.apis[0]?.url ?? "";
    }
    before(() => {
      data = temporaryFolder();
      return start();
    });
    after(() => started.interrupt());

    it("serves GET /items with 200 and JSON, with and without the stage", async () => {
      expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+\/Prod$/);
      for (const address of [`${url}/items`, `${url.replace("/Prod", "")}/items`]) {
        const response = await fetch(address);
        expect(response.status).to.equal(200);
        expect(await response.json()).to.deep.equal({ items: [] });
      }
    });

    it("creates, reads, replaces with If-Match and deletes an item", async () => {
      const created = await create(url, { id: "lamp", name: "lamp", price: 20 });
      expect(created.status).to.equal(201);
      const item = `${url}/items/lamp`;
      const read = await fetch(item);
      expect(await read.json()).to.include({ id: "lamp", name: "lamp", price: 20 });
      const put = (tag: string) =>
        fetch(item, {
          method: "PUT",
          headers: { ...json, "if-match": tag },
          body: JSON.stringify({ name: "desk lamp" }),
        });
      expect((await put('"another"')).status).to.equal(412);
      expect((await put(read.headers.get("etag") ?? "")).status).to.equal(200);
      expect((await fetch(item, { method: "DELETE" })).status).to.equal(204);
      expect((await fetch(item)).status).to.equal(404);
    });

    it("serves the API's document", async () => {
      const document = (await (await fetch(`${url}/openapi.json`)).json()) as { openapi: string; paths: object };
      expect(document.openapi).to.match(/^3\.0/);
      expect(document.paths).to.have.property("/items");
    });

    it("logs a cold start for the first invocation only", async () => {
      await fetch(`${url}/items`);
      const invocations = started.output().match(/\| [\d.]+ ms.* MB$/gm) ?? [];
      expect(invocations[0]).to.include("cold start");
      expect(invocations.at(-1)).to.not.include("cold start");
    });

    it("leaves no process behind on Ctrl-C, and keeps items for the next run", async () => {
      expect((await create(url, { id: "kept", name: "kept" })).status).to.equal(201);
      const left = process.platform === "linux" ? descendants(started.process.pid ?? 0) : [];
      expect(await started.interrupt()).to.equal(0);
      // Helpers such as esbuild end a moment later, when they notice that their pipe is closed.
      const alive = () => left.filter((pid) => readdirSync("/proc").includes(String(pid)));
      for (let waited = 0; alive().length > 0 && waited < 2000; waited += 20) await setTimeout(20);
      expect(alive()).to.deep.equal([]);
      await start();
      expect((await fetch(`${url}/items/kept`)).status).to.equal(200);
    });
  });

  it("accepts only requests signed with the printed keys in the stack prod", async () => {
    const started = await startOffline(["--stack", "prod"]);
    try {
      const url = new URL(`${started.apis[0]?.url}/items`);
      expect((await fetch(url)).status).to.equal(403);
      const sign = async (secretAccessKey: string) => {
        const credentials = { ...started.credentials, secretAccessKey };
        const signer = new SignatureV4({ credentials, region: "us-east-1", service: "execute-api", sha256: Sha256 });
        const { hostname, port, protocol, pathname } = url;
        const headers = { host: `${hostname}:${port}` };
        return signer.sign({ method: "GET", hostname, port: Number(port), protocol, path: pathname, headers });
      };
      const signed = await sign(started.credentials.secretAccessKey);
      expect((await fetch(url, { headers: signed.headers })).status).to.equal(200);
      const forged = await sign("another");
      expect((await fetch(url, { headers: forged.headers })).status).to.equal(403);
    } finally {
      await started.interrupt();
    }
  });
});
