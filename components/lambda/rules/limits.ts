/** The most that a property of a function may be, and what follows that number in a message. */
interface Limit {
  most: number;
  unit: string;
}

/** Seconds until a call is terminated, unless the arguments say otherwise. */
export const defaultTimeout = 10;

type Limits = Record<"memorySize" | "timeout", Limit>;

const ordinary: Limits = {
  memorySize: { most: 10_240, unit: "MB, or up to 32768 MB with a capacity provider" },
  timeout: {
    most: 900,
    unit: "seconds: the AWS provider refuses more, although AWS accepts 1800, and 5400 with a capacity provider",
  },
};

const onInstances: Limits = {
  memorySize: { most: 32_768, unit: "MB" },
  timeout: { most: 5400, unit: "seconds" },
};

/**
 * The limits of a function.
 * @param hasCapacityProvider whether it runs on the instances of a capacity provider
 * @see AWS Lambda API, CreateFunction, MemorySize and Timeout
 */
export function limitsOf(hasCapacityProvider: boolean): Limits {
  return hasCapacityProvider ? onInstances : ordinary;
}
