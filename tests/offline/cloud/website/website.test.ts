import * as fs from "node:fs";
import * as path from "node:path";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { Graph } from "../../../../offline";
import { reveal } from "../../../../offline/engine/values";
import { DOCUMENTATION, testFact, testFacts } from "../../../helpers/facts";
import { send } from "../../../helpers/offline/api";
import { graphOf, resource } from "../../../helpers/offline/graph";
import { runScript } from "../../../helpers/offline/program";
import { bucket, bucketObject, s3Of } from "../../../helpers/offline/s3";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const DOCUMENTED = { service: "Websites", source: DOCUMENTATION };

const program = `
const aws = require("@pulumi/aws");
const { asset } = require("@pulumi/pulumi");

const site = new aws.s3.Bucket("site", { bucket: "pages" });
const website = new aws.s3.BucketWebsiteConfiguration("site", {
  bucket: site.id,
  indexDocument: { suffix: "index.html" },
  errorDocument: { key: "errors/lost.html" },
  routingRules: [
    { condition: { keyPrefixEquals: "old/" }, redirect: { replaceKeyPrefixWith: "new/" } },
    { condition: { keyPrefixEquals: "gone/", httpErrorCodeReturnedEquals: "404" },
      redirect: { hostName: "example.com", protocol: "https", httpRedirectCode: "302", replaceKeyWith: "gone.html" } },
  ],
});
new aws.s3.BucketPolicy("site", {
  bucket: site.id,
  policy: site.arn.apply((arn) => JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: ["index.html", "app.js", "docs/*", "errors/*", "moved", "gone/here.html", "new/*"].map((key) => arn + "/" + key) }],
  })),
});
const page = (key, content, contentType, more = {}) =>
  new aws.s3.BucketObjectv2(key, { bucket: site.id, key, content, contentType, ...more });
page("index.html", "<h1>home</h1>", "text/html");
page("docs/index.html", "docs", "text/html");
page("docs/a b.html", "spaces", "text/html");
page("errors/lost.html", "lost", "text/html");
page("gone/here.html", "still here", "text/html");
page("private.html", "private", "text/html");
page("moved", "", "text/html", { websiteRedirect: "/docs/" });
new aws.s3.BucketObjectv2("app.js", { bucket: site.id, key: "app.js", source: new asset.StringAsset("alert(1)"), contentType: "text/javascript", cacheControl: "max-age=60" });

const plain = new aws.s3.Bucket("plain", { bucket: "plain", website: {
  indexDocument: "home.html",
  routingRules: JSON.stringify([{ Condition: { KeyPrefixEquals: "x/" }, Redirect: { ReplaceKeyPrefixWith: "" } }]),
} });
new aws.s3.BucketPolicy("plain", { bucket: plain.id, policy: { Version: "2012-10-17", Statement: { Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:Get*", Resource: plain.arn.apply((arn) => arn + "/*") } } });
new aws.s3.Bucket("apex", { bucket: "apex", website: { redirectAllRequestsTo: "https://www.example.com" } });
const closed = new aws.s3.Bucket("closed", { bucket: "closed", acl: "public-read", website: { indexDocument: "index.html" } });
new aws.s3.BucketObjectv2("closed", { bucket: closed.id, key: "index.html", content: "closed" });

exports.endpoint = website.websiteEndpoint;
exports.domain = website.websiteDomain;
exports.ofBucket = plain.websiteEndpoint;
`;

