import { expect } from "chai";
import type { Graph } from "../../../../offline";
import { reveal } from "../../../../offline/engine/values";
import { DOCUMENTATION, testFact, testFacts } from "../../../helpers/facts";
import { ECHO } from "../../../helpers/offline/api";
import { runScript } from "../../../helpers/offline/program";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";

const DOCUMENTED = { service: "Websites", source: DOCUMENTATION };

const program = `
const aws = require("@pulumi/aws");
const { asset } = require("@pulumi/pulumi");

const files = (name, pages, more = {}) => {
  const bucket = new aws.s3.Bucket(name, { bucket: name, ...more });
  for (const [key, content] of Object.entries(pages))
    new aws.s3.BucketObjectv2(name + key, { bucket: bucket.id, key, content, contentType: "text/html", acl: more.website && "public-read" });
  return bucket;
};
const app = files("app", { "site/index.html": "app", "site/sorry.html": "sorry", "site/a.txt": "a", "site/none.json": "{}" });
const media = files("media", { "img/cat.jpg": "cat", "img/Dog.JPG": "dog" });
const blog = files("blog", { "index.html": "blog", "posts/index.html": "posts" }, { website: { indexDocument: "index.html" } });
const policy = (bucket, Statement) => new aws.s3.BucketPolicy(bucket, { bucket, policy: JSON.stringify({ Version: "2012-10-17", Statement }) });
policy("app", [{ Effect: "Allow", Principal: { Service: "cloudfront.amazonaws.com" }, Action: "s3:GetObject", Resource: "arn:aws:s3:::app/*" }]);
policy("media", [{ Effect: "Allow", Principal: "*", Action: ["s3:GetObject", "s3:ListBucket"], Resource: ["arn:aws:s3:::media", "arn:aws:s3:::media/*"] }]);

const echo = new aws.lambda.Function("echo", {
  runtime: "nodejs22.x", handler: "index.handler", role: "arn:aws:iam::123456789012:role/role",
  code: new asset.AssetArchive({ "index.js": new asset.StringAsset(${JSON.stringify(ECHO)}) }),
});
const api = new aws.apigateway.RestApi("api", { body: echo.invokeArn.apply((uri) => JSON.stringify({ openapi: "3.0.1", paths: {
  "/api/{proxy+}": { "x-amazon-apigateway-any-method": { "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri } } },
} })) });
new aws.apigateway.Stage("live", { restApi: api.id, deployment: new aws.apigateway.Deployment("api", { restApi: api.id }).id, stageName: "live" });

const reads = ["GET", "HEAD"];
const behavior = (targetOriginId, more = {}) => ({
  targetOriginId, allowedMethods: reads, cachedMethods: reads, viewerProtocolPolicy: "redirect-to-https", cachePolicyId: "any", ...more,
});
const edge = new aws.cloudfront.Function("rewrite", { name: "rewrite", runtime: "cloudfront-js-2.0", code: "" });
const cdn = new aws.cloudfront.Distribution("cdn", {
  enabled: true,
  defaultRootObject: "index.html",
  origins: [
    { originId: "app", domainName: app.bucketRegionalDomainName, originPath: "/site" },
    { originId: "media", domainName: media.bucketDomainName },
    { originId: "blog", domainName: blog.websiteEndpoint, customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy: "http-only", originSslProtocols: ["TLSv1.2"] } },
    { originId: "api", domainName: api.id.apply((id) => id + ".execute-api.eu-west-1.amazonaws.com"), originPath: "/live" },
    { originId: "other", domainName: "example.com" },
  ],
  originGroups: [{ originId: "group", failoverCriteria: { statusCodes: [500] }, members: [{ originId: "media" }, { originId: "app" }] }],
  defaultCacheBehavior: behavior("app", { functionAssociations: [{ eventType: "viewer-request", functionArn: edge.arn }] }),
  orderedCacheBehaviors: [
    behavior("group", { pathPattern: "/img/*.jpg" }),
    behavior("media", { pathPattern: "*.JPG" }),
    behavior("blog", { pathPattern: "posts*" }),
    behavior("api", { pathPattern: "/api/*", allowedMethods: [...reads, "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] }),
    behavior("other", { pathPattern: "/other/*" }),
  ],
  customErrorResponses: [
    { errorCode: 403, responseCode: 200, responsePagePath: "/sorry.html" },
    { errorCode: 404, errorCachingMinTtl: 10 },
  ],
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: { cloudfrontDefaultCertificate: true },
});
new aws.cloudfront.Distribution("bare", {
  enabled: true,
  origins: [{ originId: "app", domainName: app.bucketRegionalDomainName }],
  defaultCacheBehavior: behavior("app"),
  customErrorResponses: [{ errorCode: 403, responseCode: 404, responsePagePath: "/missing.html" }],
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: { cloudfrontDefaultCertificate: true },
});
exports.domainName = cdn.domainName;
`;

