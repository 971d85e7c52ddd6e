import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

const region = "eu-west-1";

/** moto, an emulation of AWS independent of ours. */
export interface Moto {
  endpoint: string;
  /** Calls an operation of a service with the Query protocol, and returns the response's XML. */
  query(service: string, parameters: Record<string, string>): Promise<string>;
  stop(): void;
}

/** Whether a Python module is installed. */
export function pythonHas(module: string): boolean {
  return spawnSync("python3", ["-c", `import ${module}`], { stdio: "ignore" }).status === 0;
}

/** Starts moto on a free port of this machine. */
export async function startMoto(): Promise<Moto> {
  const child = spawn("python3", ["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const endpoint = await addressOf(child);
  return {
    endpoint,
    query: async (service, parameters) => {
      const credential = `Credential=test/20260101/${region}/${service}/aws4_request`;
      const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`;
      const body = new URLSearchParams(parameters);
      const answer = await fetch(endpoint, { method: "POST", headers: { authorization }, body });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${body}: ${text}`);
      return text;
    },
    stop: () => child.kill(),
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    if (!child.stderr) throw new Error("moto has no output");
    createInterface({ input: child.stderr }).on("line", (line) => {
      output += `${line}\n`;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (address) resolve(address);
    });
    child.once("exit", (code) => reject(new Error(`moto ended with ${code}:\n${output}`)));
  });
}
