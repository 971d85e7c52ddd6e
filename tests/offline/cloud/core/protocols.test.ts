import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { expect } from "chai";
import { AwsError } from "../../../../offline/cloud/core/awsError";
import type { Model, Operation, Shape } from "../../../../offline/cloud/core/model";
import { ec2 } from "../../../../offline/cloud/core/protocol/ec2";
import type { Protocol } from "../../../../offline/cloud/core/protocol/protocol";
import { query } from "../../../../offline/cloud/core/protocol/query";
import { restJson } from "../../../../offline/cloud/core/protocol/restJson";
import { restXml } from "../../../../offline/cloud/core/protocol/restXml";
import type { Input } from "../../../../offline/cloud/core/types";

const TIME = Date.UTC(2026, 0, 31, 12, 30, 15);

const shapes: Record<string, Shape> = {
  Text: { type: "string" },
  Count: { type: "integer" },
  Yes: { type: "boolean" },
  Bytes: { type: "blob" },
  Time: { type: "timestamp" },
  Stream: { type: "blob", streaming: true },
  Texts: { type: "list", member: { shape: "Text" } },
  NamedTexts: { type: "list", member: { shape: "Text", locationName: "item" } },
  FlatTexts: { type: "list", member: { shape: "Text", locationName: "flat" }, flattened: true },
  Pairs: { type: "list", member: { shape: "Pair", locationName: "Pair" } },
  Pair: { type: "structure", members: { Key: { shape: "Text" }, Value: { shape: "Text" } } },
  Map: { type: "map", key: { shape: "Text" }, value: { shape: "Count" } },
  FlatMap: {
    type: "map",
    key: { shape: "Text", locationName: "Name" },
    value: { shape: "Text", locationName: "Value" },
    flattened: true,
  },
  Headers: { type: "map", key: { shape: "Text" }, value: { shape: "Text" } },
  Everything: {
    type: "structure",
    members: {
      text: { shape: "Text", locationName: "Text" },
      count: { shape: "Count" },
      yes: { shape: "Yes" },
      bytes: { shape: "Bytes" },
      time: { shape: "Time" },
      texts: { shape: "Texts" },
      named: { shape: "NamedTexts" },
      flat: { shape: "FlatTexts" },
      pairs: { shape: "Pairs" },
      map: { shape: "Map" },
      flatMap: { shape: "FlatMap" },
      queried: { shape: "Text", locationName: "asked", queryName: "Queried" },
    },
  },
  Located: {
    type: "structure",
    members: {
      Bucket: { shape: "Text", location: "uri", locationName: "Bucket" },
      Key: { shape: "Text", location: "uri", locationName: "Key" },
      after: { shape: "Time", location: "querystring", locationName: "after" },
      counts: { shape: "Texts", location: "querystring", locationName: "count" },
      modified: { shape: "Time", location: "header", locationName: "If-Modified-Since" },
      metadata: { shape: "Headers", location: "headers", locationName: "x-meta-" },
      status: { shape: "Count", location: "statusCode" },
      body: { shape: "Bytes" },
    },
    payload: "body",
  },
  Streamed: { type: "structure", members: { body: { shape: "Stream" } }, payload: "body" },
  Wrapped: { type: "structure", members: { pair: { shape: "Pair", locationName: "Root" } }, payload: "pair" },
  Gone: {
    type: "structure",
    members: { Message: { shape: "Text" } },
    error: { code: "Gone.Code", httpStatusCode: 410 },
  },
};

const at = (method: string, requestUri: string, more: object = {}) => ({ http: { method, requestUri, ...more } });

const model: Model = {
  metadata: { protocol: "", apiVersion: "2026-01-31", endpointPrefix: "test", xmlNamespace: "urn:test" },
  operations: {
    ListAll: at("GET", "/"),
    ListKeys: at("GET", "/{Bucket}"),
    GetPolicy: at("GET", "/{Bucket}?policy"),
    ListTwo: at("GET", "/{Bucket}?list-type=2"),
    PutKey: at("PUT", "/{Bucket}/{Key+}"),
    PutCopy: at("PUT", "/{Bucket}/{Key+}", { headers: ["x-copy"] }),
    PutPart: at("PUT", "/{Bucket}/{Key+}", { query: ["part", "upload"] }),
    PutPartCopy: at("PUT", "/{Bucket}/{Key+}", { query: ["part", "upload"], headers: ["x-copy"] }),
    GetFixed: at("GET", "/2026/things/"),
    GetThing: at("GET", "/2026/{Thing}"),
  },
  shapes,
  pagination: {},
};

const located: Operation = {
  ...at("PUT", "/{Bucket}/{Key+}"),
  input: { shape: "Located" },
  output: { shape: "Located" },
};
const everything: Operation = { ...at("POST", "/"), input: { shape: "Everything" }, output: { shape: "Everything" } };

