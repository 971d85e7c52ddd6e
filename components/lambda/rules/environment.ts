/** Names that Lambda reserves. @see AWS Lambda Developer Guide, "Reserved environment variables" */
export const reservedNames = new Set([
  ...["_HANDLER", "_X_AMZN_TRACE_ID", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"],
  ...["AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_RUNTIME_API"],
  ...["AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"],
  ...["AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"],
  ...["AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
]);

/** Maximum size of all names and values in a function's environment, in bytes. @see Lambda quotas */
export const environmentLimit = 4096;

/** What is wrong with an environment variable's name, if anything. */
export function nameMistake(name: string): string | undefined {
  if (reservedNames.has(name))
    return `is reserved by Lambda, as are ${[...reservedNames].join(", ")}; write another name`;
  if (!/^[A-Za-z][A-Za-z0-9_]+$/.test(name)) {
    return "is not a name that Lambda allows; write a letter, then letters, digits and `_`, two characters or more";
  }
  return undefined;
}

/** The bytes of what is known now; of values that are computed later, only the names count. */
export function environmentSize(variables: Record<string, unknown>): number {
  const sizes = Object.entries(variables).map(
    ([name, value]) => Buffer.byteLength(name) + (typeof value === "string" ? Buffer.byteLength(value) : 0),
  );
  return sizes.reduce((total, size) => total + size, 0);
}
