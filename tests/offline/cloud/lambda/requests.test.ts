import type { InvokeCommandInput } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { recordedByLocalstack, testFacts } from "../../../helpers/facts";
import { alias, CALL_ECHO, invoke, refused, serveFunction } from "../../../helpers/offline/functions";
import { closeServers, type Served } from "../../../helpers/offline/served";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function";

const NAME_PATTERN =
  "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";
const QUALIFIER_PATTERN = "\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+";

function noMatch(value: string, member = "functionName", pattern = NAME_PATTERN): string {
  return `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`;
}

describe("Lambda's Invoke", () => {
  let server: Served;
  before(async () => {
    server = await serveFunction(CALL_ECHO, {}, alias("live"));
  });
  after(closeServers);

  describe("names a function", () => {
    const references: [what: string, input: Partial<InvokeCommandInput>, arn: string][] = [
      ["by its name", { FunctionName: "main" }, `${ARN}:main`],
      ["by its name and an alias", { FunctionName: "main:live" }, `${ARN}:main:live`],
      ["by a partial ARN", { FunctionName: "123456789012:function:main" }, `${ARN}:main`],
      ["by the end of an ARN", { FunctionName: "function:main" }, `${ARN}:main`],
      ["by its ARN", { FunctionName: `${ARN}:main` }, `${ARN}:main`],
      ["by its ARN with a version", { FunctionName: `${ARN}:main:1` }, `${ARN}:main:1`],
      ["by its ARN and an alias", { FunctionName: `${ARN}:main`, Qualifier: "live" }, `${ARN}:main:live`],
      ["twice by the same alias", { FunctionName: `${ARN}:main:live`, Qualifier: "live" }, `${ARN}:main:live`],
    ];
    testFacts(
      { ...RECORDED, facts: references.map(([what, input, arn]) => ({ fact: what, input, arn })) },
      async ({ input, arn }) => {
        expect((await invoke(server, {}, input)).result.arn).to.equal(arn);
      },
    );
  });

  describe("says the version that ran", () => {
    const versions: [qualifier: string | undefined, version: string][] = [
      [undefined, "$LATEST"],
      ["$LATEST", "$LATEST"],
      ["1", "1"],
      ["live", "1"],
    ];
    testFacts(
      {
        ...RECORDED,
        facts: versions.map(([Qualifier, version]) => ({ fact: `for the qualifier ${Qualifier}`, Qualifier, version })),
      },
      async ({ Qualifier, version }) => {
        const { ExecutedVersion, result } = await invoke(server, {}, { Qualifier });
        expect([ExecutedVersion, result.version]).to.deep.equal([version, version]);
      },
    );
  });

  const missing = (name: string) => ["ResourceNotFoundException", `Function not found: ${ARN}:${name}`, 404] as const;
  const invalid = (...mistakes: string[]) => {
    const count = mistakes.length === 1 ? "1 validation error" : `${mistakes.length} validation errors`;
    return ["ValidationException", `${count} detected: ${mistakes.join("; ")}`, 400] as const;
  };
  const long = "a".repeat(129);
  const farAway = `arn:aws:lambda:nowhere:123456789012:function:main`;
  const refusals: [
    what: string,
    Partial<InvokeCommandInput>,
    readonly [name: string, message: string, status: number],
  ][] = [
    ["an unknown function", { FunctionName: "other" }, missing("other:$LATEST")],
    ["a name that is too long for one", { FunctionName: "a".repeat(65) }, missing(`${"a".repeat(65)}:$LATEST`)],
    ["an ARN without a name", { FunctionName: ARN }, missing("function:$LATEST")],
    ["an unknown alias", { Qualifier: "other" }, missing("main:other")],
    ["a version of a function that publishes none", { Qualifier: "10" }, missing("main:10")],
    ["a misspelt $LATEST", { Qualifier: "$latest" }, missing("main:$latest")],
    [
      "a function of another region",
      { FunctionName: "arn:aws:lambda:us-east-1:123456789012:function:main" },
      ["ResourceNotFoundException", "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')", 404],
    ],
    [
      "two different qualifiers",
      { FunctionName: `${ARN}:main:$LATEST`, Qualifier: "1" },
      [
        "InvalidParameterValueException",
        "The derived qualifier from the function name does not match the specified qualifier.",
        400,
      ],
    ],
    ...[
      "main!",
      "*",
      "some:function:main",
      farAway,
      "function:main:$LATEST:more",
      `${ARN}:main:1:2`,
      `${ARN}:main:$LATES`,
    ]
      .concat("arn:aws:ec2:eu-west-1:123456789012:instance:i-1234567890abcdef0")
      .concat("arn:aws:lambda::123456789012:function:main", "arn:aws:lambda:eu-west-1::function:main")
      .map((name): (typeof refusals)[number] => [`the name ${name}`, { FunctionName: name }, invalid(noMatch(name))]),
    ["a malformed qualifier", { Qualifier: "no!" }, invalid(noMatch("no!", "qualifier", QUALIFIER_PATTERN))],
    [
      "a long qualifier and a malformed name, both at once",
      { Qualifier: long, FunctionName: farAway },
      invalid(
        `Value '${long}' at 'qualifier' failed to satisfy constraint: Member must have length less than or equal to 128`,
        noMatch(farAway),
      ),
    ],
    [
      "an unknown invocation type",
      { InvocationType: "Later" as "Event" },
      invalid(
        "Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
      ),
    ],
    [
      "a client context that is not JSON in Base64",
      { ClientContext: "?" },
      ["InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.", 400],
    ],
    [
      "an event over 1 MB",
      { InvocationType: "Event", Payload: JSON.stringify("x".repeat(2 ** 20 - 1)) },
      [
        "RequestEntityTooLargeException",
        "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
        413,
      ],
    ],
    [
      "a payload over 6 MB",
      { Payload: JSON.stringify("x".repeat(6 * 2 ** 20)) },
      [
        "RequestEntityTooLargeException",
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
        413,
      ],
    ],
  ];
  testFacts(
    {
      ...RECORDED,
      facts: refusals.map(([what, input, [name, message, status]]) => ({
        fact: `refuses ${what}`.slice(0, 120),
        input,
        name,
        message,
        status,
      })),
    },
    async ({ input, name, message, status }) => {
      expect(await refused(server, input)).to.include({ name, message, status });
    },
  );

  const malformed: [what: string, Uint8Array][] = [
    ["not UTF-8", Buffer.from("6e8772", "hex")],
    ["not JSON", Buffer.from("{")],
  ];
  testFacts(
    {
      ...RECORDED,
      facts: malformed.map(([what, Payload]) => ({ fact: `refuses a payload that is ${what}`, Payload })),
    },
    async ({ Payload }) => {
      const { name, message, status, Type } = await refused(server, { Payload });
      expect([name, status, Type]).to.deep.equal(["InvalidRequestContentException", 400, "User"]);
      expect(message).to.match(/^Could not parse request body into json: Could not parse payload into json: ./);
    },
  );
});
