import type { AwsError } from "./awsError";

/** A function, and the alias or version that is called. */
export interface Target {
  name: string;
  qualifier?: string;
}

/** How other services call the program's functions. */
export interface Invoker {
  /** The names of all functions. */
  readonly names: string[];
  /** Resolves a name, an ARN or a part of one, as Lambda's Invoke does. */
  find(reference: string, qualifier?: string): Target | undefined;
  /** Makes sure that a function has a worker before its first event arrives. */
  warm(name: string): Promise<void>;
  /**
   * Runs a function. Never rejects: a failure is the result's `error`.
   * @param caller With `onChunk`, it gets what the handler writes, as it is written; the result has a `payload` only if the
   * handler returns its response instead
   */
  invoke(
    target: Target,
    payload: string,
    caller?: { tenantId?: string; onChunk?(chunk: Uint8Array): void },
  ): Promise<{
    payload?: string;
    error?: object;
    /** Why Lambda refuses the call, which then has not run. */
    refusal?: AwsError;
  }>;
}
