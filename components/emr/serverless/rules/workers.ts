/**
 * The memory that a worker of EMR Serverless can have, in GiB by its vCPUs.
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html
 */
const memory = new Map([
  [1, { least: 2, most: 8, step: 1 }],
  [2, { least: 4, most: 16, step: 1 }],
  [4, { least: 8, most: 30, step: 1 }],
  [8, { least: 16, most: 60, step: 4 }],
  [16, { least: 32, most: 120, step: 8 }],
]);

/** The default GiB for each vCPU, which every number of vCPUs allows. */
export const memoryPerVcpu = 4;

/** What is wrong with a worker's memory, if anything; unknown numbers of vCPUs allow any. */
export function workerMemoryMistake(vcpus: number, gibibytes: number): string | undefined {
  const range = memory.get(vcpus);
  if (range === undefined) return undefined;
  const { least, most, step } = range;
  if (gibibytes >= least && gibibytes <= most && gibibytes % step === 0) return undefined;
  const steps = step === 1 ? "" : ` in steps of ${step}`;
  return `is ${gibibytes}; with ${vcpus} vCPUs write ${least} to ${most}${steps} GiB`;
}
