import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { runScript } from "../../../helpers/offline/program";
import { tick } from "../../../helpers/offline/schedules";
import { closeServers, serveGraph, until } from "../../../helpers/offline/served";

/** As public examples write it: callbacks for a rule's events, for a schedule, and a rule with a target. */
const PROGRAM = `
const aws = require("@pulumi/aws");
const rule = new aws.cloudwatch.EventRule("orders", { eventPattern: JSON.stringify({ source: ["shop"] }) });
const handler = new aws.lambda.CallbackFunction("handler", {
  callback: async (event) => console.log("handled", event["detail-type"], event.detail.id),
});
new aws.lambda.Permission("orders", {
  action: "lambda:InvokeFunction", function: handler.name, principal: "events.amazonaws.com", sourceArn: rule.arn,
});
new aws.cloudwatch.EventTarget("orders", { rule: rule.name, arn: handler.arn });
const other = new aws.cloudwatch.EventRule("other", { eventPattern: JSON.stringify({ source: ["shop"] }) });
other.onEvent("seen", async (event) => console.log("seen", event.id));
aws.cloudwatch.onSchedule("nightly", "rate(1 minute)", async (event) => console.log("fired", JSON.stringify(event)));
`;

describe("A public program with EventBridge rules and callbacks", () => {
  after(closeServers);

  it("gets the events that are put, and fires its schedule when the clock is moved", async () => {
    const served = await serveGraph(await runScript(PROGRAM, "", { contents: true }));
    expect(served.problems.filter((problem) => /rule|schedule/.test(problem))).to.deep.equal([]);
    const { endpoint, credentials } = served;
    const sdk = new EventBridgeClient({ endpoint, credentials, region: "us-east-1" });
    const entry = { Source: "shop", DetailType: "Order", Detail: '{"id":"o-1"}' };
    const { Entries: [event] = [] } = await sdk.send(new PutEventsCommand({ Entries: [entry] }));
    const isLogged = (text: string) => served.lines.some((line) => line.includes(`| ${text}`));
    await until(() => isLogged("handled Order o-1") && isLogged(`seen ${event?.EventId}`));
    const { fired } = (await tick(served, { by: 60_000 })).answer;
    expect(fired.map(({ failure }) => failure)).to.deep.equal([undefined]);
    await until(() => isLogged('fired {"version":"0"'));
    const line = served.lines.find((one) => one.includes("| fired ")) ?? "";
    const { time, source, detail, resources, ...scheduled } = JSON.parse(line.replace(/^.*\| fired /, ""));
    expect(scheduled["detail-type"]).to.equal("Scheduled Event");
    expect([source, detail]).to.deep.equal(["aws.events", {}]);
    expect(resources).to.have.length(1);
    expect(resources[0]).to.match(/^arn:aws:events:us-east-1:\d+:rule\/nightly/);
    expect(time).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});
