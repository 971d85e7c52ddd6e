/** The parts of a job that are not in its definition. */
export interface JobRequest {
  environment: Record<string, string>;
  parameters: Record<string, string>;
}

/** How an EventBridge rule transforms an event for its target. */
export interface InputTransformer {
  inputPaths: Record<string, string>;
  inputTemplate: string;
}

/**
 * Whether a value is a path of names and indexes in an event.
 * @see Amazon EventBridge User Guide, "Input transformation"
 */
export function isEventPath(value: string): boolean {
  return /^\$(\.[\w-]+|\[\d+\])+$/.test(value);
}

/**
 * The part of SubmitJob that both EventBridge rules and EventBridge Scheduler accept, under the names that they use.
 */
export function jobInput({ environment, parameters }: JobRequest): object {
  const variables = Object.entries(environment).map(([Name, Value]) => ({ Name, Value }));
  return {
    ...(Object.keys(parameters).length > 0 && { Parameters: parameters }),
    ...(variables.length > 0 && { ContainerOverrides: { Environment: variables } }),
  };
}

/** @see AWS Batch User Guide, "AWS Batch jobs as EventBridge targets" */
export function jobTransformer(request: JobRequest): InputTransformer | undefined {
  const inputPaths: Record<string, string> = {};
  const placed = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, place(inputPaths, value)]));
  const input = jobInput({ environment: placed(request.environment), parameters: placed(request.parameters) });
  if (Object.keys(input).length === 0) return undefined;
  // Where a placeholder has no quotes, EventBridge quotes the text itself and escapes quotes inside it.
  const inputTemplate = JSON.stringify(input).replace(/"(<eventValue\d+>)"/g, "$1");
  return { inputPaths, inputTemplate };
}

function place(inputPaths: Record<string, string>, value: string): string {
  if (!isEventPath(value)) return value;
  const known = Object.keys(inputPaths).find((name) => inputPaths[name] === value);
  const name = known ?? `eventValue${Object.keys(inputPaths).length}`;
  inputPaths[name] = value;
  return `<${name}>`;
}
