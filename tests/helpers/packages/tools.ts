import * as fs from "node:fs";
import * as path from "node:path";

/** The path of something in the folder TEST_TOOLS that `.ci/run` installs, or undefined where it is missing. */
export function tool(...names: string[]): string | undefined {
  const file = path.join(process.env.TEST_TOOLS ?? "", "node_modules", ...names);
  return process.env.TEST_TOOLS && fs.existsSync(file) ? file : undefined;
}

/** Node.js of another major version. */
export function otherNode(major: number): string | undefined {
  return tool(`node${major}`, "bin", process.platform === "win32" ? "node.exe" : "node");
}
