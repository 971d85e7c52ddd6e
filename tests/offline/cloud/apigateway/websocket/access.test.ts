import { expect } from "chai";
import type { Resource } from "../../../../../offline/engine/graph";
import { graphOf, lambda, resource } from "../../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import { connect, invokeArn, refusal, socketApi } from "../../../../helpers/offline/webSockets";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const ECHO = "exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });";
/** Names an API key for each token. */
const JUDGE = `exports.handler = async ({ methodArn, queryStringParameters: { token } }) => ({
  principalId: "user", usageIdentifierKey: token, policyDocument: {
    Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: methodArn }],
  } });`;

/** Sends through the client that it finds in its environment. */
const SENDER = `
const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require(${JSON.stringify(require.resolve("@aws-sdk/client-apigatewaymanagementapi"))});
exports.handler = async ({ requestContext: { connectionId: ConnectionId }, body }) => {
  await new ApiGatewayManagementApiClient().send(new PostToConnectionCommand({ ConnectionId, Data: "sent: " + body }));
  return { statusCode: 200 };
};`;

const echoing = { $connect: { calls: "echo" }, $default: { calls: "echo", responds: true } };

describe("A WebSocket API that asks for API keys", () => {
  let server: Served;
  const urlOf = (name: string) => `${server.webSockets.find((one) => one.name === name)?.url}`;
  const outcome = (name: string, value: string, token = "") =>
    refusal(`${urlOf(name)}?token=${token}`, { headers: { "x-api-key": value } });

  before(async () => {
    const keyed = (name: string, route = {}, api = {}) => {
      const $connect = { calls: "echo", route: { apiKeyRequired: true, ...route } };
      return socketApi(name, { ...echoing, $connect }, { api });
    };
    const key = (value: string, plan: string, more = {}) => [
      resource("aws:apigateway/apiKey:ApiKey", value, { value, ...more }, { id: value }),
      resource("aws:apigateway/usagePlanKey:UsagePlanKey", value, { keyId: value, usagePlanId: plan }),
    ];
    const plan = (name: string, api: string, more: object) =>
      resource(
        "aws:apigateway/usagePlan:UsagePlan",
        name,
        { apiStages: [{ apiId: `${api}0id`, stage: "Prod" }], ...more },
        { id: name },
      );
    const resources: Resource[] = [
      ...keyed("keyed"),
      ...keyed("none"),
      ...keyed(
        "judged",
        { authorizationType: "CUSTOM", authorizerId: "judge" },
        { apiKeySelectionExpression: "$context.authorizer.usageIdentifierKey" },
      ),
      resource(
        "aws:apigatewayv2/authorizer:Authorizer",
        "judge",
        { apiId: "judged0id", authorizerType: "REQUEST", authorizerUri: invokeArn("judge") },
        { id: "judge" },
      ),
      plan("many", "keyed", {}),
      plan("few", "keyed", { quotaSettings: { limit: 1, period: "DAY" } }),
      plan("slow", "keyed", { throttleSettings: { rateLimit: 0.001, burstLimit: 1 } }),
      plan("other", "judged", {}),
      ...[...key("good", "many"), ...key("off", "many", { enabled: false })],
      ...[...key("once", "few"), ...key("seldom", "slow"), ...key("named", "other")],
    ];
    server = await serveGraph(graphOf(temporaryFolder(), lambda("echo", ECHO), lambda("judge", JUDGE), ...resources));
  });
  after(closeServers);

  it("lets in whoever has one of a plan for its stage, and tells its functions which", async () => {
    const client = await connect(urlOf("keyed"), { headers: { "x-api-key": "good" } });
    const { requestContext } = JSON.parse(await client.ask("hello"));
    expect(requestContext.identity).to.include({ apiKey: "good", apiKeyId: "good" });
    client.socket.close();
    expect(server.webSockets.map(({ name, auth }) => [name, auth])).to.deep.equal([
      ["keyed", "key"],
      ["none", "key"],
      ["judged", "authorizer"],
    ]);
  });

  it("refuses all others", async () => {
    const forbidden = '403 {"message":"Forbidden"}';
    expect(await refusal(urlOf("keyed"))).to.equal(forbidden);
    for (const value of ["", "wrong", "off", "named"]) expect(await outcome("keyed", value), value).to.equal(forbidden);
    expect(await outcome("none", "good")).to.equal(forbidden);
    expect(server.lines.join("\n")).to.contain("no usage plan with a key covers the stage Prod");
  });

  it("counts connections, which the plan limits, but not messages", async () => {
    const client = await connect(urlOf("keyed"), { headers: { "x-api-key": "once" } });
    for (const text of ["one", "two"]) expect(JSON.parse(await client.ask(text)).body).to.equal(text);
    client.socket.close();
    expect(await outcome("keyed", "once")).to.equal('429 {"message":"Limit Exceeded"}');
    expect(await outcome("keyed", "seldom")).to.equal("connected");
    expect(await outcome("keyed", "seldom")).to.equal('429 {"message":"Too Many Requests"}');
  });

  it("takes the one that the authorizer names, whatever the header says", async () => {
    expect(await outcome("judged", "", "named")).to.equal("connected");
    expect(await outcome("judged", "named", "wrong")).to.equal('403 {"message":"Forbidden"}');
  });
});

