import * as fs from "node:fs";
import * as path from "node:path";
import { temporaryFolder } from "../temporaryFolder";
import { repository } from "./start";

/** A program of the kind that Pulumi's examples are: callback functions for the events of each kind of resource. */
const program = `
  const aws = require("@pulumi/aws");
  const print = (kind, read) => async (event) => console.log("GOT", kind, read(event));
  new aws.s3.Bucket("uploads").onObjectCreated("uploaded", print("object", (event) => event.Records[0].s3.object.key));
  new aws.sqs.Queue("orders", { visibilityTimeoutSeconds: 180 })
    .onEvent("ordered", print("message", (event) => event.Records[0].body), { batchSize: 1 });
  new aws.sns.Topic("news").onEvent("heard", print("news", (event) => event.Records[0].Sns.Message));
  new aws.kinesis.Stream("clicks", { shardCount: 1 }).onEvent("clicked",
    print("record", (event) => event.Records.map(({ kinesis }) => Buffer.from(kinesis.data, "base64").toString()).join()),
    { startingPosition: "TRIM_HORIZON", batchSize: 10 });
  const bus = new aws.cloudwatch.EventBus("shop");
  new aws.cloudwatch.EventRule("paid", { eventBusName: bus.name, eventPattern: JSON.stringify({ source: ["till"] }) })
    .onEvent("paid", print("event", (event) => event.detail.order));
  aws.cloudwatch.onSchedule("hourly", "rate(1 hour)", print("time", (event) => event["detail-type"]));
  const groups = new aws.cloudwatch.LogGroup("errors", { name: "/shop/errors" });
  groups.onEvent("logged", print("log", (event) => typeof event.awslogs.data));
`;

/** The folder of that program. */
export function callbacks(): string {
  const folder = temporaryFolder();
  fs.symlinkSync(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
  fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: callbacks\nruntime: nodejs\n");
  fs.writeFileSync(path.join(folder, "package.json"), "{}");
  fs.writeFileSync(path.join(folder, "index.js"), program);
  return folder;
}
