/** What the work needs most, which determines the Graviton families. */
export const Workload = {
  /** 4 GiB for each vCPU: m8g, m7g, m6g. */
  General: "general",
  /** 2 GiB for each vCPU: c8g, c7g, c6g. */
  Cpu: "cpu",
  /** 8 GiB for each vCPU: r8g, r7g, r6g. */
  Memory: "memory",
  /** Disks of its own: i8g, i4g, im4gn, is4gen. */
  Storage: "storage",
} as const;
export type Workload = (typeof Workload)[keyof typeof Workload];
