/** The part of a compute environment that the AWS provider does not treat as AWS does. */
interface Environment {
  allocationStrategy?: string;
  instanceTypes?: string[];
  instanceUpdate?: { timeoutMinutes?: number };
}

/**
 * What AWS accepts, but the AWS provider refuses or changes.
 * @param families The families that an environment gets without `instanceTypes`
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/48709
 */
export function providerWarnings(environment: Environment, path: string, families: readonly string[]): string[] {
  const { allocationStrategy = "", instanceTypes = families, instanceUpdate } = environment;
  const warnings: string[] = [];
  if (/_(?:ORDERED|PRIORITIZED)$/.test(allocationStrategy) && instanceTypes.length > 1) {
    warnings.push(
      `${path}.instanceTypes: the AWS provider keeps them as a set, so ${allocationStrategy} gets them in an order ` +
        "that the provider chooses. Write a single family, whose sizes Batch orders itself, or another strategy.",
    );
  }
  const { timeoutMinutes = 0 } = instanceUpdate ?? {};
  if (timeoutMinutes > 360) {
    warnings.push(
      `${path}.instanceUpdate.timeoutMinutes: AWS accepts ${timeoutMinutes}, but the AWS provider may refuse more ` +
        "than 360. Write 360 or less if the preview fails.",
    );
  }
  return warnings;
}
