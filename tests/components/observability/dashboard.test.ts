import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as components from "../../../components";
import { examples } from "../../helpers/components/examples";
import { inputsOf, resources, startMocks } from "../../helpers/components/mocks";

const { Dashboard } = components;

interface Widget {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: Record<string, unknown>;
}

type MetricOptions = { expression?: string; stat?: string; label?: string };

const dashboardType = "aws:cloudwatch/dashboard:Dashboard";
const queryType = "aws:cloudwatch/queryDefinition:QueryDefinition";

async function widgetsOf(): Promise<Widget[]> {
  return JSON.parse((await inputsOf(dashboardType)).dashboardBody).widgets;
}

/** The metrics of each graph, as `namespace/metric dimension=value … statistic`, by the graph's title. */
async function graphs(): Promise<Record<string, string[]>> {
  const found = (await widgetsOf()).filter(({ type }) => type === "metric");
  return Object.fromEntries(found.map(({ properties }) => [properties.title, (properties.metrics as []).map(asText)]));
}

function asText(metric: (string | MetricOptions)[]): string {
  const options = metric.at(-1) as MetricOptions;
  if (options.expression) return options.expression;
  const [namespace, name, ...dimensions] = metric.slice(0, -1) as string[];
  const pairs = dimensions.flatMap((key, index) => (index % 2 ? [] : [`${key}=${dimensions[index + 1]}`]));
  return `${namespace}/${name} ${pairs.join(" ")} ${options.stat}`;
}

async function queries() {
  return (await resources()).filter(({ type }) => type === queryType);
}

