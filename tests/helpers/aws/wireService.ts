import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** An error as AWS answers it. */
export interface Refusal {
  status: number;
  code: string;
  message?: string;
}

/** Refuses with an error of the service's, does the work and drops the connection, or drops it before any work. */
export type Mishap = Refusal | "answer lost" | "request lost";

export interface WireService<Operation extends string> {
  endpoint: string;
  /** Each request that came in, whatever became of it. */
  requests: { operation: Operation; input: Record<string, unknown>; connection: string | undefined }[];
  /** What happens to the next requests of an operation, one each. */
  mishaps: Partial<Record<Operation, Mishap[]>>;
  close(): Promise<void>;
}

/**
 * A service that speaks JSON on a free port.
 * @param read which operation a request asks for, and with what
 * @param operations give the answers, or throw a Refusal
 */
export async function startWireService<Operation extends string>(
  read: (request: http.IncomingMessage, body: object) => { operation: Operation; input: object },
  operations: Record<Operation, (input: never) => object>,
): Promise<WireService<Operation>> {
  const requests: WireService<Operation>["requests"] = [];
  const mishaps: WireService<Operation>["mishaps"] = {};
  const server = http.createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { operation, input } = read(request, text === "" ? {} : JSON.parse(text));
    requests.push({ operation, input: { ...input }, connection: request.headers.connection });
    const refuse = ({ status, code, message = "no" }: Refusal) => {
      response.writeHead(status, { "Content-Type": "application/json", "x-amzn-ErrorType": code });
      response.end(JSON.stringify({ message }));
    };
    const mishap = mishaps[operation]?.shift();
    if (mishap === "request lost") return request.socket.destroy();
    if (typeof mishap === "object") return refuse(mishap);
    try {
      const output = operations[operation](input as never);
      if (mishap === "answer lost") return request.socket.destroy();
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify(output));
    } catch (refusal) {
      refuse(refusal as Refusal);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    mishaps,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