describe("A WebSocket API at a domain", () => {
  let server: Served;
  const port = () => new URL(server.webSockets[0]?.url ?? "").port;
  const at = (host: string, path: string) => refusal(`ws://127.0.0.1:${port()}${path}`, { headers: { host } });

  before(async () => {
    const mapping = (name: string, domainName: string, more: object) =>
      resource("aws:apigatewayv2/apiMapping:ApiMapping", name, { domainName, stage: "Prod", ...more });
    server = await serveGraph(
      graphOf(
        temporaryFolder(),
        lambda("echo", ECHO),
        ...socketApi("open", echoing),
        lambda("sender", SENDER, {
          environment: { variables: { AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: "https://chat.example.com/v2" } },
        }),
        ...socketApi("closed", { ...echoing, send: { calls: "sender" } }, { api: { disableExecuteApiEndpoint: true } }),
        ...socketApi("lost", echoing, { api: { disableExecuteApiEndpoint: true } }),
        mapping("a", "chat.example.com", { apiId: "open0id" }),
        mapping("b", "chat.example.com", { apiId: "closed0id", apiMappingKey: "v2" }),
        mapping("c", "*.example.org", { apiId: "open0id", apiMappingKey: "any" }),
      ),
    );
  });
  after(closeServers);

  const cases: [host: string, path: string, outcome: RegExp][] = [
    ["chat.example.com", "", /^connected$/],
    ["CHAT.example.com:1", "/?a=1", /^connected$/],
    ["chat.example.com", "/v2", /^connected$/],
    ["x.example.org", "/any/", /^connected$/],
    ["chat.example.com", "/Prod", /^403 \{"message":"Forbidden"\}$/],
    ["chat.example.com", "/v2/more", /^403 /],
    ["x.example.org", "/", /^403 /],
    ["other.example.com", "/", /^421 /],
  ];
  for (const [host, path, expected] of cases) {
    it(`answers ${host}${path} with ${expected.source}`, async () => expect(await at(host, path)).to.match(expected));
  }

  it("is nowhere else if its own endpoint is disabled, but for an API that would then be nowhere", async () => {
    const [open, closed, lost] = server.webSockets;
    expect(await refusal(closed?.url ?? "")).to.equal('403 {"message":"Forbidden"}');
    expect(closed?.domainUrl).to.equal(`ws://chat.example.com:${port()}/v2`);
    expect([open?.domainUrl, lost?.domainUrl]).to.deep.equal([undefined, undefined]);
    expect(await refusal(lost?.url ?? "")).to.equal("connected");
  });

  it("passes the domain to its functions, which send to connections there", async () => {
    const client = await connect(`ws://127.0.0.1:${port()}/v2`, { headers: { host: "chat.example.com" } });
    const { requestContext } = JSON.parse(await client.ask("hello"));
    expect(requestContext).to.include({ domainName: "chat.example.com", apiId: "closed0id", stage: "Prod" });
    expect(await client.ask('{"action":"send"}')).to.equal('sent: {"action":"send"}');
    client.socket.close();
  });
});
