import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { BatchClient, DeleteComputeEnvironmentCommand } from "@aws-sdk/client-batch";

/** Batch as it is just after a queue has been given other environments: it refuses the first deletions of the old one. */
export async function refusingBatch(refusals: number) {
  let deletions = 0;
  const server = http.createServer((request, response) => {
    request.resume().once("end", () => {
      deletions++;
      const refused = deletions <= refusals;
      response.writeHead(refused ? 400 : 200, refused ? { "x-amzn-errortype": "ClientException" } : {});
      response.end(JSON.stringify(refused ? { message: "Cannot delete, found existing JobQueue relationship" } : {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const client = new BatchClient({ endpoint, region: "us-east-1", credentials });
  return {
    deletions: () => deletions,
    /** @throws Error with the text in which the provider passes on AWS's answer */
    async delete(computeEnvironment: string): Promise<void> {
      try {
        await client.send(new DeleteComputeEnvironmentCommand({ computeEnvironment }));
      } catch (error) {
        throw new Error(`deleting Batch Compute Environment (${computeEnvironment}): operation error Batch: ${error}`);
      }
    },
    close(): void {
      client.destroy();
      server.close();
    },
  };
}
