import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { expect } from "chai";
import { graphOf, lambda, resource } from "../../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph, until } from "../../../../helpers/offline/served";
import { signed } from "../../../../helpers/offline/signed";
import { type Client, connect, invokeArn, refusal, socketApi } from "../../../../helpers/offline/webSockets";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

/** Answers with its event, and logs it. */
const ECHO = `exports.handler = async (event) => {
  console.log("EVENT " + JSON.stringify(event));
  return { statusCode: 200, body: JSON.stringify(event) };
}`;
const ANSWER = `exports.handler = async ({ queryStringParameters: { answer } = {}, body }) => JSON.parse(answer ?? body)`;
const JUDGE = `exports.handler = async ({ methodArn, queryStringParameters: { token } }) => {
  if (token === "unknown") throw new Error("Unauthorized");
  if (token === "broken") return {};
  const Statement = [{ Effect: token === "good" ? "Allow" : "Deny", Action: "execute-api:Invoke", Resource: methodArn }];
  return { principalId: "user-" + token, policyDocument: { Version: "2012-10-17", Statement }, context: { level: 3 } };
}`;
const SENDER = `
const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require(${JSON.stringify(require.resolve("@aws-sdk/client-apigatewaymanagementapi"))});
exports.handler = async ({ requestContext: { connectionId: ConnectionId }, body }) => {
  await new ApiGatewayManagementApiClient().send(new PostToConnectionCommand({ ConnectionId, Data: "sent: " + body }));
  return { statusCode: 200 };
}`;
const endpoint = "https://chat0id.execute-api.eu-west-1.amazonaws.com/Prod";

const judge = resource(
  "aws:apigatewayv2/authorizer:Authorizer",
  "judge",
  {
    apiId: "judged0id",
    authorizerType: "REQUEST",
    authorizerUri: invokeArn("judge"),
    identitySources: ["route.request.querystring.token"],
  },
  { id: "judge" },
);

const mock = (text: string) => ({ integrationType: "MOCK", requestTemplates: { $default: text } });

