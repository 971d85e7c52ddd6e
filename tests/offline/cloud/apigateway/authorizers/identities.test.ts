import { expect } from "chai";
import { DOCUMENTATION, testFact } from "../../../../helpers/facts";
import { ECHO, send } from "../../../../helpers/offline/api";
import { functionUrl } from "../../../../helpers/offline/functionUrls";
import { graphOf, lambda, proxy, resource, restApi } from "../../../../helpers/offline/graph";
import { httpApi, httpRoute, httpStage, toFunction } from "../../../../helpers/offline/httpApi";
import { allowInvoke, denyInvoke, keyOf, policy, role, roleArn, user, userArn } from "../../../../helpers/offline/iam";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import { signed } from "../../../../helpers/offline/signed";
import { connect, refusal, socketApi } from "../../../../helpers/offline/webSockets";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const SIGNED = {
  paths: { "/{path+}": { "x-amazon-apigateway-any-method": { ...proxy("echo"), security: [{ sigv4: [] }] } } },
  components: { securitySchemes: { sigv4: { type: "apiKey", "x-amazon-apigateway-authtype": "awsSigv4" } } },
};

const REST = "arn:aws:execute-api:eu-west-1:123456789012:rest0id/Prod";
const READS = allowInvoke(`${REST}/GET/*`);
const ALL = allowInvoke();

/** Signs a call with the credentials of its environment, and answers with what came of it. */
const CALLER = `
const { SignatureV4 } = require(${JSON.stringify(require.resolve("@smithy/signature-v4"))});
const { Sha256 } = require(${JSON.stringify(require.resolve("@aws-crypto/sha256-js"))});
exports.handler = async ({ url, path }) => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const signer = new SignatureV4({ service: "execute-api", region: "eu-west-1", credentials, sha256: Sha256 });
  const { hostname, port, host, origin, pathname } = new URL(url + path);
  const { headers } = await signer.sign({ method: "GET", protocol: "http:", hostname, port, path: pathname, headers: { host } });
  const { host: _, ...sent } = headers;
  const response = await fetch(origin + pathname, { headers: sent });
  return { status: response.status, body: await response.text() };
};`;

const DOCUMENTED = { service: "API Gateway", source: DOCUMENTATION };
const byAnn = { AWS: userArn("ann") };
const ofLambda = { Service: "lambda.amazonaws.com" };
const url = functionUrl({ functionName: "echo", authorizationType: "AWS_IAM" });

