import { expect } from "chai";
import { type Checked, unknown } from "../../helpers/policies/policies";
import { onlySaid, said, unsaid } from "./said";

const logGroup = (props: object, name = "logs") => ({ type: "aws:cloudwatch/logGroup:LogGroup", name, props });

describe("log-retention", () => {
  const rule = "log-retention";

  it("accepts a number of days, an unknown one, and the class whose retention AWS sets", async () => {
    for (const props of [{ retentionInDays: 30 }, { retentionInDays: unknown }, { logGroupClass: "DELIVERY" }]) {
      expect(await said(rule, logGroup(props))).to.deep.equal([]);
    }
  });

  it("refuses values that keep logs for ever", async () => {
    expect(await onlySaid(rule, logGroup({}))).to.match(
      /^retentionInDays is missing: write a number of days up to 3653/,
    );
    expect(await onlySaid(rule, logGroup({ retentionInDays: 0 }))).to.match(/^retentionInDays is 0: /);
  });

  it("refuses more than the stack's limit, and values that are not numbers", async () => {
    expect(await onlySaid(rule, logGroup({ retentionInDays: 400 }), { maximumDays: 365 })).to.match(
      /^retentionInDays is 400: /,
    );
    expect(await said(rule, logGroup({ retentionInDays: "30" }))).to.deep.equal([
      "retentionInDays must be a number, but is a string.",
    ]);
  });
});

describe("lambda-log-group", () => {
  const rule = "lambda-log-group";
  const lambda = (props: object) => ({ type: "aws:lambda/function:Function", name: "items", props });

  it("accepts a log group that the function names, known or not", async () => {
    for (const logGroup of ["items", unknown]) {
      expect(
        await said(rule, lambda({ name: "items-1", loggingConfig: { logFormat: "JSON", logGroup } })),
      ).to.deep.equal([]);
    }
    expect(await said(rule, lambda({ name: "items-1", loggingConfig: unknown }))).to.deep.equal([]);
  });

  it("accepts one with the name that Lambda would choose", async () => {
    expect(await said(rule, [lambda({ name: "items-1" }), logGroup({ name: "/aws/lambda/items-1" })])).to.deep.equal(
      [],
    );
  });

  it("cannot judge a function or a log group whose name is unknown, or not chosen yet", async () => {
    for (const stack of [
      [lambda({ name: unknown })],
      [lambda({})],
      [lambda({ name: "items-1" }), logGroup({ name: unknown })],
    ]) {
      expect(await said(rule, stack)).to.deep.equal([]);
      expect(await unsaid(rule, stack)).to.deep.equal(["name"]);
    }
  });

  it("does not need the names if the log group's is made of the function's", async () => {
    const group = { ...logGroup({ name: unknown }), propertyDependencies: { name: ["items"] } };
    expect(await unsaid(rule, [lambda({ name: unknown }), group])).to.deep.equal([]);
    const other = { ...group, ...logGroup({ name: "/other/items-1" }) };
    expect(await said(rule, [lambda({ name: "items-1" }), other])).to.have.lengthOf(1);
  });

  it("reports a function without one, or with one of another name", async () => {
    for (const others of [[], [logGroup({ name: "/aws/lambda/items-2" }), logGroup({}, "other")]]) {
      expect(
        await onlySaid(rule, [lambda({ name: "items-1", loggingConfig: { logFormat: "JSON" } }), ...others]),
      ).to.match(/^loggingConfig.logGroup is missing, and the stack has no log group \/aws\/lambda\/items-1: /);
    }
  });
});

describe("api-execution-log-group", () => {
  const rule = "api-execution-log-group";
  const settings = (props: object) => ({
    type: "aws:apigateway/methodSettings:MethodSettings",
    props: { restApi: "id", stageName: "Prod", methodPath: "*/*", settings: { loggingLevel: "ERROR" }, ...props },
  });

  it("accepts the log group of the API's stage, and disabled logging", async () => {
    expect(await said(rule, [settings({}), logGroup({ name: "API-Gateway-Execution-Logs_id/Prod" })])).to.deep.equal(
      [],
    );
    expect(await said(rule, settings({ settings: { loggingLevel: "OFF" } }))).to.deep.equal([]);
    expect(await said(rule, settings({ settings: {} }))).to.deep.equal([]);
  });

  it("cannot judge a stage if a name or the level is unknown", async () => {
    for (const name of ["restApi", "stageName", "settings"]) {
      expect(await said(rule, settings({ [name]: unknown }))).to.deep.equal([]);
      expect(await unsaid(rule, settings({ [name]: unknown }))).to.deep.equal([name]);
    }
  });

  it("does not need the names if the log group's is made of the API's id", async () => {
    const api = { type: "aws:apigateway/restApi:RestApi", name: "api", props: { id: unknown } };
    const stack: Checked[] = [
      api,
      { ...settings({ restApi: unknown }), propertyDependencies: { restApi: ["api"] } },
      { ...logGroup({ name: unknown }), propertyDependencies: { name: ["api"] } },
    ];
    expect(await unsaid(rule, stack)).to.deep.equal([]);
  });

  it("reports a stage without one", async () => {
    const found = await onlySaid(rule, [settings({}), logGroup({ name: "API-Gateway-Execution-Logs_id/Dev" })]);
    expect(found).to.match(/^settings.loggingLevel is ERROR, and the stack has no log group API-Gateway-.*_id\/Prod: /);
  });
});
