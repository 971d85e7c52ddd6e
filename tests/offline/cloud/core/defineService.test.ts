import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { EMRServerlessClient, ListJobRunsCommand, StartJobRunCommand } from "@aws-sdk/client-emr-serverless";
import { expect } from "chai";
import { AwsError } from "../../../../offline/cloud/core/awsError";
import type { OperationCall } from "../../../../offline/cloud/core/declaration";
import { defineService } from "../../../../offline/cloud/core/defineService";
import type { Fault } from "../../../../offline/cloud/core/service";
import type { Input } from "../../../../offline/cloud/core/types";
import { MODEL, testFact } from "../../../helpers/facts";
import { closeServices, serveServices } from "../../../helpers/offline/core";
import { refusal } from "../../../helpers/offline/emr";
import { type SignedRequest, signed } from "../../../helpers/offline/signed";

const MODELLED = { service: "EMR Serverless", source: MODEL };
const ROLE = "arn:aws:iam::123456789012:role/job";
const APPLICATION = "/applications/00abc";

const sts = defineService("sts", { GetCallerIdentity: () => ({ Account: "<&>" }) });
const logs = defineService("logs", {
  GetLogEvents: (_, { logStreamName }: { logStreamName: string }) => {
    if (logStreamName === "missing") throw new AwsError("ResourceNotFoundException", "No such stream.");
    if (logStreamName === "broken") throw new Error("a mistake of ours");
    return { events: [{ message: logStreamName }], unknown: "left out" };
  },
});
const emr = defineService<{ inputs: Input[] }>("emr-serverless", {
  StartJobRun: ({ inputs }, input) => {
    inputs.push(input);
    return { applicationId: "00abc", jobRunId: "00def", arn: ROLE };
  },
  ListJobRuns: (_, { states = [] }: { states?: string[] }, { page }: OperationCall) =>
    page([1, 2, 3].map((attempt) => ({ id: `${attempt}`, state: states[0], createdAt: 1500, attempt }))),
  GetJobRun: () => {
    throw new AwsError("ResourceNotFoundException", "No such job run.");
  },
  GetApplication: (_, __, { response }) => {
    response.writeHead(299).end("its own");
  },
});

const serve = (fault?: Fault) => {
  const inputs: Input[] = [];
  const hooks = [() => undefined, () => fault];
  return serveServices([sts.serve({}), logs.serve({}), emr.serve({ inputs })], { hooks }).then((served) => ({
    ...served,
    inputs,
    emr: new EMRServerlessClient(served.client),
  }));
};

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const target = (operation: string, body: string): SignedRequest => ({
  service: "logs",
  headers: { "x-amz-target": `Logs_20140328.${operation}` },
  body,
});
const form = (body: string): SignedRequest => ({ service: "sts", headers: FORM, body });
const rest = (method: string, path: string, body?: string): SignedRequest => ({
  service: "emr-serverless",
  method,
  path,
  body,
});

