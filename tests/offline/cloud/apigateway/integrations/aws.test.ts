import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { DOCUMENTATION, recordedByLocalstack, testFact, testFacts } from "../../../../helpers/facts";
import { send } from "../../../../helpers/offline/api";
import { graphOf, lambda, resource, restApi, table } from "../../../../helpers/offline/graph";
import { RENAMED } from "../../../../helpers/offline/remapped";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const RECORDED = { service: "API Gateway", source: recordedByLocalstack("2023-05 to 2025-05") };

const DOCUMENTED = { service: "API Gateway", source: DOCUMENTATION };

/** Stands in for a service elsewhere: it answers what it was called for. */
const elsewhere = http.createServer(({ headers }, response) => {
  response.setHeader("Content-Type", "application/x-amz-json-1.1");
  response.end(JSON.stringify({ called: headers["x-amz-target"], extra: headers["x-extra"] }));
});

const QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs";
const FORM = { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" };
const ROLE = "arn:aws:iam::123456789012:role/gateway";

const responses = (template?: string, more: object = {}) => ({
  default: { statusCode: "200", ...(template && { responseTemplates: { "application/json": template } }) },
  ...more,
});

function toService(service: string, template: string | undefined, settings: object = {}) {
  return {
    "x-amazon-apigateway-integration": {
      type: "aws",
      httpMethod: "POST",
      uri: `arn:aws:apigateway:eu-west-1:${service}`,
      credentials: ROLE,
      requestTemplates: template === undefined ? {} : { "application/json": template },
      responses: responses(),
      ...settings,
    },
  };
}

const toFunction = (template: string | undefined, settings: object = {}) =>
  toService(
    "lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:echo/invocations",
    template,
    settings,
  );

const toQueue = (template: string, settings: object = {}) =>
  toService("sqs:path/123456789012/jobs", template, {
    requestParameters: FORM,
    passthroughBehavior: "NEVER",
    ...settings,
  });

const withAttribute = (name: string) =>
  `Action=SendMessage&MessageBody=$input.body&${name}.1.Name=user-agent&${name}.1.Value.DataType=String&${name}.1.Value.StringValue=$input.params('HeaderFoo')`;

/** The names and values of a map of `$context`, inside a text inside JSON. */
const listOf = (map: string) =>
  `{#foreach($key in ${map}.keySet())\\"$key\\": \\"${map}.get($key)\\"#if($foreach.hasNext),#end#end}`;

const RECORDS = `{
  "StreamName": "clicks",
  "Records": [
    #set($last = $input.path('$.records').size() - 1)
    #foreach($index in [0..$last])
      #set($one = $input.path("$.records[\${index}]"))
      #set($data = $util.base64Encode($one.data))
      {"Data": "$data", "PartitionKey": #if($absent.part.here != '')"$one.key"#else"$data.length()"#end}#if($foreach.hasNext),#end
    #end
  ]
}`;

const EVENTS = `
  #set($context.requestOverride.header.X-Amz-Target = "AWSEvents.PutEvents")
  #set($context.requestOverride.header.Content-Type = "application/x-amz-json-1.1")
  #set($inputRoot = $input.path('$'))
  {"Entries": [#foreach($one in $inputRoot.items)
    {"Detail": "$util.escapeJavaScript($one.Detail).replaceAll("\\\\'","'")", "DetailType": "$one.DetailType", "Source": "$one.Source"}#if($foreach.hasNext),#end
  #end]}`;

const CODE = `exports.handler = async (event) => {
  if (event.fail) throw new Error("Error: " + event.fail);
  return event.text ?? event;
}`;

const PATHS: Record<string, object> = {
  "/put": toService("dynamodb:action/PutItem", `{"TableName": "items", "Item": {"id": {"S": "$input.params('id')"}}}`),
  "/query": toService(
    "dynamodb:action/Query",
    `{"TableName": "items", "KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "$input.params('id')"}}}`,
  ),
  "/scan": toService("dynamodb:action/Scan", '{"TableName": "items"}'),
  "/form": toQueue("Action=SendMessage&MessageBody=$input.body", {
    responses: responses('{"message": "great success!"}'),
  }),
  "/ids": toQueue("Action=SendMessage&MessageBody=$input.body", {
    responses: responses(
      `#set($answer = $input.path('$.SendMessageResponse'))
      {"requestId": "$input.path('$.SendMessageResponse.ResponseMetadata.RequestId')", "messageId": "$answer.SendMessageResult.MessageId"}`,
    ),
  }),
  "/attribute": toQueue(withAttribute("MessageAttribute")),
  "/attributes": toQueue(withAttribute("MessageAttributes")),
  "/json": toQueue(
    `{"QueueUrl": "${QUEUE}", "MessageBody": "{\\"context\\": ${listOf("$context")}, \\"identity\\": ${listOf("$context.identity")}, \\"requestOverride\\": ${listOf("$context.requestOverride")}, \\"responseOverride\\": ${listOf("$context.responseOverride")}, \\"authorizer\\": ${listOf("$context.authorizer")}}"}`,
    {
      requestParameters: {
        "integration.request.header.Content-Type": "'application/x-amz-json-1.0'",
        "integration.request.header.X-Amz-Target": "'AmazonSQS.SendMessage'",
      },
      responses: responses('{"message": "great success!"}', {
        400: { statusCode: "400", responseTemplates: { "application/json": '{"message": "failure"}' } },
      }),
    },
  ),
  "/record": toService(
    "kinesis:action/PutRecord",
    '{"StreamName": "clicks", "Data": "$util.base64Encode($input.body)", "PartitionKey": "test"}',
  ),
  "/records": toService("kinesis:action/PutRecords", RECORDS),
  "/events": toService("events:action/PutEvents", EVENTS, {
    passthroughBehavior: "WHEN_NO_TEMPLATES",
    responses: responses("#set($inputRoot = $input.json('$'))\n$inputRoot"),
  }),
  "/function": toFunction(undefined),
  "/mapped": toFunction(`{"param1": "$input.params('param1')"}`),
  "/selected": toFunction(`{"fail": "$input.params('fail')", "text": "Pass"}`, {
    responses: responses(undefined, {
      ".*four hundred.*": { statusCode: "400" },
      ".*five hundred.*": { statusCode: "500" },
    }),
  }),
  "/objects/{key}": toService("s3:path/files/{name}", undefined, {
    httpMethod: "ANY",
    requestParameters: {
      "integration.request.path.name": "method.request.path.key",
      "integration.request.header.Content-Type": "method.request.header.Content-Type",
    },
    responses: responses(undefined, {
      404: {
        statusCode: "404",
        responseParameters: { "method.response.header.Content-Type": "integration.response.header.Content-Type" },
      },
    }),
  }),
  "/topic": toService("sns:action/Publish", undefined, {
    requestParameters: {
      "integration.request.querystring.TopicArn": "'arn:aws:sns:eu-west-1:123456789012:news'",
      "integration.request.querystring.Message": "method.request.querystring.text",
    },
    responses: responses("$input.path('$.PublishResponse.PublishResult.MessageId')", {
      "4\\d{2}": { statusCode: "400", responseTemplates: { "application/json": "$input.path('$.Error.Code')" } },
    }),
  }),
  "/jobs": toService("batch:path/v1/describejobs", '{"jobs": ["$input.params(\'id\')"]}'),
  "/elsewhere": toService("firehose:action/PutRecord", '{"DeliveryStreamName": "stream"}', {
    requestParameters: { "integration.request.header.x-extra": "'1'" },
  }),
  "/stepFunctions": toService("states:action/StartExecution", undefined),
  "/proxyOfTable": toService("dynamodb:action/Query", undefined, { type: "aws_proxy" }),
  "/text": toService("", undefined, { uri: "not-an-arn" }),
  "/role": toService("", undefined, { uri: "arn:aws:iam::0000000000:role/service-role/asdf" }),
};

/** Headers that no integration of a service may map: AWS takes the mapping, and fails each request. */
const RESERVED = [
  "Content-Length",
  "Transfer-Encoding",
  "Authorization",
  "Connection",
  "Expect",
  "Proxy-Authenticate",
  "TE",
];
for (const header of RESERVED) {
  const requestParameters = { [`integration.request.header.${header}`]: "'text'" };
  PATHS[`/reserved/aws/${header}`] = toFunction(undefined, { requestParameters });
  PATHS[`/reserved/aws_proxy/${header}`] = toFunction(undefined, { requestParameters, type: "aws_proxy" });
}

/** Headers of responses that stay as they are mapped. */
const RETURNED = [
  "Accept",
  "Age",
  "Content-Encoding",
  "Content-Type",
  "Pragma",
  "Range",
  "Referer",
  "TE",
  "Via",
  "Warn",
];
const mapped = [...RETURNED, ...RENAMED, "Transfer-Encoding"].map((name) => [
  `method.response.header.${name}`,
  `'mapped-${name}'`,
]);
PATHS["/returned"] = toFunction(undefined, {
  responses: { default: { statusCode: "200", responseParameters: Object.fromEntries(mapped) } },
});

describe("An integration with an AWS service", () => {
  let server: Served;
  let config: { endpoint: string; credentials: Served["credentials"]; region: string };
  let messages: () => Promise<Message[]>;

  before(async () => {
    const paths = Object.fromEntries(
      Object.entries(PATHS).map(([path, operation]) => [path, { "x-amazon-apigateway-any-method": operation }]),
    );
    await once(elsewhere.listen(0, "127.0.0.1"), "listening");
    const firehose = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    const arn = "arn:aws:sqs:eu-west-1:123456789012:jobs";
    server = await serveGraph(
      graphOf(
        temporaryFolder(),
        lambda("echo", CODE),
        table("items"),
        resource("aws:sqs/queue:Queue", "jobs", {}, { name: "jobs", url: QUEUE, arn }),
        resource(
          "aws:kinesis/stream:Stream",
          "clicks",
          { shardCount: 1 },
          { name: "clicks", arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks" },
        ),
        resource("aws:s3/bucket:Bucket", "files", { bucket: "files" }, { id: "files", bucket: "files" }),
        resource("aws:sns/topic:Topic", "news", {}, { name: "news", arn: "arn:aws:sns:eu-west-1:123456789012:news" }),
        ...restApi("api", { paths }),
      ),
      { endpoints: { firehose } },
    );
    config = { endpoint: server.endpoint, credentials: server.credentials, region: "eu-west-1" };
    const queues = new SQSClient(config);
    messages = async () => {
      const all = { MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
      return (await queues.send(new ReceiveMessageCommand({ QueueUrl: QUEUE, ...all }))).Messages ?? [];
    };
    for (const id of ["test", "test2", "test 3"]) await post(`/put?id=${encodeURIComponent(id)}`);
  });
  after(async () => {
    await closeServers();
    elsewhere.closeAllConnections();
    elsewhere.close();
  });

  const post = (path: string, body?: object, headers: Record<string, string> = {}) =>
    server.call(path, {
      method: "POST",
      ...(body && { body: JSON.stringify(body) }),
      headers: { ...(body && { "Content-Type": "application/json" }), ...headers },
    });
  const idsIn = ({ Items = [] }: { Items?: { id?: { S?: string } }[] }) => Items.map(({ id }) => id?.S).sort();

  describe("with DynamoDB", () => {
    testFact(RECORDED, "answers PutItem with an empty object, as JSON and with the request's ids", async () => {
      const answer = await post("/put?id=test-new");
      expect([answer.status, await answer.json()]).to.deep.equal([200, {}]);
      expect(answer.headers.get("content-type")).to.equal("application/json");
      expect([...answer.headers.keys()]).to.include.members([
        "x-amz-apigw-id",
        "x-amzn-requestid",
        "x-amzn-trace-id",
        "content-length",
      ]);
      const found = await new DynamoDBClient(config).send(new ScanCommand({ TableName: "items" }));
      expect([found.Count, idsIn(found as never)]).to.deep.equal([4, ["test", "test 3", "test-new", "test2"]]);
    });

    testFacts(
      {
        ...RECORDED,
        facts: [
          { fact: "answers Query with the item", id: "test", count: 1 },
          { fact: "answers Query with the other item", id: "test2", count: 1 },
          { fact: "answers Query for a key with a space", id: "test 3", count: 1 },
          { fact: "answers Query for a key that no item has", id: "test-invalid", count: 0 },
        ],
      },
      async ({ id, count }) => {
        const answer = await (await post(`/query?id=${encodeURIComponent(id)}`)).json();
        const Items = count === 1 ? [{ id: { S: id } }] : [];
        expect(answer).to.deep.equal({ Count: count, Items, ScannedCount: count });
      },
    );

    testFact(RECORDED, "answers Scan with all items", async () => {
      const answer = (await (await post("/scan")).json()) as { Count: number; ScannedCount: number };
      expect(Object.keys(answer).sort()).to.deep.equal(["Count", "Items", "ScannedCount"]);
      expect(idsIn(answer as never)).to.include.members(["test", "test2", "test 3"]);
    });
  });

  describe("with SQS", () => {
    testFact(RECORDED, "sends the body of a form, and an empty object for a request without a body", async () => {
      for (const body of ['{"foo": "bar"}', undefined]) {
        const headers = body ? { "Content-Type": "application/json" } : undefined;
        const answer = await server.call("/form", { method: "POST", body, headers });
        expect(await answer.json()).to.deep.equal({ message: "great success!" });
      }
      const bodies = (await messages()).map(({ Body, MD5OfBody }) => [Body, MD5OfBody]).sort();
      expect(bodies).to.deep.equal([
        ['{"foo": "bar"}', "94232c5b8fc9272f6f73a1e36eb68fcf"],
        ["{}", "99914b932bd37a50b983c5e7c90ae93b"],
      ]);
    });

    testFact(RECORDED, "gives templates of responses JSON instead of XML", async () => {
      const ids = (await (await post("/ids", { foo: "bar" })).json()) as Record<string, string>;
      const [message] = await messages();
      expect(ids.messageId).to.equal(message?.MessageId);
      expect(ids.requestId).to.match(/^[\da-f-]{36}$/);
    });

    testFacts(
      {
        ...RECORDED,
        facts: ["MessageAttribute", "MessageAttributes"].map((name) => ({
          fact: `takes attributes of messages as ${name}.1`,
          path: `/${name.slice(7).toLowerCase()}`,
        })),
      },
      async ({ path }) => {
        expect((await post(path, { foo: "bar" }, { HeaderFoo: "BAR-Header" })).status).to.equal(200);
        const [{ Body, MessageAttributes } = {}] = await messages();
        expect([Body, MessageAttributes]).to.deep.equal([
          '{"foo":"bar"}',
          { "user-agent": { DataType: "String", StringValue: "BAR-Header" } },
        ]);
      },
    );

    testFact(RECORDED, "sends JSON with a target, from a template with all of $context", async () => {
      const answer = await post("/json", undefined, { "User-Agent": "tests" });
      expect(await answer.json()).to.deep.equal({ message: "great success!" });
      const [{ Body = "" } = {}] = await messages();
      const { context, identity, requestOverride, responseOverride, authorizer } = JSON.parse(Body);
      expect(Object.keys(context)).to.have.members([
        "resourceId",
        "resourcePath",
        "httpMethod",
        "extendedRequestId",
        "requestTime",
        "path",
        "accountId",
        "protocol",
        "requestOverride",
        "stage",
        "domainPrefix",
        "requestTimeEpoch",
        "requestId",
        "identity",
        "domainName",
        "deploymentId",
        "responseOverride",
        "apiId",
      ]);
      expect([context.identity, context.requestOverride, context.responseOverride]).to.deep.equal(["", "", ""]);
      expect(Object.keys(identity)).to.have.members([
        "cognitoIdentityPoolId",
        "accountId",
        "cognitoIdentityId",
        "caller",
        "sourceIp",
        "principalOrgId",
        "accessKey",
        "cognitoAuthenticationType",
        "cognitoAuthenticationProvider",
        "userArn",
        "userAgent",
        "user",
      ]);
      expect([identity.userAgent, identity.caller]).to.deep.equal(["tests", ""]);
      expect([requestOverride, responseOverride, authorizer]).to.deep.equal([
        { path: "", header: "", querystring: "" },
        { header: "" },
        {},
      ]);
    });
  });

  describe("with Kinesis", () => {
    const records = async () => {
      const client = new KinesisClient(config);
      const shard = { StreamName: "clicks", ShardId: "shardId-000000000000" };
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({ ...shard, ShardIteratorType: "TRIM_HORIZON" }),
      );
      const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
      return Records.map(({ Data, PartitionKey }) => [Buffer.from(Data ?? []).toString(), PartitionKey]);
    };

    testFact(RECORDED, "puts one record, and then several whose keys a template computes", async () => {
      const one = await (await post("/record", { kinesis: "snapshot" })).json();
      expect(Object.keys(one as object)).to.have.members(["SequenceNumber", "ShardId"]);
      const data = ["bar1", "bar2", "bar3"].map((foo) => JSON.stringify({ foo }));
      const several = await post("/records", { records: data.map((each) => ({ data: each })) });
      const answer = (await several.json()) as { FailedRecordCount: number; Records: object[] };
      expect(answer.FailedRecordCount).to.equal(0);
      expect(answer.Records.map((each) => Object.keys(each).sort())).to.deep.equal(
        data.map(() => ["SequenceNumber", "ShardId"]),
      );
      expect(await records()).to.deep.equal([
        ['{"kinesis":"snapshot"}', "test"],
        ...data.map((each) => [each, String(Buffer.from(each).toString("base64").length)]),
      ]);
    });
  });

  testFact(RECORDED, "puts events with headers that the template sets", async () => {
    const items = [{ Detail: '{"data":"Order is created"}', DetailType: "Test", Source: "order" }];
    const answer = (await (await post("/events", { items })).json()) as { Entries: object[]; FailedEntryCount: number };
    expect([answer.FailedEntryCount, answer.Entries.map((entry) => Object.keys(entry))]).to.deep.equal([
      0,
      [["EventId"]],
    ]);
  });

  describe("with a function", () => {
    testFact(RECORDED, "passes the body itself, and the result is the answer", async () => {
      const answer = await post("/function", { message: "hello world" });
      expect([answer.status, await answer.json()]).to.deep.equal([200, { message: "hello world" }]);
      expect(answer.headers.get("content-type")).to.equal("application/json");
    });

    testFact(RECORDED, "passes an empty object for a request without a body, and no headers", async () => {
      expect(await (await server.call("/function")).json()).to.deep.equal({});
    });

    testFact(RECORDED, "passes what its template makes, also of a request without a type", async () => {
      expect(await (await server.call("/mapped?param1=foobar")).json()).to.deep.equal({ param1: "foobar" });
    });

    testFacts(
      {
        ...RECORDED,
        facts: [
          { fact: "selects the default response for a result", fail: "", status: 200 },
          { fact: "selects a response by the error's message", fail: "four hundred", status: 400 },
          { fact: "selects another response by the error's message", fail: "five hundred", status: 500 },
        ],
      },
      async ({ fail, status }) => {
        const answer = await server.call(`/selected?fail=${encodeURIComponent(fail)}`);
        const body = (await answer.json()) as { errorMessage: string };
        expect([answer.status, fail ? body.errorMessage : body]).to.deep.equal([
          status,
          fail ? `Error: ${fail}` : "Pass",
        ]);
      },
    );
  });

  testFacts(
    {
      ...RECORDED,
      facts: ["aws", "aws_proxy"].flatMap((type) =>
        RESERVED.map((header) => ({
          fact: `of the type ${type} fails if it maps the header ${header}`,
          path: `/reserved/${type}/${header}`,
        })),
      ),
    },
    async ({ path }) => {
      const answer = await server.call(path);
      expect([answer.status, await answer.json(), answer.headers.get("x-amzn-errortype")]).to.deep.equal([
        500,
        { message: "Internal server error" },
        "InternalServerErrorException",
      ]);
    },
  );

  testFact(RECORDED, "answers what is mapped, renames what is its own, and drops Transfer-Encoding", async () => {
    const { headers } = await send(server.apis[0]?.url ?? "", { path: "/Prod/returned" });
    for (const name of RETURNED) expect(headers[name.toLowerCase()]).to.equal(`mapped-${name}`);
    for (const name of RENAMED) {
      expect(headers[`x-amzn-remapped-${name.toLowerCase()}`]).to.equal(`mapped-${name}`);
    }
    expect(JSON.stringify(headers)).not.to.include("mapped-Transfer-Encoding");
  });

  testFacts(
    {
      ...RECORDED,
      facts: [
        { fact: "refuses a uri that is not an ARN", path: "/text", why: "not-an-arn is not an ARN" },
        {
          fact: "refuses a proxy integration with DynamoDB",
          path: "/proxyOfTable",
          why: "dynamodb:action/Query does not name a function",
        },
        { fact: "refuses an ARN without a path or an action", path: "/role", why: "has neither a path nor an action" },
      ],
    },
    ({ path, why }) => {
      expect(server.problems.find((problem) => problem.startsWith(`ANY ${path} answers 501`))).to.include(why);
    },
  );

  testFact(DOCUMENTED, "puts and gets objects of S3 by a path with a parameter", async () => {
    const text = { "Content-Type": "text/plain" };
    expect((await server.call("/objects/a.txt", { method: "PUT", headers: text, body: "hello" })).status).to.equal(200);
    expect(await (await server.call("/objects/a.txt")).text()).to.equal("hello");
    const missing = await server.call("/objects/b.txt");
    expect([missing.status, missing.headers.get("content-type")]).to.deep.equal([404, "application/xml"]);
    expect(await missing.text()).to.include("NoSuchKey");
  });

  testFact(DOCUMENTED, "calls an operation of SNS with parameters of the query", async () => {
    const answer = await server.call("/topic?text=hello");
    expect([answer.status, await answer.text()]).to.satisfy(
      ([status, id]: [number, string]) => status === 200 && /^[\da-f-]{36}$/.test(id),
    );
    const refused = await server.call("/topic");
    expect([refused.status, await refused.text()]).to.deep.equal([400, "ValidationError"]);
  });

  testFact(DOCUMENTED, "calls an operation of Batch by its path", async () => {
    const answer = await post("/jobs?id=unknown");
    expect([answer.status, await answer.json()]).to.deep.equal([200, { jobs: [] }]);
  });

  it("logs why a service refuses, which the mapped answer hides", async () => {
    await server.call("/topic");
    expect(server.lines.join("\n")).to.match(/GET \/topic \| sns answered 400: .*ValidationError/);
  });

  it("calls a service elsewhere", async () => {
    expect(await (await post("/elsewhere", {})).json()).to.deep.equal({
      called: "Firehose_20150804.PutRecord",
      extra: "1",
    });
  });

  it("names a service that is not emulated, and the endpoint that serves it", async () => {
    const answer = await post("/stepFunctions", {});
    expect([answer.status, await answer.text()]).to.satisfy(
      ([status, text]: [number, string]) => status === 501 && text.includes("--endpoint states=URL"),
    );
  });
});
