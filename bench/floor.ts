/** The minimum that can serve the items API: node:http, the handler in the same process, and dynalite. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { startTables } from "./tables";

type Handler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

async function main(bundle: string, port: number): Promise<void> {
  Object.assign(process.env, (await startTables()).environment);
  const { handler } = require(bundle) as { handler: Handler };
  let requests = 0;
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? "/", "http://localhost");
    const result = await handler({
      httpMethod: incoming.method ?? "GET",
      path: url.pathname,
      resource: url.pathname,
      headers: incoming.headers,
      queryStringParameters: Object.fromEntries(url.searchParams),
      requestContext: { requestId: String(++requests), identity: {} },
      body: null,
      isBase64Encoded: false,
    } as unknown as APIGatewayProxyEvent);
    outgoing.writeHead(result.statusCode, result.headers as Record<string, string>).end(result.body);
  });
  server.listen(port, "127.0.0.1", () => console.log(`floor on ${(server.address() as AddressInfo).port}`));
}

void main(process.argv[2] ?? "", Number(process.argv[3]));
