import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { findOnPath, isExecutable } from "../core/process/findOnPath";

/** Where `spark-submit` is, or why Spark does not run here. */
export type Launcher = { program: string } | { missing: string };

/** Finds `spark-submit` on the PATH, in SPARK_HOME, or in the pyspark of `python3`. */
export async function findLauncher(): Promise<Launcher> {
  const program = findOnPath("spark-submit") ?? findInHome(process.env.SPARK_HOME) ?? findInHome(await findPySpark());
  if (program === undefined) return { missing: "spark-submit is not on the PATH, in SPARK_HOME or in pyspark" };
  const java = findOnPath("java") ?? findInHome(process.env.JAVA_HOME, "java");
  return java === undefined ? { missing: "Spark needs java, which is not on the PATH" } : { program };
}

function findInHome(home: string | undefined, program = "spark-submit"): string | undefined {
  const file = home && path.join(home, "bin", program);
  return file && isExecutable(file) ? file : undefined;
}

async function findPySpark(): Promise<string | undefined> {
  const code =
    "import importlib.util as u; s = u.find_spec('pyspark'); print(s.submodule_search_locations[0] if s else '')";
  try {
    const { stdout } = await promisify(execFile)("python3", ["-c", code]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