const graph = () =>
  graphOf(
    temporaryFolder(),
    lambda("echo", ECHO),
    ...restApi("rest", SIGNED),
    httpApi("http"),
    httpStage("$default"),
    ...httpRoute("GET /items", toFunction("echo"), { authorizationType: "AWS_IAM" }),
    ...socketApi("socket", {
      $connect: { calls: "echo", route: { authorizationType: "AWS_IAM" } },
      $default: { calls: "echo", responds: true },
    }),
    url,
    // Who may do what.
    ...user("ann", [READS, { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }], { tags: { team: "red" } }),
    ...user("bob"),
    ...user("careful", [ALL, denyInvoke(`${REST}/DELETE/*`)]),
    ...user("tagged", [allowInvoke(`${REST}/GET/\${aws:PrincipalTag/team}/*`)], { tags: { team: "red" } }),
    ...user("member"),
    resource("aws:iam/group:Group", "readers", {}, { name: "readers" }),
    resource("aws:iam/groupPolicy:GroupPolicy", "readers", { group: "readers", policy: policy(READS) }),
    resource("aws:iam/userGroupMembership:UserGroupMembership", "member", { user: "member", groups: ["readers"] }),
    ...user("everywhere", [
      { Effect: "Allow", Action: ["execute-api:Invoke", "lambda:InvokeFunctionUrl"], Resource: "*" },
    ]),
    ...user("permitted"),
    resource("aws:lambda/permission:Permission", "permitted", {
      function: "echo",
      action: "lambda:InvokeFunctionUrl",
      principal: userArn("permitted"),
      functionUrlAuthType: "AWS_IAM",
    }),
    ...user("bounded", [ALL], { permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" }),
    resource(
      "aws:iam/policy:Policy",
      "boundary",
      { policy: policy(READS) },
      { arn: "arn:aws:iam::123456789012:policy/boundary" },
    ),
    ...user("foreign"),
    resource("aws:iam/userPolicyAttachment:UserPolicyAttachment", "foreign", {
      user: "foreign",
      policyArn: "arn:aws:iam::123456789012:policy/elsewhere",
    }),
    ...role("reader", byAnn, [READS]),
    ...role("account", { AWS: "arn:aws:iam::123456789012:root" }, [ALL]),
    ...role("sender", byAnn, [{ Effect: "Allow", Action: "execute-api:ManageConnections", Resource: "*/POST/*" }]),
    ...role("invoker", ofLambda, [READS]),
    ...role("logger", ofLambda, [], {
      managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
    }),
    lambda("invoking", CALLER, { role: roleArn("invoker"), timeout: 30 }),
    lambda("logging", CALLER, { role: roleArn("logger"), timeout: 30 }),
    lambda("foreign", CALLER, { role: roleArn("elsewhere"), timeout: 30 }),
  );

describe("The identities of a program", function () {
  this.timeout(30_000);
  let server: Served;
  before(async () => {
    server = await serveGraph(graph());
  });
  after(closeServers);

  type Keys = ReturnType<typeof keyOf> & { sessionToken?: string };
  const rest = () => server.apis.find(({ name }) => name === "rest")?.url ?? "";

  async function call(
    credentials: Keys,
    path = "/items/1",
    method = "GET",
    endpoint = rest(),
    service = "execute-api",
  ) {
    const whole = `${new URL(endpoint).pathname.replace(/\/$/, "")}${path}`;
    return send(endpoint, await signed({ endpoint, credentials }, { service, method, path: whole }));
  }

  async function sts(credentials: Keys, parameters: Record<string, string>) {
    const body = String(new URLSearchParams({ Version: "2011-06-15", ...parameters }));
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const request = await signed({ endpoint: server.endpoint, credentials }, { service: "sts", body, headers });
    const answer = await send(server.endpoint, request);
    const fieldOf = (name: string) => new RegExp(`<${name}>([^<]*)`).exec(answer.body)?.[1] ?? "";
    return { status: answer.status, fieldOf };
  }

  async function assume(credentials: Keys, name: string, more: Record<string, string> = {}) {
    const parameters = { Action: "AssumeRole", RoleArn: roleArn(name), RoleSessionName: "try", ...more };
    const { status, fieldOf } = await sts(credentials, parameters);
    const session: Keys = {
      accessKeyId: fieldOf("AccessKeyId"),
      secretAccessKey: fieldOf("SecretAccessKey"),
      sessionToken: fieldOf("SessionToken"),
    };
    return { status, fieldOf, session };
  }

  async function invoke(name: string) {
    const body = JSON.stringify({ url: rest(), path: "/items/1" });
    const path = `/2015-03-31/functions/${name}/invocations`;
    const answer = await send(server.endpoint, await signed(server, { service: "lambda", path, body }));
    const { status, body: text } = JSON.parse(answer.body);
    return { status, body: JSON.parse(text) };
  }

  describe("that are users", () => {
    testFact(DOCUMENTED, "may call what their policies allow, and the function is told who they are", async () => {
      const { status, body } = await call(keyOf("ann"));
      expect(status).to.equal(200);
      const { accessKeyId } = keyOf("ann");
      expect(JSON.parse(body).requestContext.identity).to.include({
        accessKey: accessKeyId,
        user: "AIDAann",
        caller: "AIDAann",
        userArn: userArn("ann"),
      });
    });

    testFact(DOCUMENTED, "may call nothing else", async () => {
      const { status, headers, body } = await call(keyOf("ann"), "/items/1", "POST");
      const hidden = REST.replace("12345678", "********");
      const message = `User: ${userArn("ann")} is not authorized to perform: execute-api:Invoke on resource: ${hidden}/POST/items/1`;
      expect([status, headers["x-amzn-errortype"]]).to.deep.equal([403, "AccessDeniedException"]);
      expect(JSON.parse(body)).to.deep.equal({ Message: message });
      expect((await call(keyOf("bob"))).status).to.equal(403);
    });

    testFact(DOCUMENTED, "may not call what one of their policies denies", async () => {
      expect((await call(keyOf("careful"))).status).to.equal(200);
      const { status, body } = await call(keyOf("careful"), "/items/1", "DELETE");
      expect(status).to.equal(403);
      expect(JSON.parse(body).Message).to.match(/DELETE\/items\/1 with an explicit deny$/);
    });

    testFact(DOCUMENTED, "have the policies of their groups", async () => {
      const statuses = [await call(keyOf("member")), await call(keyOf("member"), "/a", "PUT")].map((one) => one.status);
      expect(statuses).to.deep.equal([200, 403]);
    });

    testFact(DOCUMENTED, "may do no more than their permissions boundary allows", async () => {
      const statuses = [await call(keyOf("bounded")), await call(keyOf("bounded"), "/a", "PUT")];
      expect(statuses.map(({ status }) => status)).to.deep.equal([200, 403]);
    });

    testFact(DOCUMENTED, "are known by their tags", async () => {
      const statuses = [await call(keyOf("tagged"), "/red/1"), await call(keyOf("tagged"), "/blue/1")];
      expect(statuses.map(({ status }) => status)).to.deep.equal([200, 403]);
    });

    it("may call everything if a policy is not in the program, which the log says once", async () => {
      const statuses = [await call(keyOf("foreign")), await call(keyOf("foreign"), "/a", "PUT")];
      expect(statuses.map(({ status }) => status)).to.deep.equal([200, 200]);
      const policyArn = "arn:aws:iam::123456789012:policy/elsewhere";
      const line = `${userArn("foreign")} may call what nothing denies it, as nobody here knows what ${policyArn} allows`;
      expect(server.lines.filter((one) => one === line)).to.have.length(1);
    });

    it("are refused with another secret", async () => {
      const { status, headers } = await call({ ...keyOf("ann"), secretAccessKey: "wrong" });
      expect([status, headers["x-amzn-errortype"]]).to.deep.equal([403, "InvalidSignatureException"]);
    });

    it("may not call AWS services but STS, as whoever has read the program knows their secrets", async () => {
      const { fieldOf } = await sts(keyOf("ann"), { Action: "GetCallerIdentity" });
      expect([fieldOf("Arn"), fieldOf("UserId")]).to.deep.equal([userArn("ann"), "AIDAann"]);
      const path = "/2015-03-31/functions/echo/invocations";
      const request = await signed(server, { service: "lambda", path, body: "{}", credentials: keyOf("ann") });
      expect((await send(server.endpoint, request)).status).to.equal(403);
    });
  });

  describe("that are roles", () => {
    testFact(DOCUMENTED, "may be taken on by whom they trust", async () => {
      const { status, fieldOf, session } = await assume(keyOf("ann"), "reader");
      const arn = "arn:aws:sts::123456789012:assumed-role/reader/try";
      expect([status, fieldOf("Arn"), fieldOf("AssumedRoleId")]).to.deep.equal([200, arn, "AROAreader:try"]);
      const { body } = await call(session);
      expect(JSON.parse(body).requestContext.identity).to.include({ userArn: arn, user: "AROAreader:try" });
      expect((await call(session, "/a", "PUT")).status).to.equal(403);
    });

    testFact(DOCUMENTED, "may not be taken on by anybody else", async () => {
      const { status, fieldOf } = await assume(keyOf("bob"), "reader");
      expect([status, fieldOf("Code")]).to.deep.equal([403, "AccessDenied"]);
      const message = `User: ${userArn("bob")} is not authorized to perform: sts:AssumeRole on resource: ${roleArn("reader")}`;
      expect(fieldOf("Message")).to.equal(message);
    });

    testFact(DOCUMENTED, "may trust the account, which leaves it to its users' policies", async () => {
      const statuses = [await assume(keyOf("ann"), "account"), await assume(keyOf("bob"), "account")];
      expect(statuses.map(({ status }) => status)).to.deep.equal([200, 403]);
    });

    testFact(DOCUMENTED, "may be taken on with less than they allow", async () => {
      const { session } = await assume(keyOf("ann"), "account", { Policy: policy(READS) });
      expect([(await call(session)).status, (await call(session, "/a", "PUT")).status]).to.deep.equal([200, 403]);
    });

    testFact(DOCUMENTED, "need the session's token", async () => {
      const { session } = await assume(keyOf("ann"), "reader");
      expect((await call({ ...session, sessionToken: "other" })).status).to.equal(403);
    });

    testFact(DOCUMENTED, "last as long as the role allows, at most", async () => {
      const { status, fieldOf } = await assume(keyOf("ann"), "reader", { DurationSeconds: "7200" });
      expect([status, fieldOf("Code")]).to.deep.equal([400, "ValidationError"]);
    });

    it("may be tried out by the developer, whomever they trust", async () => {
      const { session } = await assume(server.credentials, "invoker");
      expect([(await call(session)).status, (await call(session, "/a", "PUT")).status]).to.deep.equal([200, 403]);
      expect((await assume(server.credentials, "unknown")).status).to.equal(403);
    });
  });

  describe("that are functions", () => {
    testFact(DOCUMENTED, "call in their role", async () => {
      const { status, body } = await invoke("invoking");
      expect(status).to.equal(200);
      const { identity } = body.requestContext;
      expect(identity.userArn).to.equal("arn:aws:sts::123456789012:assumed-role/invoker/invoking");
    });

    testFact(DOCUMENTED, "may not call what their role does not allow", async () => {
      const { status, body } = await invoke("logging");
      expect(status).to.equal(403);
      expect(body.Message).to.contain("User: arn:aws:sts::123456789012:assumed-role/logger/logging is not authorized");
    });

    it("call as the developer if the program does not have their role", async () => {
      const { status, body } = await invoke("foreign");
      expect([status, body.requestContext.identity.userArn]).to.deep.equal([200, userArn("offline")]);
    });
  });

  it("are also asked of HTTP APIs, which say less", async () => {
    const endpoint = server.apis.find(({ name }) => name === "http")?.url ?? "";
    const { status, body } = await call(keyOf("everywhere"), "/items", "GET", endpoint);
    expect(status).to.equal(200);
    expect(JSON.parse(body).requestContext.authorizer.iam).to.include({ userId: "AIDAeverywhere" });
    const refused = await call(keyOf("ann"), "/items", "GET", endpoint);
    expect([refused.status, refused.body]).to.deep.equal([403, '{"message":"Forbidden"}']);
    expect(server.lines.join("\n")).to.contain(
      `${userArn("ann")} has no policy that allows execute-api:Invoke on arn:aws:execute-api:eu-west-1:123456789012:http0id/$default/GET/items`,
    );
  });

  it("are also asked of function URLs, with the permissions of the function", async () => {
    const endpoint = server.functionUrls[0]?.url ?? "";
    const statuses = await Promise.all(
      ["everywhere", "permitted", "ann"].map(
        async (name) => (await call(keyOf(name), "/", "GET", endpoint, "lambda")).status,
      ),
    );
    expect(statuses).to.deep.equal([200, 200, 403]);
  });

  it("are also asked of the $connect of WebSocket APIs", async () => {
    const endpoint = server.webSockets[0]?.url.replace(/^ws/, "http") ?? "";
    const outcomeOf = async (name: string) => {
      const { pathname: path } = new URL(endpoint);
      const request = { service: "execute-api", method: "GET", path };
      const { headers } = await signed({ endpoint, credentials: keyOf(name) }, request);
      return refusal(endpoint.replace(/^http/, "ws"), { headers: headers as Record<string, string> });
    };
    expect(await outcomeOf("everywhere")).to.equal("connected");
    expect(await outcomeOf("ann")).to.match(
      /^403 .*User: \S+:user\/ann is not authorized .*:socket0id\/Prod\/\$connect/,
    );
  });

  it("are also asked of calls to the connections of WebSocket APIs", async () => {
    const endpoint = server.webSockets[0]?.url.replace(/^ws/, "http") ?? "";
    const request = { service: "execute-api", method: "GET", path: new URL(endpoint).pathname };
    const { headers } = await signed({ endpoint, credentials: server.credentials }, request);
    const client = await connect(`${server.webSockets[0]?.url}`, { headers: headers as Record<string, string> });
    const { connectionId } = JSON.parse(await client.ask("hello")).requestContext;
    const manage = async (name: string, method: string) => {
      const { session } = await assume(keyOf("ann"), name);
      const path = `/@connections/${encodeURIComponent(connectionId)}`;
      const body = method === "POST" ? "hello" : undefined;
      const asked = { service: "execute-api", method, path, credentials: session, body };
      return send(server.endpoint, await signed(server, asked));
    };
    expect((await manage("sender", "POST")).status).to.equal(200);
    expect((await manage("sender", "DELETE")).status).to.equal(403);
    const { status, headers: answered, body } = await manage("reader", "POST");
    expect([status, answered["x-amzn-errortype"]]).to.deep.equal([403, "AccessDeniedException"]);
    expect(body).to.match(
      /assumed-role\/reader\/try is not authorized to perform: execute-api:ManageConnections on resource: /,
    );
    client.socket.close();
  });

  describe("that change", () => {
    it("are known by what the latest graph says", async () => {
      const resources = graph().resources.filter(({ type, name }) => !(type.includes("accessKey") && name === "bob"));
      const more = { ...graph(), resources: [...resources, ...user("late", [READS])] };
      await server.reconcile(more);
      expect([
        (await call(keyOf("late"))).status,
        (await call(keyOf("bob"))).headers["x-amzn-errortype"],
      ]).to.deep.equal([200, "InvalidSignatureException"]);
    });
  });
});
