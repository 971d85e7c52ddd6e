import type { Input } from "../core/types";

/** Lambda's event source mappings, for its API. Errors are AWS's. */
export interface EventSourceMappings {
  create(input: Input, region: string): Promise<object>;
  get(uuid: string): object;
  list(input: { FunctionName?: string; EventSourceArn?: string }): object[];
  update(uuid: string, input: Input, region: string): Promise<object>;
  delete(uuid: string): Promise<object>;
}