function read(protocol: Protocol, operation: Operation, body: string, url = "/", headers: object = {}): Input {
  const request = { method: "POST", headers } as IncomingMessage;
  return protocol.read(model, operation, { request, url, body: Buffer.from(body) });
}

const VALUES = {
  text: "a <b>",
  count: 3,
  yes: true,
  bytes: Buffer.from("bytes"),
  time: TIME,
  texts: ["a", "b"],
  named: ["c"],
  flat: ["d", "e"],
  pairs: [{ Key: "k", Value: "v" }, { Key: "l" }],
  map: { x: 1 },
  flatMap: { y: "2" },
};
const XML =
  "<Text>a &#60;b&#62;</Text><count>3</count><yes>true</yes><bytes>Ynl0ZXM=</bytes><time>2026-01-31T12:30:15.000Z</time>" +
  "<texts><member>a</member><member>b</member></texts><named><item>c</item></named><flat>d</flat><flat>e</flat>" +
  "<pairs><Pair><Key>k</Key><Value>v</Value></Pair><Pair><Key>l</Key></Pair></pairs>" +
  "<map><entry><key>x</key><value>1</value></entry></map><flatMap><Name>y</Name><Value>2</Value></flatMap>";
const JSON_TEXT = JSON.stringify({ ...VALUES, text: undefined, Text: "a <b>", bytes: "Ynl0ZXM=", time: TIME / 1000 });

