import * as fs from "node:fs";
import * as path from "node:path";
import { temporaryFolder } from "../temporaryFolder";
import { repository } from "./start";

/** A program with two tables and a function that lists one of them, throws if its event says so, or returns its event. */
const program = `
  const aws = require("@pulumi/aws");
  const pulumi = require("@pulumi/pulumi");
  const attributes = [{ name: "id", type: "S" }];
  const table = (name) => new aws.dynamodb.Table(name, { attributes, hashKey: "id", billingMode: "PAY_PER_REQUEST" });
  exports.orders = table("orders").name;
  exports.customers = table("customers").name;
  const code = \`
    const { DynamoDBClient, ScanCommand } = require("@aws-sdk/client-dynamodb");
    exports.handler = async ({ TableName, message, ...event }) => {
      if (message) throw new TypeError(message);
      if (!TableName) return event;
      const { Items } = await new DynamoDBClient().send(new ScanCommand({ TableName }));
      return Items.sort((one, other) => one.id.S < other.id.S ? -1 : 1);
    };\`;
  new aws.lambda.Function("main", { role: "arn:aws:iam::123456789012:role/main", runtime: "nodejs22.x", timeout: 20,
    handler: "index.handler", code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(code) }) });
`;

/** The folder of that program, which a test may edit. */
export function shop(): string {
  const folder = temporaryFolder();
  fs.symlinkSync(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
  fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  fs.writeFileSync(path.join(folder, "package.json"), "{}");
  fs.writeFileSync(path.join(folder, "index.js"), program);
  return folder;
}
