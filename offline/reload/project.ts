import * as path from "node:path";
import type { Graph } from "../engine/graph";
import { readProject } from "../engine/project/project";
import { stackFile } from "../engine/project/stack";

/** The files that say which project and stack a graph is of, absolute: Pulumi.yaml and, if there is one, the stack's. */
export function projectFiles({ directory, stack }: Graph): string[] {
  const project = readProject(directory);
  return [project.file, stackFile(project, stack) ?? []].flat();
}

/** The files that a program consists of; undefined while they do not compile, or Pulumi.yaml is wrong. */
export async function readModules(directory: string): Promise<Set<string> | undefined> {
  try {
    const esbuild = require("esbuild") as typeof import("esbuild");
    const { workingDirectory, entryPoint } = readProject(directory);
    const { metafile } = await esbuild.build({
      entryPoints: [path.resolve(workingDirectory, entryPoint)],
      absWorkingDir: workingDirectory,
      bundle: true,
      packages: "external",
      platform: "node",
      write: false,
      outdir: workingDirectory,
      metafile: true,
      logLevel: "silent",
    });
    return new Set(Object.keys(metafile.inputs).map((input) => path.resolve(workingDirectory, input)));
  } catch {
    return undefined;
  }
}
