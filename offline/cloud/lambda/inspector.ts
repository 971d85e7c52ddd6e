import * as inspector from "node:inspector";

/** Where Node's debuggers look by default. */
const PORT = 9229;

/**
 * Opens Node's inspector, where debuggers see the functions as worker threads of this process.
 * @returns whether it was closed before
 * @throws Error when its port is in use
 */
export function openInspector(): boolean {
  if (inspector.url()) return false;
  inspector.open(PORT, "127.0.0.1");
  if (inspector.url()) return true;
  throw new Error(`Port ${PORT} is in use: end the other process that is debugged`);
}
