import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { Fault } from "../../../../offline/cloud/core/service";
import { Database } from "../../../../offline/cloud/dynamodb/database";
import { dynamodb, OPERATIONS } from "../../../../offline/cloud/dynamodb/operations";
import { Tables } from "../../../../offline/cloud/dynamodb/tables";
import { closeServices, serveServices } from "../../../helpers/offline/core";
import { graphOf, table } from "../../../helpers/offline/graph";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const TableName = "items";
const id = { S: "1" };

describe("DynamoDB's wire protocol", () => {
  let tables: Tables;
  let fault: Fault | undefined;
  const serve = () => serveServices([dynamodb.serve(tables)], { hooks: [() => fault] });

  beforeEach(async () => {
    const options = { region: "eu-west-1", account: "123456789012", operations: OPERATIONS, log: () => {} };
    tables = new Tables(await Database.open(options));
    await tables.reconcile(graphOf(temporaryFolder(), table(TableName)));
  });
  afterEach(async () => {
    fault = undefined;
    await closeServices();
    await tables.close();
  });

  it("answers unknown operations and unreadable bodies with the framework's errors", async () => {
    const { call } = await serve();
    const answer = async (target: string, body: string) => {
      const headers = { "x-amz-target": target };
      const { status, headers: sent, body: text } = await call({ service: "dynamodb", headers, body });
      return [status, sent["content-type"], JSON.parse(text).__type];
    };
    const refused = (code: string) => [400, "application/x-amz-json-1.0", `com.amazon.coral.service#${code}`];
    for (const target of ["DynamoDB_20120810.Nothing", "DynamoDB_20120810.DescribeStream", "GetItem", ""]) {
      expect([target, await answer(target, "{}")]).to.deep.equal([target, refused("UnknownOperationException")]);
    }
    const malformed = await answer("DynamoDB_20120810.GetItem", "{");
    expect(malformed).to.deep.equal(refused("SerializationException"));
    const { body } = await call({
      service: "dynamodb",
      headers: { "x-amz-target": "DynamoDBStreams_20120810.ListStreams" },
      body: "{}",
    });
    expect(JSON.parse(body)).to.deep.equal({ Streams: [] });
  });

  it("keeps attributes that are called __proto__", async () => {
    const { call } = await serve();
    const answer = async (operation: string, body: string) => {
      const headers = { "x-amz-target": `DynamoDB_20120810.${operation}` };
      return JSON.parse((await call({ service: "dynamodb", headers, body })).body);
    };
    const item = '{"id":{"S":"1"},"__proto__":{"M":{"__proto__":{"L":[{"S":"x"}]}}}}';
    const key = '"TableName":"items","Key":{"id":{"S":"1"}}';
    await answer("PutItem", `{"TableName":"items","Item":${item}}`);
    expect(await answer("GetItem", `{${key}}`)).to.deep.equal({ Item: JSON.parse(item) });
    const condition = '"ConditionExpression":"#p.#p[0] = :v","ExpressionAttributeValues":{":v":{"S":"x"}}';
    const update = '"UpdateExpression":"REMOVE #p.#p","ExpressionAttributeNames":{"#p":"__proto__"}';
    const updated = await answer("UpdateItem", `{${key},${update},${condition},"ReturnValues":"ALL_NEW"}`);
    expect(updated.Attributes).to.deep.equal(JSON.parse('{"id":{"S":"1"},"__proto__":{"M":{}}}'));
  });

  it("can be made to fail: throttled, or with the answer lost after the write", async () => {
    const { client } = await serve();
    const dynamo = new DynamoDBClient(client);
    const put = () =>
      dynamo.send(new PutItemCommand({ TableName, Item: { id } })).then(
        () => "none",
        (error) => error.name,
      );
    fault = "request lost";
    expect(await put()).not.to.equal("none");
    fault = "throttle";
    expect(await put()).to.equal("ThrottlingException");
    fault = undefined;
    expect(await dynamo.send(new GetItemCommand({ TableName, Key: { id } }))).not.to.have.property("Item");
    fault = "answer lost";
    expect(await put()).not.to.equal("none");
    fault = undefined;
    expect((await dynamo.send(new GetItemCommand({ TableName, Key: { id } }))).Item).to.deep.equal({ id });
  });
});
