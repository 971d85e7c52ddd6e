import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../../../packaging/packages";

/** The path of a file in a package that `.ci/run` installs for tests, or undefined where it is missing. */
export function tool(...names: string[]): string | undefined {
  const file = path.join(root, ".cache/tools/node_modules", ...names);
  return fs.existsSync(file) ? file : undefined;
}

/** Node.js of another major version. */
export function otherNode(major: number): string | undefined {
  return tool(`node${major}`, "bin", process.platform === "win32" ? "node.exe" : "node");
}
