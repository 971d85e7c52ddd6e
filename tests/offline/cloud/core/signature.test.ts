import { createHmac } from "node:crypto";
import { expect } from "chai";
import { announcedPayload, payloadOf } from "../../../../offline/cloud/core/signature/payload";
import { readSignature, SignatureError } from "../../../../offline/cloud/core/signature/signature";
import { onlyKey, sha256, Verifier } from "../../../../offline/cloud/core/signature/verifier";
import { DOCUMENTATION, testFact } from "../../../helpers/facts";
import { send } from "../../../helpers/offline/api";
import { graphOf, table } from "../../../helpers/offline/graph";
import { bucket } from "../../../helpers/offline/s3";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { type SignedRequest, signed } from "../../../helpers/offline/signed";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const DOCUMENTED = { service: "Signatures", source: DOCUMENTATION };

describe("The AWS endpoint verifies signatures", () => {
  let server: Served;
  before(async () => {
    server = await serveGraph(graphOf(temporaryFolder(), bucket("raw"), table("items")));
    expect((await call({ ...OBJECT, method: "PUT", body: "text" })).status).to.equal(200);
  });
  after(closeServers);

  type Sent = Awaited<ReturnType<typeof signed>>;
  const call = async (request: SignedRequest, change: (sent: Sent) => object = () => ({})) => {
    const sent = await signed(server, request);
    const { status, body, headers } = await send(server.endpoint, { ...sent, ...change(sent) });
    const code = /<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? headers["x-amzn-errortype"];
    return { status, code, body };
  };
  const outcome = async (...args: Parameters<typeof call>) => {
    const { status, code } = await call(...args);
    return `${status} ${code}`;
  };

  const OBJECT = { service: "s3", method: "GET", path: "/raw/key" };
  const LIST: SignedRequest = {
    service: "dynamodb",
    headers: { "x-amz-target": "DynamoDB_20120810.ListTables", "content-type": "application/x-amz-json-1.0" },
    body: "{}",
  };
  const WHO: SignedRequest = {
    service: "sts",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "Action=GetCallerIdentity&Version=2011-06-15",
  };
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const wrong = () => ({ credentials: { ...server.credentials, secretAccessKey: "wrong" } });

  testFact(DOCUMENTED, "of headers, and of presigned URLs until they expire", async () => {
    expect((await call(LIST)).body).to.contain("items");
    expect((await call({ ...LIST, at: minutesAgo(4) })).status).to.equal(200);
    expect((await call({ ...LIST, at: minutesAgo(-4) })).status).to.equal(200);
    expect((await call(WHO)).status).to.equal(200);
    expect((await call(OBJECT)).body).to.equal("text");
    expect((await call({ ...OBJECT, at: minutesAgo(14) })).status).to.equal(200);
    expect((await call({ ...OBJECT, expiresIn: 60 })).body).to.equal("text");
    expect((await call({ ...OBJECT, expiresIn: 3600, at: minutesAgo(59) })).body).to.equal("text");
  });

  testFact(DOCUMENTED, "with each service's codes", async () => {
    expect(await outcome({ ...LIST, ...wrong() })).to.equal("400 InvalidSignatureException");
    expect(await outcome({ ...LIST, at: minutesAgo(6) })).to.equal("400 InvalidSignatureException");
    expect(await outcome({ ...LIST, at: minutesAgo(-6) })).to.equal("400 InvalidSignatureException");
    expect(await outcome({ ...WHO, ...wrong() })).to.equal("403 SignatureDoesNotMatch");
    expect(await outcome({ ...OBJECT, ...wrong() })).to.equal("403 SignatureDoesNotMatch");
    expect(await outcome({ ...OBJECT, at: minutesAgo(16) })).to.equal("403 RequestTimeTooSkewed");
    expect(await outcome({ ...OBJECT, expiresIn: 60, at: minutesAgo(2) })).to.equal("403 AccessDenied");
    const stranger = { credentials: { accessKeyId: "AKIAOTHER", secretAccessKey: "other" } };
    expect(await outcome({ ...LIST, ...stranger })).to.equal("400 UnrecognizedClientException");
    expect(await outcome({ ...WHO, ...stranger })).to.equal("403 InvalidClientTokenId");
    expect(await outcome({ ...OBJECT, ...stranger })).to.equal("403 InvalidAccessKeyId");
    expect(await outcome({ ...OBJECT, expiresIn: 60, ...stranger })).to.equal("403 InvalidAccessKeyId");
  });

  testFact(DOCUMENTED, "which cover the method, the path, the query, the headers and the body", async () => {
    const changes: Record<string, (sent: Sent) => object> = {
      method: () => ({ method: "DELETE" }),
      path: () => ({ path: "/raw/other" }),
      query: () => ({ path: "/raw?list-type=2" }),
      header: ({ headers }) => ({ headers: { ...headers, "x-amz-meta-a": "2" } }),
    };
    for (const [what, change] of Object.entries(changes)) {
      const request = { ...OBJECT, headers: { "x-amz-meta-a": "1" } };
      expect([what, await outcome(request, change)]).to.deep.equal([what, "403 SignatureDoesNotMatch"]);
    }
    const other = () => ({ body: '{"Limit":1}' });
    expect(await outcome(LIST, other)).to.equal("400 InvalidSignatureException");
    const put = { ...OBJECT, method: "PUT", body: "text" };
    expect(await outcome(put, () => ({ body: "else" }))).to.equal("400 XAmzContentSHA256Mismatch");
    const remove = {
      service: "s3",
      path: "/raw",
      query: { delete: "" },
      body: "<Delete><Object><Key>a</Key></Object></Delete>",
    };
    const key = () => ({ body: "<Delete><Object><Key>b</Key></Object></Delete>" });
    expect(await outcome(remove, key)).to.equal("400 XAmzContentSHA256Mismatch");
    expect((await call(OBJECT)).body).to.equal("text");
  });

  testFact(DOCUMENTED, "so that a URL presigned for GET does nothing else", async () => {
    const presigned = { ...OBJECT, expiresIn: 60 };
    for (const method of ["PUT", "DELETE", "HEAD", "POST"]) {
      const { status } = await call(presigned, () => ({ method }));
      expect([method, status]).to.deep.equal([method, 403]);
    }
    const moved = ({ path }: Sent) => ({ path: path?.replace("/raw/key", "/raw/") });
    expect(await outcome(presigned, moved)).to.equal("403 SignatureDoesNotMatch");
    const listing = ({ path }: Sent) => ({ path: `${path?.replace("/raw/key", "/raw")}&list-type=2` });
    expect(await outcome(presigned, listing)).to.equal("403 SignatureDoesNotMatch");
    const longer = ({ path }: Sent) => ({ path: path?.replace("X-Amz-Expires=60", "X-Amz-Expires=600") });
    expect(await outcome(presigned, longer)).to.equal("403 SignatureDoesNotMatch");
  });

  testFact(DOCUMENTED, "so that a URL presigned for PutObject does not copy", async () => {
    const copy = ({ headers }: Sent) => ({ headers: { ...headers, "x-amz-copy-source": "raw/key" } });
    const put = { service: "s3", method: "PUT", path: "/raw/copy", expiresIn: 60 };
    expect(await outcome(put, copy)).to.equal("403 AccessDenied");
  });

  it("and says what is wrong with the parameters of a presigned URL", async () => {
    const presigned = { ...OBJECT, expiresIn: 60 };
    for (const value of ["604801", "-1", "soon", "1.5", ""]) {
      const expires = ({ path }: Sent) => ({ path: path?.replace("X-Amz-Expires=60", `X-Amz-Expires=${value}`) });
      const { status, code, body } = await call(presigned, expires);
      expect([value, status, code]).to.deep.equal([value, 400, "AuthorizationQueryParametersError"]);
      expect(body).to.contain("X-Amz-Expires");
    }
    const undated = ({ path }: Sent) => ({ path: path?.replace(/X-Amz-Date=\w+/, "X-Amz-Date=now") });
    expect(await outcome(presigned, undated)).to.equal("400 AuthorizationQueryParametersError");
  });

  it("of URLs presigned with version 2", async () => {
    const { accessKeyId, secretAccessKey } = server.credentials;
    const presign = (method: string, path: string, seconds = 60) => {
      const expires = Math.floor(Date.now() / 1000) + seconds;
      const hmac = createHmac("sha1", secretAccessKey).update(`${method}\n\n\n${expires}\n${path}`);
      const separator = path.includes("?") ? "&" : "?";
      const signature = encodeURIComponent(hmac.digest("base64"));
      return `${path}${separator}AWSAccessKeyId=${accessKeyId}&Expires=${expires}&Signature=${signature}`;
    };
    const get = (path: string, options: object = {}) => send(server.endpoint, { path, ...options });
    expect((await get(presign("GET", "/raw/key"))).body).to.equal("text");
    const typed = presign("GET", "/raw/key?response-content-type=text/html");
    expect((await get(typed)).headers["content-type"]).to.equal("text/html");
    const refused: Record<string, [path: string, options?: object]> = {
      method: [presign("GET", "/raw/key"), { method: "DELETE" }],
      path: [presign("GET", "/raw/key").replace("key", "other")],
      parameter: [typed.replace("html", "plain")],
      header: [presign("PUT", "/raw/copy"), { method: "PUT", headers: { "x-amz-copy-source": "raw/key" } }],
      time: [presign("GET", "/raw/key").replace(/Expires=1/, "Expires=2")],
    };
    for (const [what, [path, options]] of Object.entries(refused)) {
      const { status, body } = await get(path, options);
      expect([what, status, body]).to.deep.equal([what, 403, body]);
      expect(body).to.contain("<Code>SignatureDoesNotMatch</Code>");
    }
    expect((await get(presign("GET", "/raw/key", -1))).body).to.contain("<Code>AccessDenied</Code>");
  });

  it("before forwarding requests", async () => {
    const elsewhere = await serveGraph(graphOf(temporaryFolder()), { endpoints: { batch: server.endpoint } });
    const sent = await signed(elsewhere, {
      service: "batch",
      credentials: { ...elsewhere.credentials, secretAccessKey: "wrong" },
    });
    expect((await send(elsewhere.endpoint, sent)).headers["x-amzn-errortype"]).to.equal("InvalidSignatureException");
  });
});

