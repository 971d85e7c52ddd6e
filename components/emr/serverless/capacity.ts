import type { EmrServerlessArgs, EmrWorkersArgs } from "./args";
import { memoryPerVcpu } from "./rules/workers";

/** What an application's workers have together; without `disk`, there is no limit. */
export interface Capacity {
  vcpus: number;
  memory: number;
  disk?: number;
}

/** The most that the workers may have. */
export function capacityOf({ maximumCapacity = { vcpus: 16 } }: EmrServerlessArgs): Capacity {
  const { vcpus, memory = vcpus * memoryPerVcpu, disk } = maximumCapacity;
  return { vcpus, memory, disk };
}

/** What the workers that are kept ready have together. */
export function resourcesOf(workers: EmrWorkersArgs[]): Required<Capacity> {
  const total = { vcpus: 0, memory: 0, disk: 0 };
  for (const { count, ...size } of workers) {
    const { vcpus, memory, disk } = sizeOf(size);
    total.vcpus += count * vcpus;
    total.memory += count * memory;
    total.disk += count * disk;
  }
  return total;
}

export function maximumCapacity(args: EmrServerlessArgs) {
  const { vcpus, memory, disk } = capacityOf(args);
  return { cpu: `${vcpus} vCPU`, memory: `${memory} GB`, disk: disk === undefined ? undefined : `${disk} GB` };
}

export function initialCapacities({ initialCapacity = [] }: EmrServerlessArgs) {
  return initialCapacity.map(({ type, count, ...size }) => {
    const { vcpus, memory, disk } = sizeOf(size);
    const workerConfiguration = { cpu: `${vcpus} vCPU`, memory: `${memory} GB`, disk: `${disk} GB` };
    return { initialCapacityType: type, initialCapacityConfig: { workerCount: count, workerConfiguration } };
  });
}

function sizeOf({ vcpus = 2, memory = vcpus * memoryPerVcpu, disk = 20 }: Omit<EmrWorkersArgs, "type" | "count">) {
  return { vcpus, memory, disk };
}
