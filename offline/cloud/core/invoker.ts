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
  /** Runs a function. Never rejects: a failure is the result's `error`. */
  invoke(target: Target, payload: string): Promise<{ payload?: string; error?: object }>;
  /**
   * Runs a function and passes on its response as it is written. The result has a `payload` only if the function returns
   * its response instead of writing it. Never rejects.
   */
  stream(
    target: Target,
    payload: string,
    onChunk: (chunk: Uint8Array) => void,
  ): Promise<{ payload?: string; error?: object }>;
}
