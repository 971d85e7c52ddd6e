/** An EBS volume of each node. */
interface VolumeArgs {
  size: number;
  type?: string;
  iops?: number;
}

interface Kind {
  /** The smallest and the largest, GiB. */
  sizes: [least: number, most: number];
  /** The least and the most operations a second, and how many each GiB allows; some kinds have none. */
  iops?: { range: [least: number, most: number]; perGibibyte: number; required?: boolean };
}

/** @see Amazon EBS User Guide, "Amazon EBS volume types" */
const kinds: Record<string, Kind> = {
  gp3: { sizes: [5, 65_536], iops: { range: [3000, 80_000], perGibibyte: 500 } },
  io1: { sizes: [5, 16_384], iops: { range: [100, 64_000], perGibibyte: 50, required: true } },
  st1: { sizes: [125, 16_384] },
};

/** Volumes that a node may have. @see Amazon EMR Management Guide, "Instance storage options and behavior in Amazon EMR" */
export const mostVolumes = 25;

/** The mistakes in a volume of a known kind, as [property, reason]. */
export function volumeMistakes({ type = "gp3", size, iops }: VolumeArgs): [property: string, reason: string][] {
  const kind = kinds[type];
  if (kind === undefined) return [];
  const found: [string, string][] = [];
  const check = (property: string, value: number, [least, most]: [number, number], unit: string) => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    found.push([property, `is ${value}; write a whole number from ${least} to ${most}${unit}`]);
  };
  check("size", size, kind.sizes, ` GiB, as ${type} requires`);
  if (iops === undefined) {
    if (kind.iops?.required) found.push(["iops", `is missing; ${type} needs the number of operations a second`]);
  } else if (kind.iops === undefined) {
    found.push(["iops", `is not for ${type}; leave it out, or write the type gp3`]);
  } else {
    const { range, perGibibyte } = kind.iops;
    const [least, most] = range;
    check(
      "iops",
      iops,
      [least, Math.max(least, Math.min(most, size * perGibibyte))],
      `, as ${size} GiB of ${type} allow`,
    );
  }
  return found;
}
