import { expect } from "chai";
import { type HttpApiEvent, requestOf2 } from "../../../handlers/http/payload2";
import { restApi } from "../../../handlers/http/restApi";
import { events, httpEvent, type PayloadVersion, type ProxyRequest } from "../../helpers/handlers/proxyEvent";

const event = (more: Partial<HttpApiEvent> = {}): HttpApiEvent => ({ ...httpEvent("GET", "/items/a"), ...more });
const from = (authorizer: object) => {
  const { requestContext } = event();
  return requestOf2(event({ requestContext: { ...requestContext, authorizer } })).caller;
};

describe("a request of an HTTP API", () => {
  const paths: [what: string, more: Partial<HttpApiEvent>, path: string, clientPath: string][] = [
    ["below the stage", {}, "/items/a", "/Prod/items/a"],
    ["on a custom domain", { rawPath: "/shop/v1/items/a" }, "/items/a", "/shop/v1/items/a"],
    [
      "with a decoded parameter",
      { rawPath: "/Prod/items/a b/?#%✓", pathParameters: { id: "a b/?#%✓" } },
      "/items/a%20b%2F%3F%23%25%E2%9C%93",
      "/Prod/items/a%20b/%3F%23%25%E2%9C%93",
    ],
    [
      "of a greedy route",
      { routeKey: "ANY /files/{proxy+}", rawPath: "/Prod/files/a/b c", pathParameters: { proxy: "a/b c" } },
      "/files/a/b%20c",
      "/Prod/files/a/b%20c",
    ],
    ["of the default route", { routeKey: "$default" }, "/items/a", "/Prod/items/a"],
    ["of the default route without a stage", { routeKey: "$default", rawPath: "/items/a" }, "/items/a", "/items/a"],
  ];
  for (const [what, more, path, clientPath] of paths) {
    it(`has the path that the routes match, and the caller's: ${what}`, () => {
      expect(requestOf2(event(more))).to.deep.include({ path, clientPath });
    });
  }

  it("has each value of a query, decoded, also values with commas", () => {
    const { query } = requestOf2(event({ rawQueryString: "a=1%2C2&a=3&b=x+y%26&c" }));
    expect([...query]).to.deep.equal([
      ["a", ["1,2", "3"]],
      ["b", ["x y&"]],
      ["c", [""]],
    ]);
    expect([...requestOf2(event({ rawQueryString: "" })).query]).to.deep.equal([]);
  });

  it("has the cookies as a header, and the bytes of a body", () => {
    const sent = event({ cookies: ["a=1", "b=2"], body: Buffer.from("✓").toString("base64"), isBase64Encoded: true });
    const { headers, body } = requestOf2(sent);
    expect(headers.get("cookie")).to.equal("a=1; b=2");
    expect(body.toString()).to.equal("✓");
    expect(requestOf2(event({ body: "✓" })).body.toString()).to.equal("✓");
  });

  it("has the caller that any kind of authorizer found", () => {
    const userArn = "arn:aws:iam::123456789012:user/a";
    expect(from({ iam: { userArn } })).to.equal(userArn);
    expect(from({ jwt: { claims: { sub: "me" } } })).to.equal("me");
    expect(from({ lambda: { principalId: "you" } })).to.equal("you");
    for (const nobody of [{}, { lambda: null }, { jwt: { claims: {} } }]) expect(from(nobody)).to.equal("anonymous");
    expect(requestOf2(event()).caller).to.equal("anonymous");
  });
});

describe("a handler of both kinds of API", () => {
  const handler = restApi(
    { "GET /items": { operationId: "look" } },
    { look: async ({ path }) => ({ status: 200, cookies: ["a=1", "b=2"], body: { path } }) },
  );
  const answer = (version: PayloadVersion, request?: ProxyRequest) =>
    handler(events[version]("GET", "/items", request));

  it("sets cookies in the way of each kind, and has no member that a REST API refuses", async () => {
    const [rest, http] = [await answer("1.0"), await answer("2.0")];
    expect(rest).to.have.keys("statusCode", "headers", "multiValueHeaders", "body");
    expect(rest).to.deep.include({ multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] }, body: http.body });
    expect(http).to.have.keys("statusCode", "headers", "cookies", "body");
    expect(http).to.deep.include({ cookies: ["a=1", "b=2"], body: '{"path":"/Prod/items"}' });
  });

  it("takes an event of an HTTP API that sends payload 1.0 for what it is", async () => {
    const sent = { ...events["1.0"]("GET", "/items"), version: "1.0" };
    expect(await handler(sent)).to.include({ statusCode: 200 });
  });
});
