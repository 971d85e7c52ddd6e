/** The memory, in MiB, that Fargate offers for each number of vCPUs. @see AWS Batch API, ResourceRequirement, value */
const memoryByVcpus = new Map<number, number[]>([
  [0.25, [512, 1024, 2048]],
  [0.5, steps(1024, 4096, 1024)],
  [1, steps(2048, 8192, 1024)],
  [2, steps(4096, 16_384, 1024)],
  [4, steps(8192, 30_720, 1024)],
  [8, steps(16_384, 61_440, 4096)],
  [16, steps(32_768, 122_880, 8192)],
  [32, [61_440, 122_880, 249_856]],
]);

function steps(least: number, most: number, step: number): number[] {
  return Array.from({ length: (most - least) / step + 1 }, (_, index) => least + index * step);
}

/** What is wrong with a job's vCPUs and memory on Fargate, if anything. */
export function fargateMistake(
  vcpus: number,
  memory: number,
): { property: "vcpus" | "memory"; reason: string } | undefined {
  const choices = memoryByVcpus.get(vcpus);
  if (!choices) {
    return { property: "vcpus", reason: `is ${vcpus}; Fargate offers ${[...memoryByVcpus.keys()].join(", ")}` };
  }
  if (choices.includes(memory)) return undefined;
  return { property: "memory", reason: `is ${memory}; with ${vcpus} vCPU Fargate offers ${choices.join(", ")} MiB` };
}
