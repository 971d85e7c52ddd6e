import { Endpoint } from "../../../offline/cloud/core/endpoint";
import { Registry } from "../../../offline/cloud/core/registry";
import type { Fault, Service } from "../../../offline/cloud/core/service";
import type { Input } from "../../../offline/cloud/core/types";
import type { Graph } from "../../../offline/engine/graph";

export interface FaultyServices {
  endpoint: string;
  /** Each request that came in, whatever became of it. */
  requests: { operation: string; input: Input; connection: string | undefined }[];
  /** What goes wrong with the next requests of an operation, one each. */
  faults: Record<string, Fault[]>;
  /** Does something as soon as a request for an operation has come in. */
  before(operation: string, act: () => void): void;
  reconcile(graph: Graph): Promise<unknown>;
  close(): Promise<void>;
}

/** Services of the offline cloud, for callers with the keys `test` and `test`, whose calls can go wrong. */
export async function startFaultyServices(graph: Graph, ...services: Service[]): Promise<FaultyServices> {
  const requests: FaultyServices["requests"] = [];
  const faults: FaultyServices["faults"] = {};
  const acts = new Map<string, () => void>();
  const endpoint = new Endpoint({
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    endpoints: {},
    faults: ({ operation, input, headers }) => {
      requests.push({ operation, input, connection: headers.connection });
      acts.get(operation)?.();
      return faults[operation]?.shift();
    },
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
