/**
 * Graviton families by workload, the newest that most regions have first. The ninth generation is left out until most
 * regions have it. `storage` families have disks of their own; the others need EBS.
 * @see Amazon EC2 Instance Types, "Amazon EC2 instance types by Region"
 */
export const gravitonFamilies = {
  general: ["m8g", "m7g", "m6g"],
  cpu: ["c8g", "c7g", "c6g"],
  memory: ["r8g", "r7g", "r6g"],
  storage: ["i8g", "i4g", "im4gn", "is4gen"],
} as const;

const upTo16xlarge = ["medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];

const metals = ["metal-24xl", "metal-48xl"];

/** The sizes of the families that are chosen here, smallest first, bare metal last. @see DescribeInstanceTypes, EC2 API */
const sizesByFamily: [RegExp, readonly string[]][] = [
  [/^(?:[mcr]7gd?|c7gn|x2gd)$/, [...upTo16xlarge, "metal"]],
  [/^(?:[mcr]8g[bdn]?|x8g)$/, [...upTo16xlarge, "24xlarge", "48xlarge", ...metals]],
  [/^(?:[mcr]6gd?|x2g)$/, upTo16xlarge],
  [/^i8g$/, [...upTo16xlarge.slice(1), "24xlarge", "48xlarge", ...metals]],
  [
    /^i8ge$/,
    ["large", "xlarge", "2xlarge", "3xlarge", "6xlarge", "12xlarge", "18xlarge", "24xlarge", "48xlarge", ...metals],
  ],
  [/^i(?:4g|m4gn)$/, ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"]],
  [/^is4gen$/, ["medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge"]],
  [/^t4g$/, ["nano", "micro", "small", "medium", "large", "xlarge", "2xlarge"]],
  [/^g5g$/, ["xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"]],
];

/** The sizes of one of the families that are chosen here; none for any other family. */
export function sizesOf(family: string): readonly string[] {
  return sizesByFamily.find(([pattern]) => pattern.test(family))?.[1] ?? [];
}

/** The vCPUs where the size does not tell them: bare metal by family, and one type. */
const irregularVcpus: [RegExp, number][] = [
  [/^c4\.8xlarge$/, 36],
  [/^(?:m5zn|z1d|x2iezn)\.metal$/, 48],
  [/^(?:[mcr][67]g.*|x2gd)\.metal$/, 64],
  [/^(?:c5n|i3)\.metal$/, 72],
  [/^(?:[mcr]5.*|i3en)\.metal$/, 96],
  [/^(?:[mcr]6i.*|i4i|x2i.*)\.metal$/, 128],
  [/^[mcr]6a\.metal$/, 192],
];

/** The vCPUs of a type of `medium` size or above, except burstable ones; undefined if they are not known. */
export function vcpusOf(family: string, size: string): number | undefined {
  const irregular = irregularVcpus.find(([pattern]) => pattern.test(`${family}.${size}`));
  if (irregular !== undefined) return irregular[1];
  if (size === "medium") return 1;
  if (size === "large") return 2;
  const multiple = /^(\d*)xlarge$|^metal-(\d+)xl$/.exec(size);
  return multiple === null ? undefined : 4 * Number(multiple[1] || multiple[2] || 1);
}
