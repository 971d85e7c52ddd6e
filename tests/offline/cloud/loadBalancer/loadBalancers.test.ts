import type { RequestOptions } from "node:http";
import type { ALBEvent } from "aws-lambda";
import { expect } from "chai";
import { DOCUMENTATION, testFact, testFacts } from "../../../helpers/facts";
import { ECHO, send } from "../../../helpers/offline/api";
import { graphOf, lambda, resource } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const DOCUMENTED = { service: "Elastic Load Balancing", source: DOCUMENTATION };
const LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop/1/2";

const groupArn = (name: string) => `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${name}/1`;
const functionArn = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
const to = (name: string) => [{ type: "forward", targetGroupArn: groupArn(name) }];
const fixed = (messageBody: string) => [
  { type: "fixed-response", fixedResponse: { contentType: "text/plain", messageBody, statusCode: "418" } },
];

function group(name: string, settings: Record<string, string | boolean> = {}, functionName = name) {
  return [
    resource("aws:lb/targetGroup:TargetGroup", name, { targetType: "lambda", ...settings }, { arn: groupArn(name) }),
    resource("aws:lb/targetGroupAttachment:TargetGroupAttachment", name, {
      targetGroupArn: groupArn(name),
      targetId: functionArn(functionName),
    }),
  ];
}

/** Returns what its query says; `%` and so on are as sent. */
const ANSWERS = `exports.handler = async ({ path, queryStringParameters, multiValueQueryStringParameters }) => {
  if (path === "/fails") throw new Error("no");
  const { result } = queryStringParameters ?? {};
  return JSON.parse(decodeURIComponent(result ?? multiValueQueryStringParameters.result[0]));
}`;

const RULES: [name: string, conditions: object[], actions: object[]][] = [
  ["path", [{ pathPattern: { values: ["/img/*", "/one?"] } }], fixed("path")],
  ["host", [{ hostHeader: { values: ["*.Example.com"] } }], fixed("host")],
  [
    "both",
    [{ httpRequestMethod: { values: ["PUT"] } }, { pathPattern: { values: ["/both"] } }],
    fixed("method and path"),
  ],
  ["header", [{ httpHeader: { httpHeaderName: "User-Agent", values: ["*Chrome*"] } }], fixed("header")],
  ["query", [{ queryStrings: [{ key: "version", value: "v1" }, { value: "*example*" }] }], fixed("query")],
  ["source", [{ sourceIp: { values: ["192.0.2.0/24"] } }], fixed("source")],
  ["here", [{ pathPattern: { values: ["/here"] } }, { sourceIp: { values: ["127.0.0.0/8"] } }], fixed("here")],
  [
    "moved",
    [{ pathPattern: { values: ["/old/*"] } }],
    [{ type: "redirect", redirect: { host: "new.#{host}", path: "/v2/#{path}", statusCode: "HTTP_302" } }],
  ],
  ["many", [{ pathPattern: { values: ["/many"] } }], to("many")],
  ["answers", [{ pathPattern: { values: ["/answers", "/fails"] } }], to("answers")],
  ["lists", [{ pathPattern: { values: ["/lists"] } }], to("lists")],
  ["gone", [{ pathPattern: { values: ["/gone"] } }], to("gone")],
  ["empty", [{ pathPattern: { values: ["/empty"] } }], to("empty")],
  ["login", [{ pathPattern: { values: ["/login"] } }], [{ type: "authenticate-oidc", order: 1 }, ...to("echo")]],
  [
    "weighted",
    [{ pathPattern: { values: ["/weighted"] } }],
    [
      {
        type: "forward",
        forward: {
          targetGroups: [
            { arn: groupArn("echo"), weight: 1 },
            { arn: groupArn("many"), weight: 0 },
          ],
        },
      },
    ],
  ],
];