describe("A declared service", () => {
  afterEach(closeServices);

  const answers: [what: string, SignedRequest, status: number, content: RegExp, error?: string][] = [
    ["JSON", target("GetLogEvents", '{"logStreamName":"a","other":1}'), 200, /^\{"events":\[\{"message":"a"\}\]\}$/],
    ["malformed JSON", target("GetLogEvents", "{"), 400, /^\{"__type":"SerializationException"\}$/],
    ["JSON that is no object", target("GetLogEvents", "[]"), 400, /SerializationException.*Start of list found/],
    [
      "a number for a string",
      target("GetLogEvents", '{"logStreamName":1}'),
      400,
      /"SerializationException","message":"NUMBER_VALUE cannot be converted to String"/,
    ],
    [
      "a missing member",
      target("GetLogEvents", '{"logStreamName":null}'),
      400,
      /"ValidationException",.*1 validation error detected: Value null at 'logStreamName' failed to satisfy constraint: Member must not be null"/,
    ],
    [
      "an error of the operation",
      target("GetLogEvents", '{"logStreamName":"missing"}'),
      400,
      /^\{"__type":"ResourceNotFoundException","message":"No such stream."\}$/,
    ],
    [
      "an exception that is none of AWS's",
      target("GetLogEvents", '{"logStreamName":"broken"}'),
      500,
      /"__type":"InternalFailure","message":"a mistake of ours"/,
    ],
    [
      "an operation that is not declared",
      target("PutLogEvents", "{}"),
      501,
      /logs PutLogEvents is not emulated offline, only GetLogEvents\. Point logs/,
    ],
    [
      "an operation that AWS does not have",
      target("GetEverything", "{}"),
      400,
      /^\{"__type":"UnknownOperationException"\}$/,
    ],
    ["a name that every object has", target("constructor", "{}"), 400, /UnknownOperationException/],
    [
      "a form",
      form("Action=GetCallerIdentity&Version=2011-06-15"),
      200,
      /<GetCallerIdentityResult><Account>&#60;&#38;&#62;<\/Account><\/GetCallerIdentityResult><ResponseMetadata><RequestId>/,
    ],
    ["a form without an action", form("Version=1"), 400, /<Error><Type>Sender<\/Type><Code>MissingAction</],
    [
      "a form's unknown action",
      form("Action=Nothing&Version=2011-06-15"),
      400,
      /<Code>InvalidAction<\/Code><Message>Could not find operation Nothing for version 2011-06-15</,
    ],
    [
      "a form's action in a version that AWS does not have",
      form("Action=GetCallerIdentity&Version=2011-06-16"),
      400,
      /<Code>InvalidAction<\/Code><Message>Could not find operation GetCallerIdentity for version 2011-06-16</,
    ],
    [
      "a form's action without a version",
      form("Action=GetCallerIdentity"),
      400,
      /<Message>Could not find operation GetCallerIdentity for version NO_VERSION_SPECIFIED</,
    ],
    [
      "a form's action that is not declared",
      form("Action=AssumeRole&Version=2011-06-15"),
      501,
      /<Type>Receiver<\/Type><Code>NotEmulated<\/Code><Message>sts AssumeRole is not emulated/,
    ],
    ["a path", rest("GET", `${APPLICATION}/jobruns`), 200, /"jobRuns":\[\{"id":"1","createdAt":1.5,"attempt":1\}/],
    [
      "a path's error, with its status",
      rest("GET", `${APPLICATION}/jobruns/00x`),
      404,
      /^\{"message":"No such job run."\}$/,
      "ResourceNotFoundException",
    ],
    [
      "a path that is not declared",
      rest("DELETE", APPLICATION),
      501,
      /emr-serverless DeleteApplication is not emulated/,
    ],
    ["a path that AWS does not have", rest("GET", "/nothing"), 404, /GET \/nothing/, "UnknownOperationException"],
    [
      "a path that is not UTF-8",
      rest("GET", "/applications/%ff/jobruns"),
      400,
      /The path is not valid UTF-8/,
      "SerializationException",
    ],
    [
      "malformed JSON at a path",
      rest("POST", `${APPLICATION}/jobruns`, "{"),
      400,
      /The body is not valid JSON/,
      "SerializationException",
    ],
    [
      "JSON that is nested too deeply",
      rest("POST", `${APPLICATION}/jobruns`, nested(100_000)),
      400,
      /The body is nested too deeply/,
      "SerializationException",
    ],
    [
      "CBOR as Kinesis's clients write it",
      {
        ...target("GetLogEvents", "\xbf\xff"),
        headers: { ...target("GetLogEvents", "").headers, "content-type": "application/x-amz-cbor-1.1" },
      },
      415,
      /UnsupportedMediaTypeException.*logs does not read CBOR.*use JSON/,
    ],
    [
      "CBOR as Smithy's RPC clients write it",
      {
        service: "logs",
        path: "/service/Logs_20140328/operation/GetLogEvents",
        headers: { "smithy-protocol": "rpc-v2-cbor" },
        body: "\xa0",
      },
      415,
      /UnsupportedMediaTypeException.*logs does not read CBOR.*use JSON/,
    ],
    ["an operation that answers by itself", rest("GET", APPLICATION), 299, /^its own$/],
  ];
  for (const [what, request, status, content, error] of answers) {
    it(`answers ${what}`, async () => {
      const answer = await (await serve()).call(request);
      expect([answer.status, answer.body].join(" ")).to.match(new RegExp(`^${status} `));
      expect(answer.body).to.match(content);
      if (error) expect(answer.headers["x-amzn-errortype"]).to.equal(error);
    });
  }

  it("gives the operation what the protocol had in the path and the body, with its types", async () => {
    const server = await serve();
    const tags = { ["__proto__"]: "a" };
    await server.emr.send(
      new StartJobRunCommand({
        applicationId: "00abc",
        clientToken: "t",
        executionRoleArn: ROLE,
        executionTimeoutMinutes: 5,
        tags,
      }),
    );
    expect(server.inputs).to.deep.equal([
      { applicationId: "00abc", clientToken: "t", executionRoleArn: ROLE, executionTimeoutMinutes: 5, tags },
    ]);
  });

  testFact(MODELLED, "names all mistakes, with their paths", async () => {
    const { emr } = await serve();
    const mode = "FAST" as "BATCH";
    const configurationOverrides = { applicationConfiguration: [{ classification: "" }] };
    const tags = { a: "b", "": "c" };
    const jobDriver = { sparkSubmit: { entryPoint: "" } };
    const start = emr.send(
      new StartJobRunCommand({
        applicationId: "00A",
        clientToken: "t",
        executionRoleArn: ROLE,
        mode,
        configurationOverrides,
        jobDriver,
        tags,
      }),
    );
    const [, count, mistakes = ""] =
      /^ValidationException: (\d+) validation errors detected: (.*)$/.exec(await refusal(start)) ?? [];
    expect(count).to.equal("7");
    expect(mistakes.replaceAll("failed to satisfy constraint: Member must", "must").split("; ")).to.deep.equal([
      "Value at 'jobDriver.sparkSubmit.entryPoint' must satisfy regular expression pattern: .*\\S.*",
      "Value at 'jobDriver.sparkSubmit.entryPoint' must have length greater than or equal to 1",
      "Value '' at 'configurationOverrides.applicationConfiguration.1.member.classification' must satisfy regular expression pattern: .*\\S.*",
      "Value '' at 'configurationOverrides.applicationConfiguration.1.member.classification' must have length greater than or equal to 1",
      "Value '{a=b, =c}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have " +
        "length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy " +
        "regular expression pattern: [A-Za-z0-9 /_.:=+@-]+]",
      "Value 'FAST' at 'mode' must satisfy enum value set: [BATCH, STREAMING]",
      "Value '00A' at 'applicationId' must satisfy regular expression pattern: [0-9a-z]+",
    ]);
  });

  testFact(MODELLED, "pages with tokens that are valid for the same query alone", async () => {
    const { emr } = await serve();
    const list = async (states: "RUNNING"[], nextToken?: string) =>
      emr.send(new ListJobRunsCommand({ applicationId: "00abc", maxResults: 2, states, nextToken }));
    const { jobRuns, nextToken = "" } = await list([]);
    expect(jobRuns?.map(({ id }) => id)).to.deep.equal(["1", "2"]);
    const rest = await list([], nextToken);
    expect([rest.jobRuns?.map(({ id }) => id), rest.nextToken]).to.deep.equal([["3"], undefined]);
    for (const bad of [list(["RUNNING"], nextToken), list([], `${nextToken}a`), list([], "x")]) {
      expect(await refusal(bad)).to.equal("ValidationException: The specified nextToken is invalid.");
    }
  });

  describe("given a fault", () => {
    const start = async (fault: Fault) => {
      const server = await serve(fault);
      const command = new StartJobRunCommand({ applicationId: "00abc", clientToken: "t", executionRoleArn: ROLE });
      return { error: await refusal(server.emr.send(command)), done: server.inputs.length };
    };
    const faults: [Fault, RegExp, number][] = [
      [new AwsError("ConflictException", "Twice."), /^ConflictException: Twice\.$/, 0],
      ["throttle", /^ThrottlingException: Rate exceeded$/, 0],
      ["request lost", /ECONNRESET|socket hang up/, 0],
      ["answer lost", /ECONNRESET|socket hang up/, 1],
    ];
    for (const [fault, message, done] of faults) {
      it(`fails: ${fault}`, async () => {
        const outcome = await start(fault);
        expect(outcome.error).to.match(message);
        expect(outcome.done).to.equal(done);
      });
    }
  });

  it("keeps no trace of 10,000 bad requests", async () => {
    setFlagsFromString("--expose_gc");
    const collect = runInNewContext("gc") as () => void;
    const { client } = await serve();
    const bad = [
      target("GetLogEvents", "{"),
      target("GetEverything", "{}"),
      target("GetLogEvents", `{"logStreamName":"${":".repeat(1000)}"}`),
      form("Action=Nothing&Version=2011-06-15&a.b.c=1"),
      { ...rest("GET", `${APPLICATION}/jobruns`), query: { maxResults: "many", nextToken: "x" } },
    ];
    const requests = await Promise.all(bad.map(async (one) => bytesOf(await signed({ ...client }, one))));
    const hundred = Array.from({ length: 20 }, () => requests).flat();
    const sendAll = async (times: number) => {
      for (let sent = 0; sent < times; sent += 100) expect(await refusals(client.endpoint, hundred)).to.equal(100);
    };
    await sendAll(1000);
    collect();
    const before = process.memoryUsage().heapUsed;
    await sendAll(10_000);
    collect();
    expect((process.memoryUsage().heapUsed - before) / 2 ** 20).to.be.below(4);
  });
});

function bytesOf({ method, path, headers, body = "" }: Awaited<ReturnType<typeof signed>>): string {
  const lines = Object.entries({ ...headers, "content-length": body.length }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return [`${method} ${path} HTTP/1.1`, ...lines, "", body].join("\r\n");
}

/** Sends requests over one connection without waiting between them, which costs less than a client, and counts the refusals. */
async function refusals(endpoint: string, requests: string[]): Promise<number> {
  const socket = connect(Number(new URL(endpoint).port), "127.0.0.1");
  socket.write(requests.join(""));
  socket.write("GET / HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n\r\n");
  const answers = await text(socket);
  return answers.match(/HTTP\/1\.1 4(?!21)/g)?.length ?? 0;
}

function nested(depth: number): string {
  const open = '{"classification":"a","configurations":['.repeat(depth);
  return `{"configurationOverrides":{"applicationConfiguration":[${open}${"]}".repeat(depth)}]}}`;
}
