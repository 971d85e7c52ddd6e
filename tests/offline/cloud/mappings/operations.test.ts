import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { MODEL, recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { STREAM_ARN } from "../../../helpers/offline/kinesis";
import {
  FUNCTION_ARN,
  lambdaOf,
  queue,
  send,
  serveMappings,
  stream,
  streamedTable,
  TABLE_STREAM,
  textsOf,
} from "../../../helpers/offline/mappings";
import { closeServers, type Served, until } from "../../../helpers/offline/served";
import { arnOf } from "../../../helpers/offline/sqs";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };
const UNKNOWN = "00000000-0000-4000-8000-000000000000";

const create = (input: Partial<CreateEventSourceMappingCommandInput>) =>
  new CreateEventSourceMappingCommand({ FunctionName: "main", ...input });
const ofOrders = { EventSourceArn: arnOf("orders") };
const ofItems = { EventSourceArn: TABLE_STREAM };

const filter = (Pattern: string) => ({ FilterCriteria: { Filters: [{ Pattern }] } });

/** What AWS refuses: the code, the status and the message. */
const refusals: [
  what: string,
  send: (client: LambdaClient) => Promise<unknown>,
  code: string,
  status: number,
  message: string,
][] = [
  ["no source", (client) => client.send(create({ FunctionName: "other" })), ...invalid("Unrecognized event source.")],
  [
    "an unknown function",
    (client) => client.send(create({ FunctionName: "other", ...ofOrders })),
    ...invalid("Function does not exist"),
  ],
  [
    "a destination of a queue's mapping",
    (client) =>
      client.send(
        create({ FunctionName: "other", ...ofOrders, DestinationConfig: { OnSuccess: { Destination: arnOf("b") } } }),
      ),
    ...invalid("Unsupported DestinationConfig parameter for given event source mapping type."),
  ],
  [
    "an unknown queue",
    (client) => client.send(create({ EventSourceArn: arnOf("none") })),
    ...invalid(
      "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.",
    ),
  ],
  [
    "an unknown stream",
    (client) => client.send(create({ EventSourceArn: `${STREAM_ARN}/none`, StartingPosition: "LATEST" })),
    ...invalid(`Stream not found: ${STREAM_ARN}/none`),
  ],
  [
    "an unknown table's stream",
    (client) =>
      client.send(create({ EventSourceArn: TABLE_STREAM.replace("items", "none"), StartingPosition: "LATEST" })),
    ...invalid(`Stream not found: ${TABLE_STREAM.replace("items", "none")}`),
  ],
  [
    "a stream without a starting position",
    (client) => client.send(create({ EventSourceArn: `${STREAM_ARN}/orders` })),
    ...invalid(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    ),
  ],
  [
    "a starting position that tables do not have",
    (client) =>
      client.send(
        create({
          ...ofItems,
          StartingPosition: "AT_TIMESTAMP",
          StartingPositionTimestamp: new Date(1_741_010_802_000),
        }),
      ),
    ...invalid(`Unsupported starting position for arn type: ${TABLE_STREAM}`),
  ],
  [
    "a batch that needs a window",
    (client) => client.send(create({ ...ofOrders, BatchSize: 11 })),
    ...invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"),
  ],
  ...["null", "simple string", '{"eventSource":"aws:sqs"}', '{"eventSource":[]}', '[{"eventName": ["INSERT"=123}]'].map(
    (pattern): (typeof refusals)[number] => [
      `the filter ${pattern}`,
      (client) => client.send(create({ ...ofOrders, ...filter(pattern) })),
      ...invalid("Invalid filter pattern definition."),
    ],
  ),
  ...(
    [
      ["reading", GetEventSourceMappingCommand],
      ["a change of", UpdateEventSourceMappingCommand],
      ["deleting", DeleteEventSourceMappingCommand],
    ] as const
  ).map(([what, Command]): (typeof refusals)[number] => [
    `${what} an unknown mapping`,
    (client) => client.send(new Command({ UUID: UNKNOWN }) as GetEventSourceMappingCommand),
    "ResourceNotFoundException",
    404,
    "The resource you requested does not exist.",
  ]),
];

function invalid(message: string): [code: string, status: number, message: string] {
  return ["InvalidParameterValueException", 400, message];
}

/** How a request is refused. */
async function refused(request: Promise<unknown>): Promise<unknown[]> {
  const { name, $metadata, message } = await request.then(
    () => ({ name: "not refused", $metadata: {}, message: "" }),
    (error) => error,
  );
  return [name, $metadata.httpStatusCode, message];
}

/** A mapping without what differs from one to the next. */
function described({
  UUID,
  EventSourceMappingArn,
  LastModified,
  ...rest
}: EventSourceMappingConfiguration & { $metadata?: unknown }) {
  expect(EventSourceMappingArn).to.equal(`arn:aws:lambda:eu-west-1:123456789012:event-source-mapping:${UUID}`);
  expect(LastModified).to.be.an.instanceOf(Date);
  const { $metadata, ...mapping } = rest;
  return mapping;
}

