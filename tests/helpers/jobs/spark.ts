import { spawn, spawnSync } from "node:child_process";
import * as path from "node:path";
import { createInterface } from "node:readline";

const jobs = path.resolve(__dirname, "../../../jobs/spark");

/** One thread, on the loopback interface only. `environment.js` has what else makes it fast for few rows. */
const settings = ["--master local[1]", "--conf spark.driver.bindAddress=127.0.0.1"];

interface Log {
  level: string;
  message: string;
  [field: string]: unknown;
}

interface Run {
  code: number;
  logs: Log[];
}

/** PySpark, with the folder jobs/spark on its path. */
export interface Spark {
  /** Runs jobs/spark/daily_summary.py with these arguments. */
  run(...args: string[]): Promise<Run>;
  /** The rows of a folder of summaries, by date and category, without null values. */
  read(folder: string): Promise<object[]>;
  stop(): void;
}

/** Whether Java is installed, and python3 has pyspark (pip install pyspark, or its folder in PYTHONPATH). */
export function hasSpark(): boolean {
  const check = "import os, pyspark, shutil; assert os.environ.get('JAVA_HOME') or shutil.which('java')";
  return spawnSync("python3", ["-c", check], { stdio: "ignore" }).status === 0;
}

export function startSpark(): Spark {
  const child = spawn("python3", [path.join(__dirname, "spark.py")], {
    env: {
      ...process.env,
      PYTHONPATH: [jobs, process.env.PYTHONPATH ?? ""].filter(Boolean).join(path.delimiter),
      PYTHONDONTWRITEBYTECODE: "1",
      SPARK_LOCAL_IP: "127.0.0.1",
      PYSPARK_SUBMIT_ARGS: [...settings, "pyspark-shell"].join(" "),
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (operation: "run" | "read", value: unknown) => {
    child.stdin.write(`${JSON.stringify([operation, value])}\n`);
    const logs: Log[] = [];
    for (;;) {
      const { value: line, done } = await lines.next();
      if (done) throw new Error(`PySpark ended:\n${errors.slice(-5000)}`);
      const { answer, ...log } = JSON.parse(line);
      if (answer !== undefined) return { answer, logs };
      logs.push(log);
    }
  };
  return {
    run: async (...args) => {
      const { answer, logs } = await ask("run", args);
      return { code: answer, logs };
    },
    read: async (folder) => (await ask("read", folder)).answer,
    stop: () => child.stdin.end(),
  };
}