describe("A CloudFront distribution", () => {
  let graph: Graph;
  let server: Served;
  before(async () => {
    graph = await runScript(program, "", { config: { "aws:region": "eu-west-1" } });
    server = await serveGraph(graph);
  });
  after(closeServers);

  const urlOf = (name: string) => server.sites.find((site) => site.name === name)?.url.slice(0, -1) ?? "";
  const ask = (location: string, init: RequestInit = {}, name = "cdn") =>
    fetch(urlOf(name) + location, { redirect: "manual", ...init });

  it("keeps its domain name in the program's outputs", () => {
    expect(reveal(graph.outputs.domainName)).to.match(/^d\w{13}\.cloudfront\.net$/);
    expect(server.sites.map(({ name, kind }) => `${kind} ${name}`)).to.deep.equal([
      "distribution bare",
      "website blog",
      "distribution cdn",
    ]);
  });

  const answers: [what: string, location: string, status: number, body: string][] = [
    ["the default root object, below the origin's path", "/", 200, "app"],
    ["an object of a bucket", "/a.txt", 200, "a"],
    ["the behaviour whose pattern matches, from the first member of an origin group", "/img/cat.jpg", 200, "cat"],
    ["patterns in which case counts", "/img/Dog.JPG", 200, "dog"],
    ["an index document from a website, but not from a bucket", "/posts/", 200, "posts"],
    ["a custom page, with its status, for an object that does not exist", "/nowhere", 200, "sorry"],
    ["the same for a folder", "/folder/", 200, "sorry"],
  ];
  testFacts(
    {
      ...DOCUMENTED,
      facts: answers.map(([what, location, ...expected]) => ({ fact: `answers with ${what}`, location, expected })),
    },
    async ({ location, expected }) => {
      const answer = await ask(location);
      expect([answer.status, await answer.text()]).to.deep.equal(expected);
    },
  );

  it("passes the redirects of a website on", async () => {
    const answer = await ask("/posts");
    expect([answer.status, answer.headers.get("location")]).to.deep.equal([302, "/posts/"]);
  });

  testFact(
    DOCUMENTED,
    "has the origin's error where no page is set: 404 only if the bucket may be listed",
    async () => {
      const missing = await ask("/img/none.jpg");
      expect([missing.status, missing.headers.get("content-type")]).to.deep.equal([404, "application/xml"]);
      expect(await missing.text())
        .to.include("<Code>NoSuchKey</Code>")
        .and.include("<Key>img/none.jpg</Key>");
      const hidden = await ask("/none", {}, "bare");
      expect([hidden.status, (await hidden.text()).includes("<Code>AccessDenied</Code>")]).to.deep.equal([403, true]);
    },
  );

  it("passes requests with their bodies and queries to an API of the program", async () => {
    const headers = { "content-type": "application/json" };
    const answer = await ask("/api/items?a=b", { method: "POST", headers, body: '{"x":1}' });
    const event = (await answer.json()) as Record<string, unknown>;
    expect([answer.status, event.path, event.body, event.queryStringParameters, event.httpMethod]).to.deep.equal([
      200,
      "/api/items",
      '{"x":1}',
      { a: "b" },
      "POST",
    ]);
  });

  it("refuses methods that the behaviour does not allow with a page of its own", async () => {
    const answer = await ask("/a.txt", { method: "DELETE" });
    expect([answer.status, (await answer.text()).includes("not configured to allow")]).to.deep.equal([403, true]);
  });

  testFact(DOCUMENTED, "answers HEAD without a body", async () => {
    const answer = await ask("/a.txt", { method: "HEAD" });
    expect([answer.status, answer.headers.get("content-length"), await answer.text()]).to.deep.equal([200, "1", ""]);
  });

  it("answers 502 for origins elsewhere, and names them and the functions that do not run", async () => {
    expect((await ask("/other/x")).status).to.equal(502);
    expect(server.problems).to.deep.equal([
      "distribution cdn does not run the edge function rewrite: requests pass as if it were not there",
      "distribution cdn answers 502 for its origin example.com: it is not a bucket, website or REST API of the program",
    ]);
  });
});
