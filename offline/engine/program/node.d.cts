import type { ChildProcess } from "node:child_process";

/** What start.cjs runs. */
export interface Task {
  /** The file of the SDK's runner. */
  runner: string;
  runnerArguments: string[];
  /** The working directory. */
  directory: string;
  /** All of it. */
  environment: NodeJS.ProcessEnv;
  /** Settings of the compiler, which is tsx without them. */
  compiler?: { runner: string; tsconfig: string };
  /** Whether the program is an ES module. */
  isModule?: boolean;
}

export function prepare(words: string[], directory: string): void;
export function runNode(nodeArguments: string[], task: Task): ChildProcess;
