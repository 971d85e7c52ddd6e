import { expect } from "chai";
import { DOCUMENTATION, testFacts } from "../../../../helpers/facts";
import { ECHO, messageIn } from "../../../../helpers/offline/api";
import { graphOf, lambda, proxy, resource, restApi } from "../../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const keyed = proxy("echo", { security: [{ key: [] }] });
const document = {
  paths: { "/": { get: keyed, post: keyed }, "/items/{id}": { "x-amazon-apigateway-any-method": keyed } },
  components: { securitySchemes: { key: { type: "apiKey", name: "x-api-key", in: "header" } } },
  "x-amazon-apigateway-gateway-responses": {
    QUOTA_EXCEEDED: { responseParameters: { "gatewayresponse.header.Retry-After": "'86400'" } },
    THROTTLED: { responseParameters: { "gatewayresponse.header.Retry-After": "'1'" } },
  },
};

const secretOf = (key: string) => key.repeat(20);

function key(name: string, inputs: object = {}) {
  return resource("aws:apigateway/apiKey:ApiKey", name, { value: secretOf(name), ...inputs }, { id: `${name}0id` });
}

/** A usage plan of the stage, and its keys. */
function plan(name: string, keys: string[], settings: object = {}, throttles: object[] = []) {
  const id = `${name}0id`;
  const apiStages = [{ apiId: "api0id", stage: "Prod", throttles }];
  return [
    resource("aws:apigateway/usagePlan:UsagePlan", name, { apiStages, ...settings }, { id }),
    ...keys.map((one) =>
      resource("aws:apigateway/usagePlanKey:UsagePlanKey", `${name}-${one}`, {
        usagePlanId: id,
        keyId: `${one}0id`,
        keyType: "API_KEY",
      }),
    ),
  ];
}

const SLOW = { burstLimit: 1, rateLimit: 0.001 };

describe("A usage plan", () => {
  let folder: string;
  let server: Served;
  const resources = [
    lambda("echo", ECHO),
    ...restApi("api", document),
    ...["a", "b", "c", "d", "e", "f", "g"].map((name) => key(name)),
    key("off", { enabled: false }),
    ...plan("daily", ["a", "b", "off"], { quotaSettings: { limit: 3, offset: 1, period: "DAY" } }),
    ...plan("monthly", ["e", "g"], { quotaSettings: { limit: 1, period: "MONTH" } }),
    ...plan("weekly", ["f"], { quotaSettings: { limit: 1, period: "WEEK" } }),
    ...plan("slow", ["c"], { throttleSettings: SLOW, quotaSettings: { limit: 10, period: "DAY" } }),
    ...plan("partly", ["d"], {}, [{ path: "/items/{id}/GET", ...SLOW }]),
  ];
  const serve = () => serveGraph(graphOf(folder, ...resources), { data: `${folder}/data` });

  before(async () => {
    folder = temporaryFolder();
    server = await serve();
  });
  after(closeServers);

  const call = (name: string, path = "/", method = "GET") =>
    server.call(path, { method, headers: { "x-api-key": secretOf(name) } });
  const statuses = async (name: string, ...calls: [path?: string, method?: string][]) => {
    const answers: number[] = [];
    for (const [path, method] of calls) answers.push((await call(name, path, method)).status);
    return answers;
  };

  /** Calls at another time. */
  async function at<Result>(time: number, work: () => Promise<Result>): Promise<Result> {
    const real = Date.now;
    Date.now = () => time;
    try {
      return await work();
    } finally {
      Date.now = real;
    }
  }

  testFacts(
    {
      service: "API Gateway",
      source: DOCUMENTATION,
      facts: [
        {
          fact: "A usage plan's quota refuses further requests with 429 and Limit Exceeded, through QUOTA_EXCEEDED",
          check: async () => {
            expect(await statuses("b", [], [])).to.deep.equal([200, 200]);
            const answer = await call("b");
            const type = answer.headers.get("x-amzn-errortype");
            expect([answer.status, type, answer.headers.get("retry-after"), await messageIn(answer)]).to.deep.equal([
              429,
              "LimitExceededException",
              "86400",
              "Limit Exceeded",
            ]);
          },
        },
        {
          fact: "A usage plan's throttle refuses a request too many with 429 and Too Many Requests, through THROTTLED",
          check: async () => {
            expect(await statuses("c", [])).to.deep.equal([200]);
            const answer = await call("c");
            const type = answer.headers.get("x-amzn-errortype");
            expect([answer.status, type, answer.headers.get("retry-after"), await messageIn(answer)]).to.deep.equal([
              429,
              "TooManyRequestsException",
              "1",
              "Too Many Requests",
            ]);
          },
        },
        {
          fact: "A usage plan's throttle of a method leaves the others alone",
          check: async () => {
            const items = ["/items/1", "/items/2"].map((path): [string] => [path]);
            expect(await statuses("d", ...items, ["/items/1", "PUT"], [], [])).to.deep.equal([200, 429, 200, 200, 200]);
          },
        },
        {
          fact: "A disabled key, an unknown key and no key are 403 and Forbidden",
          check: async () => {
            const answers = [await call("off"), await call("x"), await server.call("/")];
            const all = await Promise.all(answers.map(async (one) => [one.status, await messageIn(one)]));
            expect(all).to.deep.equal(Array(3).fill([403, "Forbidden"]));
          },
        },
      ],
    },
    ({ check }) => check(),
  );

  it("has less in its first period, by the offset, and is as good as new in the next one", async () => {
    const start = Date.UTC(2030, 0, 5, 23, 59, 59);
    await at(start, async () => expect(await statuses("a", [], [], [])).to.deep.equal([200, 200, 429]));
    await at(start + 1000, async () => expect(await statuses("a", [], [], [], [])).to.deep.equal([200, 200, 200, 429]));
  });

  const periods: [key: string, first: number, same: number, next: number][] = [
    ["e", Date.UTC(2030, 0, 1), Date.UTC(2030, 0, 31, 23), Date.UTC(2030, 1, 1)],
    ["f", Date.UTC(2030, 0, 6), Date.UTC(2030, 0, 12, 23), Date.UTC(2030, 0, 13)],
  ];
  for (const [name, first, same, next] of periods) {
    it(`counts by the ${name === "e" ? "month" : "week"}`, async () => {
      const found: number[] = [];
      for (const time of [first, same, next]) found.push(...(await at(time, () => statuses(name, []))));
      expect(found).to.deep.equal([200, 429, 200]);
    });
  }

  it("is not filled up by a new start with the same data", async () => {
    expect(await statuses("g", [], [])).to.deep.equal([200, 429]);
    await server.close();
    server = await serve();
    expect(await statuses("g", [])).to.deep.equal([429]);
  });
});
