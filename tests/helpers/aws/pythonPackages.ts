import { spawnSync } from "node:child_process";

/** The folder that Python's packages are installed in, such as moto with botocore, if this one is. */
export function folderOf(pythonPackage: string): string | undefined {
  const code = `import os, ${pythonPackage} as it; print(os.path.dirname(os.path.dirname(it.__file__)))`;
  const { status, stdout } = spawnSync("python3", ["-c", code], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
