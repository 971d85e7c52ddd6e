/** Maximum size of a job definition, in bytes. @see AWS Batch User Guide, "AWS Batch service quotas" */
export const definitionLimit = 24 * 1024;

/** What is wrong with the name of a job's environment variable, if anything. @see AWS Batch API, ContainerProperties */
export function jobVariableMistake(name: string): string | undefined {
  if (name.startsWith("AWS_BATCH")) return "begins with AWS_BATCH, which Batch reserves; write another name";
  if (!/^[A-Za-z_][\w.-]*$/.test(name))
    return "is not the name of a variable; write a letter or `_`, then letters, digits and `_`";
  return undefined;
}