/** From the S3 API Reference, "Authenticating Requests (AWS Signature Version 4)". */
describe("A signature of version 4", () => {
  const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
  const verifier = new Verifier(onlyKey({ accessKeyId, secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" }));
  const credential = `${accessKeyId}/20130524/us-east-1/s3/aws4_request`;

  function requestOf(method: string, url: string, headers: Record<string, string>, value: string) {
    const all: Record<string, string> = { ...headers, "x-amz-date": "20130524T000000Z" };
    const names = Object.keys(all).sort().join(";");
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names},Signature=${value}`;
    return { method, url, headers: { ...all, authorization }, rawHeaders: Object.entries(all).flat() };
  }

  const host = "examplebucket.s3.amazonaws.com";
  const empty = { "x-amz-content-sha256": sha256("") };
  const examples: [what: string, request: Parameters<typeof requestOf>][] = [
    [
      "GetObject",
      [
        "GET",
        "/test.txt",
        { host, range: "bytes=0-9", ...empty },
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
      ],
    ],
    [
      "PutObject",
      [
        "PUT",
        "/test$file.text",
        {
          date: "Fri, 24 May 2013 00:00:00 GMT",
          host,
          "x-amz-content-sha256": sha256("Welcome to Amazon S3."),
          "x-amz-storage-class": "REDUCED_REDUNDANCY",
        },
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
      ],
    ],
    [
      "a parameter without a value",
      ["GET", "/?lifecycle", { host, ...empty }, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"],
    ],
    [
      "ListObjects",
      [
        "GET",
        "/?max-keys=2&prefix=J",
        { host, ...empty },
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
      ],
    ],
  ];
  for (const [what, example] of examples) {
    it(`is the one that AWS shows for ${what}`, () => {
      const request = requestOf(...example);
      const signature = readSignature(request);
      verifier.verify(request, signature, announcedPayload(request, signature));
      const other = { ...request, method: "DELETE" };
      expect(() => verifier.verify(other, signature, announcedPayload(request, signature))).to.throw(SignatureError);
    });
  }

  it("is the one that AWS shows for a presigned URL", () => {
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(credential)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host`;
    const value = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    const url = `/test.txt?${query}&X-Amz-Signature=${value}`;
    const request = { method: "GET", url, headers: { host }, rawHeaders: ["Host", host] };
    const signature = readSignature(request);
    expect(announcedPayload(request, signature)).to.equal("UNSIGNED-PAYLOAD");
    verifier.verify(request, signature, "UNSIGNED-PAYLOAD");
  });

  describe("of a body in chunks", () => {
    const STREAMING = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    const headers = {
      "content-encoding": "aws-chunked",
      "content-length": "66824",
      host: "s3.amazonaws.com",
      "x-amz-content-sha256": STREAMING,
      "x-amz-decoded-content-length": "66560",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
    };
    const seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    const request = requestOf("PUT", "/examplebucket/chunkObject.txt", headers, seed);
    const chunks: [data: string, signature: string][] = [
      ["a".repeat(65_536), "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"],
      ["a".repeat(1024), "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"],
      ["", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"],
    ];

    it("is the one that AWS shows", () => {
      const signature = readSignature(request);
      verifier.verify(request, signature, STREAMING);
      const signatures = payloadOf(STREAMING, verifier, signature).chunks;
      for (const [data, value] of chunks) signatures?.checkChunk(sha256(data), value);
      expect(signatures?.valid).to.equal(true);
    });

    it("differs for another chunk, and if a chunk is left out", () => {
      const check = (sent: [data: string, signature: string][]) => {
        const signatures = payloadOf(STREAMING, verifier, readSignature(request)).chunks;
        for (const [data, value] of sent) signatures?.checkChunk(sha256(data), value);
        return signatures?.valid;
      };
      expect(check([["b".repeat(65_536), chunks[0]?.[1] ?? ""], ...chunks.slice(1)])).to.equal(false);
      expect(check(chunks.slice(1))).to.equal(false);
    });
  });
});
