import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect } from "chai";
import { graphOf, lambda, proxy, restApi } from "../../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const SIGNED = {
  paths: { "/items/{id}": { "x-amazon-apigateway-any-method": { ...proxy("echo"), security: [{ sigv4: [] }] } } },
  components: { securitySchemes: { sigv4: { type: "apiKey", "x-amazon-apigateway-authtype": "awsSigv4" } } },
};

describe("A route with IAM authorization", () => {
  let server: Served;
  before(async () => {
    const echo = lambda(
      "echo",
      "exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext.identity) })",
    );
    server = await serveGraph(graphOf(temporaryFolder(), echo, ...restApi("api", SIGNED)));
  });
  after(closeServers);

  interface Options {
    method?: string;
    path?: string;
    query?: Record<string, string | string[]>;
    body?: string;
    headers?: Record<string, string>;
    region?: string;
    service?: string;
    secret?: string;
    key?: string;
    at?: Date;
  }

  function prepare({ method = "GET", path = "/Prod/items/1", query = {}, body, headers = {}, ...options }: Options) {
    const { hostname, port, host } = new URL(server.apis[0]?.url ?? "");
    const { accessKeyId, secretAccessKey } = server.credentials;
    const signer = new SignatureV4({
      service: options.service ?? "execute-api",
      region: options.region ?? "eu-west-1",
      credentials: { accessKeyId: options.key ?? accessKeyId, secretAccessKey: options.secret ?? secretAccessKey },
      sha256: Sha256,
    });
    const request = {
      method,
      protocol: "http:",
      hostname,
      port: Number(port),
      path,
      query,
      body,
      headers: { host, ...headers },
    };
    return { signer, request, signingDate: options.at ?? new Date() };
  }

  async function call(options: Options = {}, change: (request: { url: URL; init: RequestInit }) => void = () => {}) {
    const { signer, request, signingDate } = prepare(options);
    const signed = await signer.sign(request, { signingDate });
    const url = new URL(request.path, server.apis[0]?.url);
    for (const [name, values] of Object.entries(request.query)) {
      for (const value of [values].flat()) url.searchParams.append(name, value);
    }
    const headers = Object.fromEntries(Object.entries(signed.headers).filter(([name]) => name !== "host"));
    const sent = { url, init: { method: request.method, headers, body: request.body } as RequestInit };
    change(sent);
    const response = await fetch(sent.url, sent.init);
    return { status: response.status, type: response.headers.get("x-amzn-errortype"), body: await response.json() };
  }

  it("answers a request that is signed with the printed credentials, and says who signed it", async () => {
    const { status, body } = await call();
    expect(status).to.equal(200);
    expect(body).to.include({
      accessKey: server.credentials.accessKeyId,
      userArn: "arn:aws:iam::123456789012:user/offline",
    });
  });

  it("accepts bodies, queries, repeated and encoded parameters, and signed headers", async () => {
    const accepted: Options[] = [
      { method: "POST", body: '{"a":"ü"}', headers: { "content-type": "application/json" } },
      { query: { b: "2", a: ["y", "x"], "c d": "e/f+g" } },
      { path: "/Prod/items/a%20b" },
      { path: "/items/1" },
    ];
    for (const options of accepted) expect([options, (await call(options)).status]).to.deep.equal([options, 200]);
  });

  it("accepts a presigned URL until it expires", async () => {
    const presign = async (at: Date) => {
      const { signer, request } = prepare({ query: { a: "1" } });
      const { query } = await signer.presign(request, { expiresIn: 60, signingDate: at });
      const url = new URL(request.path, server.apis[0]?.url);
      for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
      return fetch(url);
    };
    expect((await presign(new Date())).status).to.equal(200);
    const shown = server.lines.filter((line) => line.startsWith("GET ")).at(-1);
    expect(shown).to.contain("X-Amz-Signature=***");
    const late = await presign(new Date(Date.now() - 61_000));
    expect([late.status, late.headers.get("x-amzn-errortype")]).to.deep.equal([403, "ExpiredTokenException"]);
  });

  it("refuses a presigned URL for more than a week", async () => {
    const { signer, request } = prepare({});
    const { query = {} } = await signer.presign(request, { expiresIn: 604_800, signingDate: new Date() });
    const url = new URL(request.path, server.apis[0]?.url);
    for (const [name, value] of Object.entries({ ...query, "X-Amz-Expires": "604801" })) {
      url.searchParams.set(name, String(value));
    }
    const response = await fetch(url);
    expect([response.status, response.headers.get("x-amzn-errortype")]).to.deep.equal([
      403,
      "InvalidSignatureException",
    ]);
    expect(((await response.json()) as { message: string }).message).to.contain("less than a week");
  });

  it("refuses a request without a signature", async () => {
    const response = await server.call("/items/1");
    expect([response.status, await response.json()]).to.deep.equal([403, { message: "Missing Authentication Token" }]);
  });

  const forged: Record<string, [Options, Parameters<typeof call>[1]?]> = {
    "another secret": [{ secret: "wrong" }],
    "another access key": [{ key: "AKIAUNKNOWN" }],
    "another region": [{ region: "us-east-1" }],
    "another service": [{ service: "s3" }],
    "another path": [
      {},
      ({ url }) => {
        url.pathname = "/Prod/items/2";
      },
    ],
    "another query": [{ query: { a: "1" } }, ({ url }) => url.searchParams.set("a", "2")],
    "another method": [
      {},
      ({ init }) => {
        init.method = "DELETE";
      },
    ],
    "another body": [
      { method: "POST", body: "a" },
      ({ init }) => {
        init.body = "b";
      },
    ],
    "another body under UNSIGNED-PAYLOAD": [
      { method: "POST", body: "a", headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } },
      ({ init }) => {
        init.body = "b";
      },
    ],
    "a changed signed header": [
      { headers: { "x-role": "user" } },
      ({ init }) => {
        init.headers = { ...init.headers, "x-role": "admin" };
      },
    ],
    "a malformed Authorization header": [
      {},
      ({ init }) => {
        init.headers = { authorization: "Bearer token" };
      },
    ],
    "a missing date": [
      {},
      ({ init }) => {
        init.headers = { ...init.headers, "x-amz-date": "yesterday" };
      },
    ],
  };
  for (const [what, [options, change]] of Object.entries(forged)) {
    it(`refuses ${what}`, async () => {
      const { status, type } = await call(options, change);
      expect([status, type]).to.deep.equal([403, "InvalidSignatureException"]);
    });
  }

  it("refuses signatures that are too old or from the future", async () => {
    for (const minutes of [-6, 6]) {
      const { status, type } = await call({ at: new Date(Date.now() + minutes * 60_000) });
      expect([status, type]).to.deep.equal([403, "ExpiredTokenException"]);
    }
  });
});