describe("Lambda's operations on event source mappings", () => {
  let server: Served;
  let client: LambdaClient;

  before(async () => {
    server = await serveMappings(
      queue("orders"),
      queue("slow", { visibilityTimeoutSeconds: 0 }),
      stream("orders"),
      streamedTable(),
    );
    client = lambdaOf(server);
  });

  after(closeServers);

  testFacts(
    {
      ...RECORDED,
      facts: refusals.map(([what, request, ...refusal]) => ({
        fact: `A mapping is refused for ${what}`,
        request,
        refusal,
      })),
    },
    async ({ request, refusal }) => {
      expect(await refused(request(client))).to.deep.equal(refusal);
    },
  );

  const bounds: [fact: string, input: object][] = [
    ["A mapping has a batch size of at most 10,000", { ...ofOrders, BatchSize: 10_001 }],
    ["A mapping retries at most 10,000 times", { ...ofItems, MaximumRetryAttempts: 10_001 }],
  ];
  testFacts(
    { service: "Lambda", source: MODEL, facts: bounds.map(([fact, input]) => ({ fact, input })) },
    async ({ input }) => {
      const [code, status] = await refused(client.send(create(input)));
      expect([code, status]).to.deep.equal(["ValidationException", 400]);
    },
  );

  it("refuse a queue whose visibility timeout is shorter than the function's timeout", async () => {
    expect(await refused(client.send(create({ EventSourceArn: arnOf("slow") })))).to.deep.equal(
      invalid("Queue visibility timeout: 0 seconds is less than Function timeout: 1 seconds"),
    );
  });

  const names: [FunctionName: string, arn: string][] = [
    ["main", `${FUNCTION_ARN}:main`],
    ["main:$LATEST", `${FUNCTION_ARN}:main:$LATEST`],
    [`${FUNCTION_ARN}:main`, `${FUNCTION_ARN}:main`],
  ];
  testFacts(
    {
      ...RECORDED,
      facts: names.map(([name, arn]) => ({ fact: `A mapping of ${name} has the function's ARN`, name, arn })),
    },
    async ({ name, arn }) => {
      const { FunctionArn, UUID } = await client.send(create({ FunctionName: name, ...ofOrders }));
      await client.send(new DeleteEventSourceMappingCommand({ UUID }));
      expect(FunctionArn).to.equal(arn);
    },
  );

  testFact(RECORDED, "Create, read, change and delete a mapping of a queue", async () => {
    const created = await client.send(create({ ...ofOrders, FilterCriteria: { Filters: [] } }));
    expect(created.$metadata.httpStatusCode).to.equal(202);
    const { UUID } = created;
    const description = {
      BatchSize: 10,
      EventSourceArn: arnOf("orders"),
      FunctionArn: `${FUNCTION_ARN}:main`,
      FunctionResponseTypes: [],
      MaximumBatchingWindowInSeconds: 0,
      StateTransitionReason: "USER_INITIATED",
    };
    expect(described(created)).to.deep.equal({ ...description, State: "Creating" });
    const read = () => client.send(new GetEventSourceMappingCommand({ UUID }));
    expect(described(await read())).to.deep.equal({ ...description, State: "Enabled" });
    await send(server, "orders", "a");
    await until(() => textsOf(server).length === 1);
    const update = (input: object) => client.send(new UpdateEventSourceMappingCommand({ UUID, ...input }));
    expect(await refused(update({ BatchSize: 11 }))).to.deep.equal(
      invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"),
    );
    expect((await update({ BatchSize: 1 })).State).to.equal("Updating");
    expect((await update({ Enabled: false })).State).to.equal("Disabling");
    expect((await read()).State).to.equal("Disabled");
    await send(server, "orders", "b");
    expect((await update({ Enabled: true })).State).to.equal("Enabling");
    await until(() => textsOf(server).length === 2);
    expect((await client.send(new DeleteEventSourceMappingCommand({ UUID }))).State).to.equal("Deleting");
    expect((await refused(read()))[0]).to.equal("ResourceNotFoundException");
  });

  testFact(RECORDED, "Describe a mapping of a stream with all its defaults, and refuse it twice", async () => {
    const input = { ...ofItems, StartingPosition: "TRIM_HORIZON" as const };
    const created = await client.send(create(input));
    expect(described(created)).to.deep.equal({
      BatchSize: 100,
      BisectBatchOnFunctionError: false,
      DestinationConfig: { OnFailure: {} },
      EventSourceArn: TABLE_STREAM,
      FunctionArn: `${FUNCTION_ARN}:main`,
      FunctionResponseTypes: [],
      LastProcessingResult: "No records processed",
      MaximumBatchingWindowInSeconds: 0,
      MaximumRecordAgeInSeconds: -1,
      MaximumRetryAttempts: -1,
      ParallelizationFactor: 1,
      StartingPosition: "TRIM_HORIZON",
      State: "Creating",
      StateTransitionReason: "User action",
      TumblingWindowInSeconds: 0,
    });
    const { UUID } = created;
    expect(await refused(client.send(create(input)))).to.deep.equal([
      "ResourceConflictException",
      409,
      `The event source arn (" ${TABLE_STREAM} ") and function (" main ") provided mapping already exists. Please update or delete the existing mapping with UUID ${UUID}`,
    ]);
    const list = async (by: object) => (await client.send(new ListEventSourceMappingsCommand(by))).EventSourceMappings;
    expect((await list(ofItems))?.map((one) => one.UUID)).to.deep.equal([UUID]);
    expect(await list({ FunctionName: "none" })).to.deep.equal([]);
    expect(await list(ofOrders)).to.deep.equal([]);
    await client.send(new DeleteEventSourceMappingCommand({ UUID }));
  });

  testFact(RECORDED, "Refuse a second mapping of a queue and a function", async () => {
    const { UUID } = await client.send(create(ofOrders));
    expect((await refused(client.send(create(ofOrders))))[2]).to.equal(
      `An event source mapping with SQS arn (" ${arnOf("orders")} ") and function (" main ") already exists. Please update or delete the existing mapping with UUID ${UUID}`,
    );
    await client.send(new DeleteEventSourceMappingCommand({ UUID }));
  });
});