/**
 * What a dashboard's body must be like.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
function expectValid(widgets: Widget[]): void {
  expect(widgets.length).to.be.at.most(500);
  const taken = new Set<string>();
  for (const { type, x, y, width, height, properties } of widgets) {
    for (const number of [x, y, width, height]) expect(Number.isInteger(number), `${number}`).to.equal(true);
    expect(x).to.be.within(0, 23);
    expect(x + width).to.be.within(1, 24);
    expect(height).to.be.within(1, 1000);
    for (let column = x; column < x + width; column++) {
      for (let row = y; row < y + height; row++) {
        expect(taken.has(`${column} ${row}`), "widgets overlap").to.equal(false);
        taken.add(`${column} ${row}`);
      }
    }
    if (type === "text") expect(properties.markdown).to.be.a("string");
    else expectMetrics(type, properties);
  }
}

function expectMetrics(type: string, { metrics, region, view, period, title }: Record<string, unknown>): void {
  expect({ type, region, view, period }).to.deep.equal({
    type: "metric",
    region: "eu-west-1",
    view: "timeSeries",
    period: 300,
  });
  expect(title).to.be.a("string");
  expect(metrics).to.be.an("array").that.is.not.empty;
  for (const metric of metrics as (string | MetricOptions)[][]) {
    const { expression, stat } = metric.at(-1) as MetricOptions;
    if (expression) expect(metric).to.have.length(1);
    else {
      expect(metric.length % 2, "names of dimensions and their values, in pairs").to.equal(1);
      for (const text of metric.slice(0, -1)) expect(text).to.be.a("string").that.is.not.empty;
      expect(stat).to.match(/^(Sum|Average|Minimum|Maximum|SampleCount|p\d+)$/);
    }
  }
}

describe("Dashboard", () => {
  beforeEach(() => startMocks());

  it("has a valid body, with a row for whatever can be watched", async () => {
    const args = examples.find(([type]) => type === "Dashboard")?.[1] as components.DashboardArgs;
    new Dashboard("one", args);
    const widgets = await widgetsOf();
    expectValid(widgets);
    const rows = new Set(widgets.map(({ y }) => y));
    expect(rows.size).to.equal(1 + args.watch.length);
  });

  it("stays below 500 widgets with as many components as it accepts", async () => {
    const watch = Array.from({ length: 166 }, (_, index) => ({ functionName: `f${index}` }));
    new Dashboard("one", { watch });
    const widgets = await widgetsOf();
    expect(widgets).to.have.length(499);
    expectValid(widgets);
    expect(() => new Dashboard("two", { watch: [...watch, { functionName: "more" }] })).to.throw("watch: has 167");
  });

  it("names the project and the stack", async () => {
    new Dashboard("one", { watch: [{ tableName: "orders" }] });
    expect((await inputsOf(dashboardType)).dashboardName).to.equal("project-stack-one");
    const [heading] = await widgetsOf();
    expect(heading?.properties.markdown).to.match(/^# project \/ stack\n/);
  });

  it("graphs the metrics of components, by the dimensions that CloudWatch has for them", async () => {
    const table = new components.ItemsTable("items");
    const code = new pulumi.asset.AssetArchive({});
    const worker = new components.LambdaFunction("worker", { code, handler: "index.handler" });
    const queue = new components.Queue("jobs");
    const stream = new components.EventStream("clicks");
    const route = { function: worker, operationId: "get" };
    const rest = new components.ServerlessApi("rest", { routes: { "GET /": route } });
    const http = new components.HttpApi("http", { routes: { "GET /": route } });
    new Dashboard("one", { watch: [rest, http, worker, table, stream, queue] });
    expectValid(await widgetsOf());
    const found = await graphs();
    expect(Object.keys(found)).to.deep.equal([
      ...["API rest-1234567: requests", "API rest-1234567: latency (ms)"],
      ...["API http-id: requests", "API http-id: latency (ms)"],
      ...["calls", "duration (ms)", "concurrency"].map((graph) => `function worker-1234567: ${graph}`),
      ...["consumed capacity", "throttled requests"].map((graph) => `table items-1234567: ${graph}`),
      ...["records", "age of what is read (ms)", "refused requests"].map((graph) => `stream clicks-1234567: ${graph}`),
      ...["messages", "waiting messages", "age of the oldest message (s)"].map(
        (graph) => `queue jobs-1234567: ${graph}`,
      ),
    ]);
    expect(found["API rest-1234567: requests"]).to.deep.equal([
      "AWS/ApiGateway/Count ApiName=rest-1234567 Stage=Prod Sum",
      "AWS/ApiGateway/4XXError ApiName=rest-1234567 Stage=Prod Sum",
      "AWS/ApiGateway/5XXError ApiName=rest-1234567 Stage=Prod Sum",
    ]);
    expect(found["API http-id: requests"]?.[1]).to.equal("AWS/ApiGateway/4xx ApiId=http-id Stage=Prod Sum");
    expect(found["function worker-1234567: duration (ms)"]).to.deep.equal([
      "AWS/Lambda/Duration FunctionName=worker-1234567 p50",
      "AWS/Lambda/Duration FunctionName=worker-1234567 p99",
    ]);
  });

  it("graphs the messages of a WebSocket API, whose metrics are not an HTTP API's", async () => {
    const managementUrl = "https://a1.execute-api.eu-west-1.amazonaws.com/live";
    new Dashboard("one", { watch: [{ managementUrl, apiId: "a1", stageName: "live" }] });
    expect((await graphs())["API a1: connections and messages"]).to.deep.equal([
      "AWS/ApiGateway/ConnectCount ApiId=a1 Stage=live Sum",
      "AWS/ApiGateway/MessageCount ApiId=a1 Stage=live Sum",
    ]);
  });

  it("names a topic by the end of its ARN, and searches for metrics whose dimensions differ between releases", async () => {
    const watch = [{ topicArn: "arn:aws:sns:eu-west-1:123456789012:news" }, { applicationId: "00f" }];
    new Dashboard("one", { watch });
    const found = await graphs();
    expect(found["topic news: messages"]).to.deep.equal(["AWS/SNS/NumberOfMessagesPublished TopicName=news Sum"]);
    expect(found["application 00f: allocated vCPUs"]).to.deep.equal([
      `SEARCH('Namespace="AWS/EMRServerless" MetricName="CPUAllocated" ApplicationId="00f"', 'Maximum', 300)`,
    ]);
  });

  it("says that a job queue has no metrics, instead of graphing those of an SQS queue", async () => {
    new Dashboard("one", { watch: [{ queueName: "jobs", jobDefinitionArns: {} }] });
    const [, row] = await widgetsOf();
    expect(row).to.deep.include({ type: "text" });
    expect(row?.properties.markdown).to.match(/^\*\*job queue jobs\*\*: AWS Batch has no metrics/);
  });

  it("saves queries of the APIs' access logs and of the functions' logs, and the stack's own", async () => {
    const watch = [
      { restApi: { name: "shop" }, stageName: "Prod", logGroup: { name: "access" } },
      { functionName: "orders", logGroup: { name: "orders-log" } },
      { functionName: "mails", logGroup: { name: "mails-log" } },
      { functionName: "without" },
    ];
    new Dashboard("one", { watch, queries: { refunds: 'filter @message like "refund"' } });
    const saved = await queries();
    expect(saved.map(({ name, inputs }) => [name, inputs.name, inputs.logGroupNames])).to.deep.equal([
      ["one-slow-requests", "project-stack-one/slow requests", ["access"]],
      ["one-errors-by-route", "project-stack-one/errors by route", ["access"]],
      ["one-errors", "project-stack-one/errors", ["orders-log", "mails-log"]],
      ["one-cold-starts", "project-stack-one/cold starts", ["orders-log", "mails-log"]],
      ["one-unused-memory", "project-stack-one/unused memory", ["orders-log", "mails-log"]],
      ["one-refunds", "project-stack-one/refunds", ["orders-log", "mails-log"]],
    ]);
    expect(saved.at(-1)?.inputs.queryString).to.equal('filter @message like "refund"');
  });

  it("saves no queries of logs that it does not know", async () => {
    new Dashboard("one", { watch: [{ functionName: "orders" }, { tableName: "orders" }] });
    expect(await queries()).to.deep.equal([]);
  });

  it("splits queries of more than the 50 log groups that one can search", async () => {
    const watch = Array.from({ length: 51 }, (_, index) => ({ functionName: "f", logGroup: { name: `log${index}` } }));
    new Dashboard("one", { watch });
    const saved = (await queries()).filter(({ inputs }) => inputs.name.includes("/errors"));
    expect(saved.map(({ name, inputs }) => [name, inputs.logGroupNames.length])).to.have.deep.members([
      ["one-errors", 50],
      ["one-errors-2", 1],
    ]);
  });

  it("queries only fields that the access logs have", async () => {
    const code = new pulumi.asset.AssetArchive({});
    const target = new components.LambdaFunction("worker", { code, handler: "index.handler" });
    const routes = { "GET /": { function: target, operationId: "get" } };
    const api = new components.ServerlessApi("rest", { routes });
    const http = new components.HttpApi("http", { routes });
    new Dashboard("one", { watch: [api, http] });
    const formats = [
      (await inputsOf("aws:apigateway/stage:Stage")).accessLogSettings.format,
      (await inputsOf("aws:apigatewayv2/stage:Stage")).accessLogSettings.format,
    ];
    const [rest = {}, v2 = {}] = formats.map((format) => JSON.parse(format));
    const words = (await queries()).flatMap(({ inputs }) => inputs.queryString.match(/\b[a-z]+[A-Z]\w+/g) ?? []);
    const fields = new Set(words.filter((word: string) => !["resourcePath", "routeKey"].includes(word)));
    expect([...fields]).to.not.be.empty;
    expect(rest).to.include.all.keys(...fields, "resourcePath", "status");
    expect(v2).to.include.all.keys(...fields, "routeKey", "status");
  });

  it("refuses what it cannot watch, an API without its stage, and a name of a query that is taken", () => {
    const watch = [{}, { url: "https://example.com" }, { apiId: "a1" }] as components.WatchedArgs[];
    expect(() => new Dashboard("one", { watch, queries: { errors: "limit 1" } }))
      .to.throw(pulumi.InputPropertiesError)
      .with.property("message")
      .that.matches(
        /watch\[0\]: has nothing to watch.*\n.*watch\[1\]: has nothing to watch.*\n.*watch\[2\]: is an API without `stageName`.*\n.*queries\.errors: is one of/,
      );
    expect(() => new Dashboard("one", { watch: [] })).to.throw("watch: is empty");
    expect(() => new Dashboard("n".repeat(250), { watch: [{ tableName: "t" }] })).to.throw("name of 264 characters");
  });
});