describe("The website of a bucket", () => {
  let graph: Graph;
  let server: Served;
  before(async () => {
    graph = await runScript(program, "", { config: { "aws:region": "eu-west-1" } });
    server = await serveGraph(graph);
  });
  after(closeServers);

  const urlOf = (name: string) => server.sites.find((site) => site.name === name)?.url ?? "";
  const ask = (location: string, init: RequestInit = {}, name = "site") =>
    fetch(urlOf(name).slice(0, -1) + location, { redirect: "manual", ...init });

  it("has a port of its own, while its outputs are those of AWS", () => {
    expect(new Set(server.sites.map(({ url }) => new URL(url).port)).size).to.equal(4);
    expect(server.sites.map(({ name, kind }) => [name, kind])).to.deep.equal([
      ["apex", "website"],
      ["closed", "website"],
      ["plain", "website"],
      ["site", "website"],
    ]);
    expect(reveal(graph.outputs)).to.deep.equal({
      endpoint: "pages.s3-website-eu-west-1.amazonaws.com",
      domain: "s3-website-eu-west-1.amazonaws.com",
      ofBucket: "plain.s3-website-eu-west-1.amazonaws.com",
    });
  });

  const pages: [what: string, location: string, status: number, type: string, body: string][] = [
    ["its index document", "/", 200, "text/html", "<h1>home</h1>"],
    ["a page, whatever the query", "/index.html?a=b", 200, "text/html", "<h1>home</h1>"],
    ["the index document of a folder", "/docs/", 200, "text/html", "docs"],
    ["a key with characters that paths encode", "/docs/a%20b.html", 200, "text/html", "spaces"],
    ["an absolute path to a script", "/app.js", 200, "text/javascript", "alert(1)"],
    ["the error document with its status for what does not exist", "/nothing", 404, "text/html", "lost"],
    ["the error document for what no one may read", "/private.html", 403, "text/html", "lost"],
  ];
  testFacts(
    {
      ...DOCUMENTED,
      facts: pages.map(([what, location, ...expected]) => ({ fact: `answers with ${what}`, location, expected })),
    },
    async ({ location, expected }) => {
      const answer = await ask(location);
      expect([answer.status, answer.headers.get("content-type"), await answer.text()]).to.deep.equal(expected);
    },
  );

  const redirects: [what: string, location: string, status: number, to: string][] = [
    ["from a folder without a slash", "/docs", 302, "/docs/"],
    ["by the metadata of an object", "/moved", 301, "/docs/"],
    ["by the beginning of a key", "/old/a.html?q=1", 301, "http://HOST/new/a.html?q=1"],
    ["by the beginning of a key and the status", "/gone/away.html", 302, "https://example.com/gone.html"],
  ];
  testFacts(
    {
      ...DOCUMENTED,
      facts: redirects.map(([what, location, status, to]) => ({ fact: `redirects ${what}`, location, status, to })),
    },
    async ({ location, status, to }) => {
      const answer = await ask(location);
      const expected = to.replace("HOST", new URL(urlOf("site")).host);
      expect([answer.status, answer.headers.get("location")]).to.deep.equal([status, expected]);
    },
  );

  it("does not redirect by the status what exists", async () => {
    expect(await (await ask("/gone/here.html")).text()).to.equal("still here");
  });

  testFact(DOCUMENTED, "answers HEAD with the headers alone, and refuses what does not read", async () => {
    const head = await ask("/app.js", { method: "HEAD" });
    const { headers } = head;
    expect([head.status, headers.get("content-length"), headers.get("cache-control"), await head.text()]).to.deep.equal(
      [200, "8", "max-age=60", ""],
    );
    const post = await ask("/app.js", { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
    expect([post.status, post.headers.get("x-amz-error-code")]).to.deep.equal([405, "MethodNotAllowed"]);
  });

  testFact(DOCUMENTED, "sends a part of a page, or nothing new", async () => {
    const whole = await ask("/app.js");
    const etag = whole.headers.get("etag") ?? "";
    expect((await ask("/app.js", { headers: { "if-none-match": etag } })).status).to.equal(304);
    const part = await ask("/app.js", { headers: { range: "bytes=0-4" } });
    expect([part.status, part.headers.get("content-range"), await part.text()]).to.deep.equal([
      206,
      "bytes 0-4/8",
      "alert",
    ]);
    expect((await ask("/app.js", { headers: { range: "bytes=9-" } })).status).to.equal(416);
  });

  it("shows what is uploaded at once, and no longer what is deleted", async () => {
    const s3 = s3Of(server, { forcePathStyle: true });
    const key = { Bucket: "pages", Key: "docs/new.html" };
    await s3.send(new PutObjectCommand({ ...key, Body: "new", ContentType: "text/html" }));
    const answer = await ask("/docs/new.html");
    expect([answer.headers.get("content-type"), await answer.text()]).to.deep.equal(["text/html", "new"]);
    await s3.send(new DeleteObjectCommand(key));
    expect((await ask("/docs/new.html")).status).to.equal(404);
  });

  it("has S3's own page where there is no error document", async () => {
    const answer = await ask("/a<b", {}, "plain");
    expect([answer.status, answer.headers.get("content-type")]).to.deep.equal([404, "text/html; charset=utf-8"]);
    const text = await answer.text();
    expect(text).to.include("<h1>404 Not Found</h1>");
    expect(text).to.include("<li>Code: NoSuchKey</li>").and.include("<li>Key: a&lt;b</li>");
  });

  it("reads rules that are JSON, and may drop a prefix", async () => {
    const answer = await ask("/x/page", {}, "plain");
    expect(answer.headers.get("location")).to.equal(`http://${new URL(urlOf("plain")).host}/page`);
  });

  testFact(DOCUMENTED, "can redirect everything", async () => {
    const answer = await ask("/any/page?q=1", {}, "apex");
    expect([answer.status, answer.headers.get("location")]).to.deep.equal([
      301,
      "https://www.example.com/any/page?q=1",
    ]);
  });

  it("answers 403 when nothing lets everyone read, and says so at the start", async () => {
    const answer = await ask("/", {}, "closed");
    expect([answer.status, answer.headers.get("x-amz-error-code")]).to.deep.equal([403, "AccessDenied"]);
    expect(server.problems).to.deep.equal([
      "website closed answers 403, as on AWS: no bucket policy or ACL lets everyone read the bucket closed",
    ]);
  });

  it("does not leave the bucket, and survives what is not a path", async () => {
    for (const path of ["/../pages/private.html", "/..%2f..%2fetc/passwd", "/%00", "//", "/docs//"]) {
      const { status } = await send(urlOf("site"), { path });
      expect([path, status]).to.deep.equal([path, 404]);
    }
    expect((await send(urlOf("site"), { path: "/%ff" })).status).to.equal(400);
  });

  it("answers only to this machine's names", async () => {
    expect((await send(urlOf("site"), { path: "/", headers: { host: "evil.example" } })).status).to.equal(421);
  });
});

describe("A website, when the program changes,", () => {
  afterEach(closeServers);

  const site = (content: string, index = "index.html") => [
    bucket("pages", { website: { indexDocument: index } }),
    bucketObject("pages", "index.html", { content, contentType: "text/html", acl: "public-read" }),
  ];

  it("keeps its port, and shows the new pages", async () => {
    const directory = temporaryFolder();
    const server = await serveGraph(graphOf(directory, ...site("one")));
    const [{ url = "" } = {}] = server.sites;
    expect(await (await fetch(url)).text()).to.equal("one");
    await server.reconcile(graphOf(directory, ...site("two")));
    expect(await (await fetch(url)).text()).to.equal("two");
    const changes = await server.reconcile(graphOf(directory, ...site("two", "home.html")));
    expect(changes).to.deep.include({ action: "updated", kind: "site", name: "pages" });
    expect((await fetch(url)).status).to.equal(404);
    await server.reconcile(graphOf(directory, bucket("pages")));
    expect(server.sites).to.deep.equal([]);
    expect(await fetch(url).catch(() => "closed")).to.equal("closed");
  });

  it("has the files of a synced folder, with their types, and without those that are hidden", async () => {
    const directory = temporaryFolder();
    fs.mkdirSync(path.join(directory, "www/css"), { recursive: true });
    const files = { "index.html": "home", "css/a.css": "a", ".env": "hidden" };
    for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(directory, "www", file), text);
    const folder = (name: string, location: string) =>
      resource("synced-folder:index:S3BucketFolder", name, { path: location, bucketName: "pages", acl: "public-read" });
    const pages = bucket("pages", { website: { indexDocument: "index.html" } });
    const server = await serveGraph(graphOf(directory, pages, folder("www", "./www"), folder("none", "none")));
    const [{ url = "" } = {}] = server.sites;
    expect(await (await fetch(url)).text()).to.equal("home");
    expect((await fetch(`${url}css/a.css`)).headers.get("content-type")).to.equal("text/css");
    expect((await fetch(`${url}.env`)).status).to.equal(404);
    expect(server.problems).to.have.lengthOf(1);
    expect(server.problems[0]).to.match(/^The object none is not in its bucket: .*none does not exist$/);
  });
});
