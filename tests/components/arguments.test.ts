import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental";
import { expect } from "chai";
import * as components from "../../components";
import { below } from "../../components/validation";
import { componentOf, create, examples } from "../helpers/components/examples";
import { mistakes, resolved, resources, startMocks } from "../helpers/components/mocks";

type Fields = Record<string, unknown>;

const types = [...new Set(examples.map(([type]) => type))];
const statements = [{ actions: ["s3:GetObject"], resources: ["*"] }];
const entry = "handlers/items.ts";
const later = pulumi.output("later");

/** An API with one route. */
function api(route: object, more: object = {}): object {
  const target = { functionName: "items", invokeArn: "arn" };
  return { routes: { "GET /items": { function: target, operationId: "listItems", ...route } }, ...more };
}

/** A queue on Spot with one job. */
function batch(changes: object, job: object = {}): object {
  const environments = [{ type: "SPOT", maxVcpus: 16 }];
  return { environments, jobs: { one: { image: "i", ...job } }, subnetIds: ["s"], vpcId: "v", ...changes };
}

type Found = [path: string, reason: RegExp][];

describe("a component's arguments", () => {
  beforeEach(startMocks);

  it("have an example each", () => {
    expect(types).to.have.members(getPulumiComponents(components).map(({ name }) => name));
  });

  for (const [type, args] of examples) {
    it(`are accepted unchanged if nothing is wrong with them: ${type}`, async () => {
      expect(mistakes(() => create(type, args))).to.deep.equal([]);
      expect((await resources()).map((one) => one.type)).to.include(`graviton:index:${type}`);
    });
  }

  for (const [type, args] of new Map(examples)) {
    it(`are not needed by a reference, which creates nothing: ${type}`, async () => {
      const urn = await resolved(create(type, args).urn);
      new (componentOf(type))("one", undefined, { urn });
      const made = (await resources()).map((one) => `${one.type} ${one.name}`);
      expect(made).to.deep.equal([...new Set(made)]);
    });
  }

  it("are refused with an error that shows the program's frames and nothing twice", () => {
    let shown = "";
    try {
      new components.AlarmTopic("alarms", { email: 5 } as object);
    } catch (error) {
      expect(pulumi.InputPropertiesError.isInstance(error)).to.equal(true);
      shown = inspect(error);
    }
    const [title, mistake, ...frames] = shown.split("\n");
    expect(title).to.match(/AlarmTopic "alarms" has a mistake:$/);
    expect(mistake).to.match(/^ {2}- email: is a number; write /);
    expect(frames[0]).to.match(/^ +at .*arguments\.test\.ts:/);
    expect(frames.join("\n")).not.to.match(/node_modules|node:|propertyPath/);
  });

  describe("are refused", () => {
    const cases: [what: string, type: string, args: unknown, found: Found][] = [
      [
        "a misspelt list",
        "LambdaFunction",
        { entry, acces: [] },
        [["acces", /^is not a property of LambdaFunction's arguments; did you mean "access"\?$/]],
      ],
      ["a misspelt number", "LambdaFunction", { entry, timeuot: 3 }, [["timeuot", /did you mean "timeout"\?/]]],
      [
        "text instead of a number",
        "LambdaFunction",
        { entry, memorySize: "lots" },
        [
          [
            "memorySize",
            /^is "lots"; write a whole number from 128 to 10240 MB, or up to 32768 MB with a capacity provider$/,
          ],
        ],
      ],
      [
        "half a second",
        "LambdaFunction",
        { entry, timeout: 0.5 },
        [
          [
            "timeout",
            /^is 0.5; write a whole number from 1 to 900 seconds, or up to 5400 seconds with a capacity provider$/,
          ],
        ],
      ],
      [
        "text instead of a boolean",
        "ItemsTable",
        { deletionProtection: "yes" },
        [["deletionProtection", /^is "yes"; write true or false$/]],
      ],
      ["a misspelt text", "ItemsTable", { ttlAtribute: "at" }, [["ttlAtribute", /did you mean "ttlAttribute"\?/]]],
      ["a misspelt object", "ServerlessApi", api({}, { throtle: {} }), [["throtle", /did you mean "throttle"\?/]]],
      [
        "a misspelt property of a route",
        "ServerlessApi",
        api({ atuh: "none" }),
        [['routes["GET /items"].atuh', /^is not a property of RouteArgs; did you mean "auth"\?$/]],
      ],
      [
        "text instead of a list",
        "ItemsTable",
        { globalIndexes: "byOwner" },
        [["globalIndexes", /^is "byOwner"; write an array of up to 20 objects with `name`$/]],
      ],
      [
        "null in a list",
        "LambdaFunction",
        { entry, access: [null] },
        [["access[0]", /^is null; write an object with `environment` and `statements`$/]],
      ],
      [
        "text instead of an object",
        "ServerlessApi",
        api({}, { cors: "*" }),
        [["cors", /^is "\*"; write an object with `allowOrigins`$/]],
      ],
      [
        "a list instead of an object",
        "LambdaFunction",
        { entry, environment: ["A"] },
        [["environment", /^is an array; write an object that maps names to strings$/]],
      ],
      [
        "a property that resembles no other",
        "AlarmTopic",
        { queue: "a" },
        [["queue", /^is not a property of AlarmTopic's arguments; write email, kmsKeyArn or tags$/]],
      ],
      [
        "a value that an enum lacks",
        "Network",
        { nat: "single" },
        [["nat", /^is "single"; write "None", "Single", "OnePerAz" or "Regional"$/]],
      ],
      [
        "a property that Python leaves out",
        "LambdaFunction",
        { entry, access: [{ statements }] },
        [["access[0].environment", /^is missing; write an object that maps names to strings$/]],
      ],
      [
        "null instead of a required property",
        "JobTrigger",
        { batch: null, schedule: "rate(1 day)" },
        [["batch", /^is missing; write a GravitonBatch, or its \{ queueArn, jobDefinitionArns \}$/]],
      ],
      [
        "a required property that Python leaves out of a list in an object",
        "GravitonBatch",
        batch({}, { access: [{ environment: {} }] }),
        [["jobs.one.access[0].statements", /^is missing; write an array of objects with `actions` and `resources`$/]],
      ],
      [
        "half of a queue",
        "JobSubmission",
        { batch: { queueArn: "arn" } },
        [["batch", /^lacks `queueArn` or `jobDefinitionArns`/]],
      ],
      [
        "a job that is not among the definitions",
        "JobSubmission",
        { batch: { queueArn: later, jobDefinitionArns: { one: later, two: later } }, job: "three" },
        [["batch", /^access: there is no job "three"; write `job`: "one" or "two"$/]],
      ],
      [
        "null among names",
        "LambdaFunction",
        { entry, environment: { A1: null } },
        [["environment.A1", /^is null; write a string$/]],
      ],
      [
        "an Output among plain values",
        "LambdaFunction",
        { entry: later },
        [["entry", /^is an Output, which is known only during the deployment; write a plain value$/]],
      ],
      [
        "a promise among plain values",
        "Network",
        { zones: Promise.resolve(2) },
        [["zones", /^is a promise, which is known only/]],
      ],
      [
        "an object of another class",
        "JobTrigger",
        { batch: new Date(), schedule: "rate(1 day)" },
        [["batch", /^lacks `queueArn` or `jobDefinitionArns`; write both, or a GravitonBatch$/]],
      ],
      [
        "a number for text, which is not shown because it may be a secret",
        "LambdaFunction",
        { entry, environment: { PIN: 1234 } },
        [["environment.PIN", /^is a number; write a string$/]],
      ],
      ["arguments that are not an object", "EncryptionKey", "key", [["args", /^is "key"; write an object$/]]],
      [
        "all of a queue's mistakes at once",
        "GravitonBatch",
        batch({ environments: [{ type: "SPOT", maxVcpus: "4" }], subnetIds: undefined }, { vcpu: 2 }),
        [
          ["environments[0].maxVcpus", /^is "4"; write a whole number from 1 to 1000000 vCPUs$/],
          ["jobs.one.vcpu", /^is not a property of JobArgs; did you mean "vcpus"\?$/],
          ["subnetIds", /^is missing; write the ids of one or more private subnets$/],
        ],
      ],
      [
        "mistakes found by the shape and by the component's rules, in reading order",
        "LambdaFunction",
        { timeout: 0, environment: { "A-B": "1" }, entry: "none.ts", layer: [] },
        [
          ["timeout", /from 1 to 900/],
          ["environment.A-B", /is not a name/],
          ["entry", /there is no file/],
          ["layer", /did you mean "layers"\?/],
        ],
      ],
      [
        "a misspelt name, but not for the missing property that it stands for",
        "GravitonBatch",
        { ...batch({}), subnetIds: undefined, subnetId: ["s"] },
        [["subnetId", /did you mean "subnetIds"\?/]],
      ],
    ];
    for (const [what, type, args, found] of cases) {
      it(`for ${what}`, async () => {
        const reasons = mistakes(() => create(type, args));
        expect(reasons.map(([path]) => path)).to.deep.equal(found.map(([path]) => path));
        for (const [index, [, reason]] of found.entries()) expect(reasons[index]?.[1]).to.match(reason);
        expect(await resources()).to.deep.equal([]);
      });
    }
  });

  describe("are accepted", () => {
    const arn = "arn:aws:lambda:eu-west-1:123456789012:layer:a:1";
    const looked = { arn, compatibleArchitectures: ["arm64"], createdDate: "today" };
    const cases: [what: string, type: string, args: object][] = [
      [
        "null for optional properties, as other languages send it",
        "LambdaFunction",
        { entry, alias: null, layers: null, url: { cors: null } },
      ],
      ["undefined among named objects", "GravitonBatch", batch({ jobs: { one: { image: "i" }, none: undefined } })],
      [
        "undefined anywhere",
        "LambdaFunction",
        { entry, alais: undefined, environment: { A1: undefined }, vpc: undefined },
      ],
      [
        "Outputs and promises of Inputs",
        "LambdaFunction",
        { entry, timeout: pulumi.output(3), kmsKeyArn: Promise.resolve("arn"), environment: { A1: later } },
      ],
      [
        "an Output of an object that contains only Inputs",
        "LambdaFunction",
        { entry, layers: [pulumi.output(looked)], vpc: pulumi.output({ subnetIds: ["s"], securityGroupIds: ["g"] }) },
      ],
      ["a lookup's result, with more properties than are needed", "LambdaFunction", { entry, layers: [looked] }],
      [
        "a resource of another class with all the needed properties",
        "LambdaFunction",
        { entry, layers: [new aws.lambda.LayerVersion("a", { layerName: "a" })] },
      ],
    ];
    for (const [what, type, args] of cases) {
      it(`with ${what}`, () => expect(mistakes(() => create(type, args))).to.deep.equal([]));
    }

    it("without properties that are null", async () => {
      create("LambdaFunction", { entry, memorySize: null, alias: null });
      const found = (await resources()).find(({ type }) => type === "aws:lambda/function:Function");
      expect(found?.inputs).to.include({ memorySize: 512, publish: false });
    });
  });

  for (const type of types) {
    it(`are checked even if they are left out: ${type}`, () => {
      const found = mistakes(() => create(type));
      for (const [, reason] of found) expect(reason).to.match(/^is missing/);
      const free = [
        ...["AlarmTopic", "EncryptionKey", "Network", "ItemsTable", "DataBucket", "DataLake"],
        ...["Queue", "Topic", "EventStream"],
      ];
      expect(found.length === 0).to.equal(free.includes(type));
    });

    it(`are refused together with an invalid name: ${type}`, () => {
      for (const [name, fault] of [
        [undefined, "is undefined"],
        ["", "is empty"],
        [7, "is 7"],
      ]) {
        const make = () => new (componentOf(type))(name, { nonsense: 1 });
        const [first, ...others] = mistakes(make);
        expect(first).to.deep.equal(["name", `${fault}; write a name for the component`]);
        expect(others.map(([path]) => path)).to.include("nonsense");
        expect(make).to.throw(new RegExp(`^${type} has \\d+ mistakes:\n`));
      }
    });

    it(`must not have unknown properties: ${type}`, () => {
      expect(mistakes(() => create(type, { nonsense: 1 })).map(([path]) => path)).to.include("nonsense");
    });
  }

  describe("of which some are null are accepted, or reported as where they are left out", function () {
    // Each value of an example takes a component.
    this.timeout(90_000);
    for (const [index, [type, args]] of examples.entries()) {
      it(`${type}, example ${index}`, async () => {
        const left = new Map(variants(args, () => undefined));
        for (const [path, wrong] of variants(args, () => null)) {
          const found = mistakes(() => create(type, wrong));
          // What was created is registered and forgotten, which would otherwise fill the heap.
          await setImmediate();
          if (found[0]?.[1].startsWith("is null")) expect(found.map(([at]) => at)).to.deep.equal([path]);
          else expect(found).to.deep.equal(mistakes(() => check(type, left.get(path))));
        }
      });
    }
  });

  describe("of a wrong type are reported, without mistakes that follow from them", () => {
    for (const [index, [type, args]] of examples.entries()) {
      it(`${type}, example ${index}`, () => {
        const found = variants(args, wrongFor).map(([path, wrong]) => [
          path,
          mistakes(() => create(type, wrong)).map(([at]) => at),
        ]);
        expect(found.length).to.be.above(0);
        expect(found.filter(([path, paths]) => String(paths) !== path)).to.deep.equal([]);
      });
    }
  });
});

/** Creates a component without its children: its arguments are checked before them. */
function check(type: string, args: unknown): void {
  const Component: new (name: string, args: unknown) => object = componentOf(type);
  class Childless extends Component {
    create(): void {}
  }
  new Childless("one", args);
}

/** Arguments without a type in this library: only their outermost value is checked. */
const free = [
  ...["tableArgs", "functionArgs", "restApiArgs", "httpApiArgs", "apiArgs", "queueArgs", "topicArgs", "streamArgs"],
  ...["schema", "code", "eventPattern", "pattern", "filters", "filterPolicy", "input"],
];

/** The same arguments with one value after another replaced by another, at every depth. */
function variants(value: unknown, other: (part: unknown) => unknown, path = ""): [path: string, wrong: unknown][] {
  if (typeof value !== "object" || value === null || pulumi.Output.isInstance(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const place = Array.isArray(value) ? `${path}[${key}]` : below(path, key);
    const parts: [string, unknown][] = [
      [place, other(part)],
      ...(free.includes(key) ? [] : variants(part, other, place)),
    ];
    return parts.map(([at, wrong]): [string, unknown] => [at, replaced(value, key, wrong)]);
  });
}

function wrongFor(value: unknown): unknown {
  if (typeof value === "string" || typeof value === "function") return 42;
  return pulumi.Output.isInstance(value) ? false : "x";
}

function replaced(whole: object, key: string, part: unknown): unknown {
  const copy: Fields = Array.isArray(whole) ? ([...whole] as unknown as Fields) : { ...whole };
  copy[key] = part;
  return copy;
}