describe("The protocols of AWS", () => {
  it("read every type of shape from forms, XML and JSON", () => {
    const form = new URLSearchParams({
      ...{ Text: "a <b>", count: "3", yes: "true", bytes: "Ynl0ZXM=", time: "2026-01-31T12:30:15Z" },
      ...{ "texts.member.2": "b", "texts.member.1": "a", "named.item.1": "c", "flat.1": "d", "flat.2": "e" },
      ...{ "pairs.Pair.1.Key": "k", "pairs.Pair.1.Value": "v", "pairs.Pair.10.Key": "l" },
      ...{ "map.entry.1.key": "x", "map.entry.1.value": "1", "flatMap.1.Name": "y", "flatMap.1.Value": "2" },
    });
    expect(read(query, everything, form.toString())).to.deep.equal(VALUES);
    expect(
      read(restXml, everything, `<?xml version="1.0"?><a:Any xmlns:a="urn:a">${XML}<other/></a:Any>`),
    ).to.deep.equal(VALUES);
    expect(read(restJson, everything, JSON_TEXT)).to.deep.equal(VALUES);
  });

  it("read EC2's forms, in which every list is flat and every name begins with a capital", () => {
    const form = new URLSearchParams({
      ...{ Text: "a <b>", Count: "3", Yes: "true", "Named.2": "d", "Named.1": "c", Queried: "e" },
      ...{ "Pairs.1.Key": "k", "Pairs.1.Value": "v", "Pairs.10.Key": "l" },
    });
    expect(read(ec2, everything, form.toString())).to.deep.equal({
      ...{ text: "a <b>", count: 3, yes: true, named: ["c", "d"], queried: "e" },
      pairs: [{ Key: "k", Value: "v" }, { Key: "l" }],
    });
  });

  it("write every type of shape as XML and JSON", () => {
    const xml = restXml.write(model, everything, "All", VALUES, "id").body;
    expect(xml).to.equal(`<?xml version="1.0" encoding="UTF-8"?>\n<Everything xmlns="urn:test">${XML}</Everything>`);
    const wrapped = { ...everything, output: { shape: "Everything", resultWrapper: "AllResult" } };
    const form = query.write(model, wrapped, "All", VALUES, "id").body;
    const metadata = "<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata>";
    expect(form).to.equal(`<AllResponse xmlns="urn:test"><AllResult>${XML}</AllResult>${metadata}</AllResponse>`);
    expect(ec2.write(model, everything, "All", VALUES, "id").body).to.equal(
      `<?xml version="1.0" encoding="UTF-8"?>\n<AllResponse xmlns="urn:test"><requestId>id</requestId>${XML}</AllResponse>`,
    );
    expect(JSON.parse(String(restJson.write(model, everything, "All", VALUES, "id").body))).to.deep.equal(
      JSON.parse(JSON_TEXT),
    );
  });

  it("read what REST has in the path, the query and the headers, and a payload", () => {
    const headers = { "if-modified-since": "Sat, 31 Jan 2026 12:30:15 GMT", "x-meta-a": "b" };
    const url = "/bucket/a%2Fb/c%20d?after=2026-01-31T12:30:15Z&count=1&count=2";
    expect(read(restJson, located, "raw", url, headers)).to.deep.equal({
      Bucket: "bucket",
      Key: "a/b/c d",
      after: TIME,
      counts: ["1", "2"],
      modified: TIME,
      metadata: { a: "b" },
      body: Buffer.from("raw"),
    });
  });

  it("write what REST has in the status and the headers, and a payload", () => {
    const output = { status: 206, modified: TIME, metadata: { a: "b" }, body: Buffer.from("raw") };
    const { status, headers, body } = restJson.write(model, located, "Put", output, "id");
    expect([status, String(body)]).to.deep.equal([206, "raw"]);
    expect(headers).to.include({ "If-Modified-Since": "Sat, 31 Jan 2026 12:30:15 GMT", "x-meta-a": "b" });
    const wrapped = { ...everything, output: { shape: "Wrapped" } };
    expect(restXml.write(model, wrapped, "Get", { pair: { Key: "k" } }, "id").body).to.match(
      /<Root xmlns="urn:test"><Key>k<\/Key><\/Root>$/,
    );
  });

  it("leave streams to the operation", () => {
    const streamed = { ...everything, input: { shape: "Streamed" }, output: { shape: "Streamed" } };
    expect(read(restXml, streamed, "raw")).to.deep.equal({});
    const body = Readable.from(["a"]);
    expect(restXml.write(model, streamed, "Get", { body }, "id").body).to.equal(body);
    expect(restXml.write(model, streamed, "Get", {}, "id").headers).to.deep.equal({ "x-amz-request-id": "id" });
  });

  const routes: [string, string, string, object?][] = [
    ["GET", "/", "ListAll"],
    ["GET", "/bucket", "ListKeys"],
    ["GET", "/bucket/?prefix=a", "ListKeys"],
    ["GET", "/bucket?policy", "GetPolicy"],
    ["GET", "/bucket?list-type=2&prefix=policy", "ListTwo"],
    ["GET", "/bucket?list-type=1", "ListKeys"],
    ["PUT", "/bucket/a/b/", "PutKey"],
    ["PUT", "/bucket/a", "PutCopy", { "x-copy": "c" }],
    ["PUT", "/bucket/a?part=1&upload=2", "PutPart"],
    ["PUT", "/bucket/a?part=1&upload=2", "PutPartCopy", { "x-copy": "c" }],
    ["PUT", "/bucket/a?part=1", "PutKey"],
    ["GET", "/2026/things", "GetFixed"],
    ["GET", "/2026/other", "GetThing"],
  ];
  for (const [method, url, operation, headers = {}] of routes) {
    it(`find ${operation} in ${method} ${url}`, () => {
      const request = { method, headers } as IncomingMessage;
      expect(restXml.operationOf(model, { request, url, body: Buffer.alloc(0) })).to.equal(operation);
    });
  }

  it("write errors with the model's codes and names", () => {
    const error = new AwsError("Gone", "It is <gone>.", undefined, { Resource: "/a" });
    expect(query.refuse(model, error, 410, "id").body).to.equal(
      '<ErrorResponse xmlns="urn:test"><Error><Type>Sender</Type><Code>Gone.Code</Code>' +
        "<Message>It is &#60;gone&#62;.</Message></Error><RequestId>id</RequestId></ErrorResponse>",
    );
    expect(ec2.refuse(model, error, 410, "id").body).to.match(
      /<Response><Errors><Error><Code>Gone<\/Code><Message>It is &#60;gone&#62;.<\/Message><\/Error><\/Errors><RequestID>id</,
    );
    expect(restXml.refuse(model, error, 410, "id").body).to.match(
      /<Error><Code>Gone<\/Code><Message>It is &#60;gone&#62;.<\/Message><Resource>\/a<\/Resource><RequestId>id</,
    );
    expect(restJson.refuse(model, error, 410, "id")).to.deep.include({
      status: 410,
      body: '{"Message":"It is <gone>.","Resource":"/a"}',
    });
  });

  const unreadable: [string, Protocol, string, RegExp][] = [
    ["XML without an end", restXml, "<a><b></a>", /./],
    [
      "XML with entities of its own",
      restXml,
      '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
      /document type is not allowed/,
    ],
    ["XML that is nested too deeply", restXml, "<a>".repeat(200), /More than 100 elements are nested/],
    ["a count that is none, in XML", restXml, "<a><count>many</count></a>", /many is not a valid integer/],
    ["a count that is none, in a form", query, "count=1.5", /1.5 is not a valid integer/],
    ["a boolean that is none", query, "yes=maybe", /maybe is not a boolean/],
    ["a time that is none", query, "time=soon", /soon is not a valid timestamp/],
    ["JSON with text for a count", restJson, '{"count":"1"}', /STRING_VALUE cannot be converted to Integer/],
    ["JSON with a decimal for text", restJson, '{"Text":1.5}', /DECIMAL_VALUE cannot be converted to String/],
    ["JSON with a structure for text", restJson, '{"Text":{}}', /Start of structure or map found where not expected/],
    ["JSON with text for a list", restJson, '{"texts":"a"}', /Unexpected field type/],
    ["JSON with bytes that are not Base64", restJson, '{"bytes":"*"}', /Base64/],
  ];
  for (const [what, protocol, body, message] of unreadable) {
    it(`refuse ${what}`, () => {
      expect(() => read(protocol, everything, body)).to.throw(message);
    });
  }
});
