import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { createInterface } from "node:readline";

export const repository = path.resolve(__dirname, "../../..");

/** What `pulumi-offline start --json` prints once it serves. */
interface Ready {
  apis: { name: string; url: string }[];
  webSockets: { url: string }[];
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

export interface Started extends Ready {
  process: ChildProcess;
  /** Everything printed so far, on both streams. */
  output(): string;
  /** Ends it as Ctrl-C does and resolves to its exit code. */
  interrupt(): Promise<number | null>;
}

/** Runs the command as a user does and waits until it serves. */
export async function startOffline(options: string[] = [], cwd = repository): Promise<Started> {
  const child = spawnOffline(["start", "--port", "0", "--json", ...options], cwd);
  let output = "";
  const note = (line: string) => {
    output += `${line}\n`;
  };
  createInterface({ input: child.stderr }).on("line", note);
  const lines = createInterface({ input: child.stdout }).on("line", note);
  const ready = await new Promise<Ready>((resolve, reject) => {
    lines.on("line", (line) => line.startsWith("{") && resolve(JSON.parse(line) as Ready));
    child.once("exit", (code) => reject(new Error(`start ended with ${code}:\n${output}`)));
  });
  const interrupt = async () => {
    if (child.exitCode === null) {
      child.kill("SIGINT");
      await once(child, "exit");
    }
    return child.exitCode;
  };
  return { ...ready, process: child, output: () => output, interrupt };
}

function spawnOffline(args: string[], cwd: string) {
  return spawn(process.execPath, [path.join(repository, "offline/bin.js"), ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
}
