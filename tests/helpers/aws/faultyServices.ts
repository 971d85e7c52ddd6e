import { Endpoint } from "../../../offline/cloud/core/endpoint";
import { Registry } from "../../../offline/cloud/core/registry";
import type { Fault, Service } from "../../../offline/cloud/core/service";
import type { Input } from "../../../offline/cloud/core/types";
import type { Graph } from "../../../offline/engine/graph";

export interface FaultyServices {
  endpoint: string;
  /** Each request received, whatever its outcome. */
  requests: { operation: string; input: Input; connection: string | undefined }[];
  /** The faults of the next requests to an operation, one each. */
  faults: Record<string, Fault[]>;
  /** Runs a function when a request to an operation arrives. */
  before(operation: string, act: () => void): void;
  reconcile(graph: Graph): Promise<unknown>;
  close(): Promise<void>;
}

/** Services of the offline cloud that fail on demand, for callers with the keys `test` and `test`. */
export async function startFaultyServices(graph: Graph, ...services: Service[]): Promise<FaultyServices> {
  const requests: FaultyServices["requests"] = [];
  const faults: FaultyServices["faults"] = {};
  const acts = new Map<string, () => void>();
  const endpoint = new Endpoint({
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    endpoints: {},
    hooks: [
      ({ operation, input, headers }) => {
        requests.push({ operation, input, connection: headers.connection });
        acts.get(operation)?.();
        return faults[operation]?.shift();
      },
    ],
  });
  const registry = new Registry(services);
  endpoint.serve(registry);
  await registry.reconcile(graph);
  return {
    endpoint: await endpoint.listen(),
    requests,
    faults,
    before: (operation, act) => acts.set(operation, act),
    reconcile: (next) => registry.reconcile(next),
    close: async () => {
      await endpoint.close();
      await registry.close();
    },
  };
}
