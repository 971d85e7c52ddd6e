/** A function and the alias or version of it that somebody calls. */
export interface Target {
  name: string;
  qualifier?: string;
}

/** How other services call the program's functions. */
export interface Invoker {
  /** Of all of them. */
  readonly names: string[];
  /** Finds what a name, an ARN or a part of one stands for, as Lambda's Invoke takes them. */
  find(reference: string, qualifier?: string): Target | undefined;
  /** Makes sure that a function has a worker before its first event comes. */
  warm(name: string): Promise<void>;
  /** Runs a function. Never rejects: what went wrong is the result's error. */
  invoke(target: Target, payload: string): Promise<{ payload?: string; error?: object }>;
}
