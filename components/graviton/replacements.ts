/** What replaces a family of x86 types on EC2. */
export interface Replacement {
  /** Graviton families in order of preference; a later one has sizes that those before it lack. */
  families: readonly string[];
  /** What managed services call this class of families: `m`, `c`, `r`, `t` or `x`; absent if they have none. */
  class?: string;
  /** Whether the x86 family has disks of its own. */
  disks?: boolean;
  /** Whether only the size of the same name will do. */
  sameSize?: boolean;
  caveats?: readonly string[];
}

const lowerClock = "its clock is lower, which slows single-threaded work";

const halfMemory = "it has about half the memory for each vCPU";

const burstable: Replacement = { families: ["t4g"], class: "t", sameSize: true };

const fastDisks: Replacement = { families: ["i8g"], disks: true };

const denseDisks: Replacement = { families: ["i8ge"], disks: true };

const largeMemory: Replacement = { families: ["x2gd", "x8g"], class: "x", disks: true };

const special = new Map<string, Replacement>([
  ["t2", { ...burstable, caveats: ["it has 2 vCPUs in its small sizes, where t2 has 1"] }],
  ["t3", burstable],
  ["t3a", burstable],
  ["t8i", burstable],
  ["i2", fastDisks],
  ["i3", { ...fastDisks, caveats: ["its disks are 1 to 2 % smaller"] }],
  ["i4i", fastDisks],
  ["i7i", fastDisks],
  ["i3en", denseDisks],
  ["i7ie", denseDisks],
  ["x1", largeMemory],
  ["x1e", { ...largeMemory, caveats: [halfMemory] }],
  ["x2idn", largeMemory],
  ["x2iedn", { ...largeMemory, caveats: [halfMemory] }],
  ["x2iezn", { families: ["x8g"], class: "x", caveats: [halfMemory, lowerClock] }],
  ["x8aedz", { ...largeMemory, caveats: [halfMemory, lowerClock, "its disks are up to 25 % smaller"] }],
  ["x8i", { families: ["x8g"], class: "x" }],
  [
    "g4dn",
    {
      families: ["g5g"],
      disks: true,
      sameSize: true,
      caveats: ["it is not drop-in: it has half the memory, and software for its GPU must be built for arm64"],
    },
  ],
]);

/**
 * What replaces a family of x86 types: for m, c, r and z a rule on the name, for the others a table. None for hard
 * disks (d2, d3, h1), other accelerators, HPC, `u-` and anything before the third generation.
 * @see AWS Graviton Technical Guide, "Transition guide"; Amazon EC2 Instance Types
 */
export function replacementOf(family: string): Replacement | undefined {
  const [matched, letter = "r", digit = "1", attributes = ""] =
    /^(?:([mcr])([3-9])|z1)([a-z]*)(?:-flex)?$/.exec(family) ?? [];
  if (matched === undefined) return special.get(family);

  const generation = Number(digit);
  const disks = generation === 3 || attributes.includes("d");
  const fastClock = family.startsWith("z") || attributes.includes("z");
  const kind = disks ? "gd" : attributes.includes("n") ? "gn" : attributes.includes("b") ? "gb" : "g";
  const seventh = kind === "gb" || (kind === "gn" && letter !== "c") || generation >= 8 || fastClock ? [] : [7];
  return {
    families: [...seventh, 8].map((target) => `${letter}${target}${kind}`),
    class: letter,
    disks,
    caveats: [
      ...(fastClock ? [lowerClock] : []),
      ...(family === "c5n" ? ["it has 2 GiB of memory for each vCPU, where c5n has 2.6"] : []),
    ],
  };
}