describe("A WebSocket API", function () {
  this.timeout(30_000);
  let server: Served;
  let client: Client;
  const url = (name: string) => `${server.webSockets.find((one) => one.name === name)?.url}`;

  before(async () => {
    server = await serveGraph(
      graphOf(
        temporaryFolder(),
        lambda("echo", ECHO),
        lambda("answer", ANSWER),
        lambda("judge", JUDGE),
        lambda("fail", "exports.handler = async () => { throw new Error('no') }"),
        lambda("sender", SENDER, {
          environment: { variables: { AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: endpoint } },
        }),
        ...socketApi(
          "chat",
          {
            $connect: { calls: "echo" },
            $disconnect: { calls: "echo" },
            $default: { calls: "echo", responds: true },
            silent: { calls: "echo" },
            fail: { calls: "fail" },
            answer: { calls: "answer", responds: true },
            send: { calls: "sender" },
            mock: {
              integration: mock('{"statusCode": 201}'),
              responds: true,
              responses: { "/201/": { $default: '{"id":"$context.connectionId"}' }, $default: { $default: "other" } },
            },
          },
          { stage: { stageVariables: { color: "red" } } },
        ),
        ...socketApi("answered", { $connect: { calls: "answer" } }),
        ...socketApi("signed", { $connect: { calls: "echo", route: { authorizationType: "AWS_IAM" } } }),
        ...socketApi("judged", {
          $connect: { calls: "echo", route: { authorizationType: "CUSTOM", authorizerId: "judge" } },
          $default: { calls: "echo", responds: true },
        }),
        judge,
        ...socketApi(
          "limited",
          { $default: { calls: "echo", responds: true } },
          {
            stage: { defaultRouteSettings: { throttlingRateLimit: 0, throttlingBurstLimit: 1 } },
          },
        ),
        ...socketApi("faulty", {
          $default: { integration: { integrationType: "HTTP_PROXY" } },
          lost: { calls: "lost" },
        }),
      ),
    );
  });
  after(closeServers);

  beforeEach(async () => {
    client = await connect(`${url("chat")}?a=1&a=2`, { headers: { "X-Own": "yes" } });
  });
  afterEach(() => client.socket.terminate());

  const context = async () => JSON.parse(await client.ask("hello")).requestContext;
  const management = () =>
    new ApiGatewayManagementApiClient({
      endpoint: `${server.endpoint}/Prod`,
      region: "eu-west-1",
      credentials: server.credentials,
      maxAttempts: 1,
    });
  const eventsOf = (type: string, id: string) =>
    server.lines
      .flatMap((line) => /EVENT (\{.*\})/.exec(line)?.[1] ?? [])
      .map((text) => JSON.parse(text))
      .filter(({ requestContext: { eventType, connectionId } }) => eventType === type && connectionId === id);
  const eventOf = async (type: string, id: string) => {
    await until(() => eventsOf(type, id).length > 0);
    return eventsOf(type, id)[0];
  };

  it("is at its name and its stage, if there are several", () => {
    const [first] = server.webSockets;
    expect(first?.url).to.match(/^ws:\/\/127\.0\.0\.1:\d+\/chat\/Prod$/);
    expect({ ...first, url: undefined }).to.deep.equal({
      name: "chat",
      url: undefined,
      region: "eu-west-1",
      auth: "none",
      routes: ["$connect", "$disconnect", "$default", "silent", "fail", "answer", "send", "mock"],
    });
  });

  describe("passes events", () => {
    it("of a message, with its connection", async () => {
      const event = JSON.parse(await client.ask("hello"));
      const { requestContext, ...rest } = event;
      expect(rest).to.deep.equal({ stageVariables: { color: "red" }, body: "hello", isBase64Encoded: false });
      const { connectionId, connectedAt, requestTimeEpoch, requestTime, ...known } = requestContext;
      expect(connectionId).to.match(/^[\w-]{15}=$/);
      expect(requestTimeEpoch).to.be.at.least(connectedAt);
      expect(requestTime).to.match(/^\d\d\/\w{3}\/\d{4}:/);
      expect(known.messageId).to.match(/=$/);
      expect(known.requestId).to.match(/^[\da-f-]{36}$/);
      expect(Object.keys(known)).to.have.members([
        ...["routeKey", "messageId", "eventType", "extendedRequestId", "messageDirection", "stage", "identity"],
        ...["requestId", "domainName", "apiId"],
      ]);
      expect(known).to.deep.include({
        routeKey: "$default",
        eventType: "MESSAGE",
        messageDirection: "IN",
        stage: "Prod",
        apiId: "chat0id",
        identity: { sourceIp: "127.0.0.1" },
      });
    });

    it("of a new connection, with the headers and the query of its request", async () => {
      const { connectionId } = await context();
      const event = await eventOf("CONNECT", connectionId);
      expect(event).not.to.have.any.keys("body", "httpMethod", "path");
      expect(event.headers).to.include({ "X-Own": "yes", "Sec-WebSocket-Version": "13" });
      expect(event.headers).not.to.have.any.keys("Upgrade", "Connection");
      expect(event.queryStringParameters).to.deep.equal({ a: "2" });
      expect(event.multiValueQueryStringParameters).to.deep.equal({ a: ["1", "2"] });
      expect(event.requestContext).to.include({ routeKey: "$connect", eventType: "CONNECT" });
      expect(event.requestContext).not.to.have.any.keys("messageId", "disconnectStatusCode");
    });

    const ends: [what: string, leave: () => void, code: number, reason: string][] = [
      ["with a code and a reason", () => client.socket.close(4001, "bye"), 4001, "bye"],
      ["without a code", () => client.socket.close(), 1005, "Client-side close frame status not set"],
      ["without a word", () => client.socket.terminate(), 1006, "Connection Closed Abnormally"],
    ];
    for (const [what, leave, code, reason] of ends) {
      it(`of a client that leaves ${what}`, async () => {
        const { connectionId } = await context();
        leave();
        const { requestContext, headers } = await eventOf("DISCONNECT", connectionId);
        expect(requestContext).to.include({
          routeKey: "$disconnect",
          disconnectStatusCode: code,
          disconnectReason: reason,
        });
        expect(headers).to.include({ "x-api-key": "", "X-Forwarded-For": "" });
      });
    }
  });

  describe("sends", () => {
    it("the body that a function returns, on routes that respond", async () => {
      const answers = [
        { statusCode: 200, body: "one" },
        { statusCode: 500, body: "two" },
      ];
      for (const answer of answers) {
        expect(await client.ask(JSON.stringify({ action: "answer", ...answer }))).to.equal(answer.body);
      }
      client.socket.send(JSON.stringify({ action: "silent" }));
      expect(JSON.parse(await client.ask("next")).body).to.equal("next");
    });

    it("an error for what fails, and for what no route takes", async () => {
      const failed = JSON.parse(await client.ask('{"action":"fail"}'));
      const { connectionId } = await context();
      expect(failed).to.deep.equal({ message: "Internal server error", connectionId, requestId: failed.requestId });
      expect(JSON.parse(await client.ask('{"action":"answer"}')).message).to.equal("Internal server error");
      const other = await connect(`${url("answered")}?answer={"statusCode":200}`);
      const { message, ...ids } = JSON.parse(await other.ask("hello"));
      expect(message).to.equal("Forbidden");
      expect(ids).to.have.all.keys("connectionId", "requestId");
      other.socket.close();
    });

    it("what a mock integration's templates say", async () => {
      const { connectionId } = await context();
      expect(JSON.parse(await client.ask('{"action":"mock"}'))).to.deep.equal({ id: connectionId });
    });

    it("429 beyond the stage's limits", async () => {
      const limited = await connect(url("limited"));
      expect(JSON.parse(await limited.ask("one")).body).to.equal("one");
      expect(JSON.parse(await limited.ask("two")).message).to.equal("Too Many Requests");
      limited.socket.close();
    });
  });

  it("lets no message choose the routes of a connection's beginning and end", async () => {
    expect(JSON.parse(await client.ask('{"action":"$disconnect"}')).requestContext.routeKey).to.equal("$default");
  });

  describe("refuses a handshake", () => {
    it("with the status that the function of $connect returns, and 502 if it returns none or fails", async () => {
      const answered = (answer: object) => refusal(`${url("answered")}?answer=${JSON.stringify(answer)}`);
      expect(await answered({ statusCode: 200 })).to.equal("connected");
      expect(await answered({ statusCode: 418, body: "no" })).to.equal("418 no");
      expect(await answered({})).to.match(/^502 .*Internal server error/);
      expect(await refusal(url("answered"))).to.match(/^502 /);
    });

    it("without a signature, with one for another region, and a forged one; not with a valid one", async () => {
      const target = url("signed").replace("ws:", "http:");
      const { pathname: path } = new URL(target);
      const signer = { endpoint: target, credentials: server.credentials };
      const headersOf = async (more: object) => {
        const request = { service: "execute-api", method: "GET", path, ...more };
        const { headers } = await signed(signer, request);
        return headers as Record<string, string>;
      };
      expect(await refusal(url("signed"))).to.match(/^403 .*Missing Authentication Token/);
      expect(await refusal(url("signed"), { headers: await headersOf({ region: "us-east-1" }) })).to.match(/^403 /);
      const { accessKeyId } = server.credentials;
      const forged = { credentials: { accessKeyId, secretAccessKey: "other" } };
      expect(await refusal(url("signed"), { headers: await headersOf(forged) })).to.match(/^403 /);
      expect(await refusal(url("signed"), { headers: await headersOf({}) })).to.equal("connected");
      const presigned = await signed(signer, { service: "execute-api", method: "GET", path, expiresIn: 60 });
      expect(await refusal(new URL(presigned.path ?? "", url("signed")).href)).to.equal("connected");
    });

    it("that an authorizer does not allow, and passes on what it says of those it allows", async () => {
      expect(await refusal(url("judged"))).to.match(/^401 .*Unauthorized/);
      expect(await refusal(`${url("judged")}?token=unknown`)).to.match(/^401 /);
      expect(await refusal(`${url("judged")}?token=bad`)).to.match(/^403 /);
      expect(await refusal(`${url("judged")}?token=broken`)).to.match(/^500 /);
      const judged = await connect(`${url("judged")}?token=good`);
      const { requestContext } = JSON.parse(await judged.ask("hello"));
      expect(requestContext.authorizer).to.deep.equal({ principalId: "user-good", level: "3" });
      judged.socket.close();
    });

    it("from a page of another origin, to another path, and for a foreign host", async () => {
      expect(await refusal(url("chat"), { origin: "https://evil.example" })).to.match(/^403 .*may not connect/);
      expect(await refusal(url("chat"), { origin: "http://localhost:5173" })).to.equal("connected");
      expect(await refusal(`${url("chat")}/more`)).to.equal('403 {"message":"Forbidden"}');
      expect(await refusal(url("chat"), { headers: { host: "evil.example" } })).to.match(/^421 /);
    });
  });

  it("chooses the subprotocol that the function of $connect returns", async () => {
    const headers = { "Sec-WebSocket-Protocol": "v2" };
    const answer = JSON.stringify({ statusCode: 200, headers });
    const { socket } = await connect(`${url("answered")}?answer=${answer}`, { protocols: ["v1", "v2"] });
    expect(socket.protocol).to.equal("v2");
    socket.close();
  });

  describe("closes a connection", () => {
    const large: [what: string, send: () => void, code: number][] = [
      ["at a binary message", () => client.socket.send(Buffer.from([1])), 1003],
      ["at a frame of more than 32 KB", () => client.socket.send("x".repeat(32 * 1024 + 1)), 1009],
      ["at a message of more than 128 KB", () => fragments(5, 32 * 1024), 1009],
    ];
    function fragments(count: number, size: number): void {
      for (let one = 1; one <= count; one++) client.socket.send("x".repeat(size), { fin: one === count });
    }
    for (const [what, send, code] of large) {
      it(what, async () => {
        send();
        expect((await client.closed).code).to.equal(code);
      });
    }

    it("not at a message of 128 KB in frames of 32 KB", async () => {
      const answer = client.next();
      fragments(4, 32 * 1024);
      expect(JSON.parse(await answer).body).to.have.lengthOf(128 * 1024);
    });
  });

  describe("lets the AWS SDK", () => {
    it("send to a connection from a function that has the address on AWS", async () => {
      expect(await client.ask('{"action":"send","text":"hi"}')).to.equal('sent: {"action":"send","text":"hi"}');
    });

    it("send, look up and close", async () => {
      const { connectionId: ConnectionId, connectedAt } = await context();
      await management().send(new PostToConnectionCommand({ ConnectionId, Data: Buffer.from("hé") }));
      expect(await client.next()).to.equal("hé");
      const found = await management().send(new GetConnectionCommand({ ConnectionId }));
      expect(found.ConnectedAt?.getTime()).to.equal(connectedAt);
      expect(found.LastActiveAt).to.be.at.least(found.ConnectedAt as Date);
      expect(found.Identity).to.deep.equal({ SourceIp: "127.0.0.1", UserAgent: "" });
      await management().send(new DeleteConnectionCommand({ ConnectionId }));
      expect((await client.closed).code).to.equal(1000);
    });

    it("know that a connection is gone, and that a message is too large", async () => {
      const { connectionId: ConnectionId } = await context();
      const send = (data: string, id = ConnectionId) =>
        management()
          .send(new PostToConnectionCommand({ ConnectionId: id, Data: data }))
          .catch((error) => [error.name, error.$metadata.httpStatusCode]);
      expect(await send("x", "AAAAAAAAAAAAAAA=")).to.deep.equal(["GoneException", 410]);
      expect(await send("x".repeat(128 * 1024 + 1))).to.deep.equal(["PayloadTooLargeException", 413]);
    });
  });

  it("says which of its routes fail", () => {
    expect(server.problems).to.have.members([
      "route $default of the WebSocket API faulty/Prod fails: its integration HTTP_PROXY is not emulated, only AWS_PROXY and MOCK are",
      `route lost of the WebSocket API faulty/Prod fails: the program has no function ${invokeArn("lost")}`,
    ]);
  });
});