describe("A load balancer of functions", () => {
  let server: Served;
  let url: string;
  before(async () => {
    server = await serveGraph(
      graphOf(
        temporaryFolder(),
        lambda("echo", ECHO),
        lambda("answers", ANSWERS),
        resource("aws:lb/loadBalancer:LoadBalancer", "shop", {}, { arn: "arn:shop" }),
        resource("aws:lb/loadBalancer:LoadBalancer", "other", {}, { arn: "arn:other" }),
        resource(
          "aws:lb/listener:Listener",
          "http",
          { loadBalancerArn: "arn:shop", port: 80, defaultActions: to("echo") as never },
          { arn: LISTENER },
        ),
        ...RULES.map(([name, conditions, actions], index) =>
          resource("aws:lb/listenerRule:ListenerRule", name, {
            listenerArn: LISTENER,
            priority: index + 1,
            conditions: conditions as never,
            actions: actions as never,
          }),
        ),
        ...group("echo"),
        ...group("answers"),
        ...group("many", { lambdaMultiValueHeadersEnabled: true }, "echo"),
        ...group("lists", { lambdaMultiValueHeadersEnabled: true }, "answers"),
        ...group("gone"),
        ...group("empty").slice(0, 1),
      ),
    );
    url = server.sites[0]?.url ?? "";
  });
  after(closeServers);

  const call = (path: string, options: RequestOptions & { body?: string } = {}) => send(url, { path, ...options });
  const eventOf = async (path: string, options: RequestOptions & { body?: string } = {}): Promise<ALBEvent> =>
    JSON.parse((await call(path, options)).body);

  it("is served on a port of its listener, and what it does not do is named", () => {
    expect(server.sites).to.deep.equal([{ name: "http", kind: "load balancer", url }]);
    expect(server.problems).to.deep.equal([
      "load balancer other is not served: none of its listeners reaches a function; call its targets directly",
      "requests that meet the rule login are answered with 501: its action authenticate-oidc is not emulated",
      `target group gone answers 502: the program has no function ${functionArn("gone")}`,
      "target group empty answers 503: no function is attached to it",
    ]);
  });

  testFacts(
    {
      ...DOCUMENTED,
      facts: [
        { fact: "A path condition knows * and ?, and the case of letters", path: "/img/a/b.png", answer: "path" },
        { fact: "A ? in a path condition is exactly one character", path: "/one1?q", answer: "path" },
        { fact: "A path condition that differs in case is not met", path: "/IMG/a.png", answer: undefined },
        { fact: "A host condition is met in any case", path: "/", headers: { Host: "a.EXAMPLE.com" }, answer: "host" },
        { fact: "All conditions of a rule must be met", path: "/both", method: "PUT", answer: "method and path" },
        { fact: "A rule with one condition that is not met is passed over", path: "/both", answer: undefined },
        {
          fact: "A header condition compares values with wildcards",
          path: "/",
          headers: { "User-Agent": "x CHROME/9" },
          answer: "header",
        },
        { fact: "A query condition compares a key and its value", path: "/?VERSION=V1", answer: "query" },
        { fact: "A query condition without a key compares all values", path: "/?q=an-example", answer: "query" },
        { fact: "A query condition is not met by another value", path: "/?version=v2", answer: undefined },
        { fact: "A source condition is a network, and rules are tried by priority", path: "/here", answer: "here" },
      ] as { fact: string; path: string; answer?: string; method?: string; headers?: Record<string, string> }[],
    },
    async ({ path, method, headers, answer }) => {
      const { status, body } = await call(path, { method, headers });
      expect([status, answer ? body : undefined]).to.deep.equal([answer ? 418 : 200, answer]);
    },
  );

  testFact(DOCUMENTED, "redirects with the parts of the request that are not replaced", async () => {
    const { status, headers } = await call("/old/a?b=c");
    const { port } = new URL(url);
    expect([status, headers.location]).to.deep.equal([302, `http://new.127.0.0.1:${port}/v2/old/a?b=c`]);
  });

  testFact(
    DOCUMENTED,
    "gives its function the last of repeated headers and parameters, as they were sent",
    async () => {
      const headers = { Host: new URL(url).host, "X-A": ["1", "2"], Cookie: "a=b", "X-Forwarded-For": "192.0.2.1" };
      const event = await eventOf("/lambda?query=1%201&query=2&flag", { headers });
      expect(event).to.deep.equal({
        requestContext: { elb: { targetGroupArn: groupArn("echo") } },
        httpMethod: "GET",
        path: "/lambda",
        queryStringParameters: { query: "2", flag: "" },
        headers: {
          host: new URL(url).host,
          "x-a": "2",
          cookie: "a=b",
          "x-amzn-trace-id": event.headers?.["x-amzn-trace-id"],
          "x-forwarded-for": "192.0.2.1, 127.0.0.1",
          "x-forwarded-port": new URL(url).port,
          "x-forwarded-proto": "http",
        },
        body: "",
        isBase64Encoded: false,
      });
      expect(event.headers?.["x-amzn-trace-id"]).to.match(/^Root=1-[\da-f]{8}-[\da-f]{24}$/);
    },
  );

  testFact(DOCUMENTED, "gives its function all values where the target group has multi-value headers", async () => {
    const { status, headers, body } = await call("/many?a=1&a=%202", { headers: { "X-A": ["1", "2"] } });
    expect([status, headers["content-type"]]).to.deep.equal([200, "application/octet-stream"]);
    const event = JSON.parse(body) as ALBEvent;
    expect(event).not.to.have.any.keys("headers", "queryStringParameters");
    expect(event.multiValueQueryStringParameters).to.deep.equal({ a: ["1", "%202"] });
    expect(event.multiValueHeaders?.["x-a"]).to.deep.equal(["1", "2"]);
  });

  testFacts(
    {
      ...DOCUMENTED,
      facts: [
        { fact: "A body of text reaches the function as text", type: "text/csv", body: "é", isBase64Encoded: false },
        { fact: "JSON reaches the function as text", type: "application/json", body: "{}", isBase64Encoded: false },
        { fact: "Any other body reaches it in Base64", type: "image/png", body: "aGk=", isBase64Encoded: true },
        {
          fact: "A body with a content encoding reaches it in Base64",
          type: "text/plain",
          encoding: "gzip",
          body: "aGk=",
          isBase64Encoded: true,
        },
      ] as { fact: string; type: string; body: string; isBase64Encoded: boolean; encoding?: string }[],
    },
    async ({ type, body, isBase64Encoded, encoding }) => {
      const headers = { "Content-Type": type, ...(encoding && { "Content-Encoding": encoding }) };
      const event = await eventOf("/", { method: "POST", headers, body: isBase64Encoded ? "hi" : body });
      expect([event.body, event.isBase64Encoded]).to.deep.equal([body, isBase64Encoded]);
    },
  );

  const result = (path: string, value: unknown) => `${path}?result=${encodeURIComponent(JSON.stringify(value))}`;

  testFact(DOCUMENTED, "answers what the function returns, and decodes Base64", async () => {
    const value = {
      statusCode: 201,
      headers: { "Set-Cookie": "a=b", "Content-Type": "text/x" },
      multiValueHeaders: { "X-Not": ["read"] },
      body: "aGk=",
      isBase64Encoded: true,
    };
    const { status, headers, body } = await call(result("/answers", value));
    expect([status, headers["set-cookie"], headers["content-type"], headers["x-not"], body]).to.deep.equal([
      201,
      ["a=b"],
      "text/x",
      undefined,
      "hi",
    ]);
  });

  testFact(DOCUMENTED, "answers the multi-value headers where the target group has them", async () => {
    const value = {
      statusCode: 200,
      headers: { "X-Not": "read" },
      multiValueHeaders: { "Set-Cookie": ["a=b", "c=d"] },
    };
    const { headers } = await call(result("/lists", value));
    expect([headers["set-cookie"], headers["x-not"]]).to.deep.equal([["a=b", "c=d"], undefined]);
  });

  testFacts(
    {
      ...DOCUMENTED,
      facts: [
        { fact: "is 502 if the function fails", path: "/fails", status: 502 },
        { fact: "is 502 without a statusCode", path: result("/answers", { body: "text" }), status: 502 },
        { fact: "is 502 if the response is no object", path: result("/answers", "text"), status: 502 },
        {
          fact: "is 502 if the body is not text",
          path: result("/answers", { statusCode: 200, body: {} }),
          status: 502,
        },
        { fact: "is 503 if nothing is attached to the target group", path: "/empty", status: 503 },
        { fact: "is 413 for a body of more than 1 MB", path: "/", body: "x".repeat(2 ** 20 + 1), status: 413 },
      ] as { fact: string; path: string; status: number; body?: string }[],
    },
    async ({ path, status, body }) => {
      const answer = await call(path, { method: body ? "POST" : "GET", body });
      expect([answer.status, answer.headers.server]).to.deep.equal([status, "awselb/2.0"]);
    },
  );

  it("answers 501 where it would have to authenticate, and never lets the request through", async () => {
    expect((await call("/login")).status).to.equal(501);
  });

  testFact(DOCUMENTED, "forwards nothing to a target group with the weight 0", async () => {
    for (let time = 0; time < 5; time++) {
      expect((await eventOf("/weighted")).requestContext.elb.targetGroupArn).to.equal(groupArn("echo"));
    }
  });

  it("answers to names of this machine and of its rules only", async () => {
    expect((await call("/", { headers: { Host: "evil.test" } })).status).to.equal(421);
  });

  it("serves the rules that a function has at a listener of another program", async () => {
    const foreign = await serveGraph(
      graphOf(
        temporaryFolder(),
        lambda("echo", ECHO),
        ...group("echo"),
        resource("aws:lb/listenerRule:ListenerRule", "orders", {
          listenerArn: LISTENER,
          conditions: [{ pathPattern: { values: ["/orders/*"] } }] as never,
          actions: to("echo") as never,
        }),
      ),
    );
    const [site] = foreign.sites;
    expect([site?.name, foreign.problems]).to.deep.equal(["orders", []]);
    const statusOf = async (path: string) => (await send(site?.url ?? "", { path })).status;
    expect([await statusOf("/orders/1"), await statusOf("/")]).to.deep.equal([200, 404]);
  });
});
