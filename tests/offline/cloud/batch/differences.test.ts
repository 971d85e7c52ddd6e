import { DescribeJobDefinitionsCommand, DescribeJobQueuesCommand } from "@aws-sdk/client-batch";
import { expect } from "chai";
import { DOCUMENTATION, testFacts } from "../../../helpers/facts";
import { batchGraph, jobDefinition, type ServedBatch, serveBatch } from "../../../helpers/offline/batch";
import { closeServers } from "../../../helpers/offline/served";

const nameOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "none",
    (error: Error) => error.name,
  );

const rows: { fact: string; differs: string; check: (server: ServedBatch) => Promise<void> }[] = [
  {
    fact: "A multi-node job can be submitted",
    differs: "not emulated",
    check: async (server) => {
      expect(await nameOf(server.submit({ jobDefinition: "nodes" }))).to.equal("none");
    },
  },
  ...Object.entries({
    DescribeJobQueues: new DescribeJobQueuesCommand({}),
    DescribeJobDefinitions: new DescribeJobDefinitionsCommand({}),
  }).map(([operation, command]) => ({
    fact: `${operation} describes those of the program`,
    differs: "not emulated",
    check: async ({ batch }: ServedBatch) => {
      expect(await nameOf(batch.send(command as DescribeJobQueuesCommand))).to.equal("none");
    },
  })),
];

describe("Where Batch differs,", () => {
  let server: ServedBatch;
  before(async () => {
    server = await serveBatch(batchGraph("1", {}, jobDefinition("nodes", {}, { type: "multinode" })));
  });
  after(closeServers);
  testFacts({ service: "Batch", source: DOCUMENTATION, facts: rows }, ({ check }) => check(server));
});
