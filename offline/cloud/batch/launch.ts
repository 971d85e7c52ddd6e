import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import type { Launch } from "../core/process/programProcess";
import { type Dockerfile, readDockerfile } from "./dockerfile";
import type { Image } from "./image";
import type { Submission } from "./job";

const NOT_RUN =
  "the program does not build it from a folder with a Dockerfile. Build it with awsx.ecr.Image or the docker-build provider, start with --docker, or point batch elsewhere with --endpoint batch=http://HOST:PORT";

/**
 * A job's command for this machine, from the image's Dockerfile and the job. The build context serves as the image's
 * working directory.
 * @throws Error that says why the image cannot run here
 */
export function launchLocally({ definition, command }: Submission, environment: Record<string, string>): Launch {
  const reference = definition.container.image;
  const { image } = definition;
  if (!image) throw new Error(`Image not run offline: ${reference}: ${NOT_RUN}`);
  const dockerfile = read(image);
  const [program, ...args] = [...(dockerfile.entrypoint ?? []), ...(command ?? dockerfile.command ?? [])];
  if (!program) {
    throw new Error(
      `Image not run offline: ${image.dockerfile} has neither ENTRYPOINT nor CMD, and the job has no command`,
    );
  }
  const local = (part: string) => localPath(part, dockerfile.workdir, image.context);
  const { PATH: _, ...ofImage } = dockerfile.environment;
  return {
    program: path.basename(program) === "node" ? process.execPath : local(program),
    args: args.map(local),
    cwd: image.context,
    environment: {
      LANG: "en_US.UTF-8",
      PATH: process.env.PATH ?? "",
      // Hides the configuration of the user's own AWS account.
      HOME: os.tmpdir(),
      // The SDK would warn of the developer's Node.js, not of the image's.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      ...ofImage,
      ...environment,
    },
  };
}

function read({ dockerfile, target, buildArgs }: Image): Dockerfile {
  let text: string;
  try {
    text = fs.readFileSync(dockerfile, "utf8");
  } catch {
    throw new Error(`Image not run offline: ${dockerfile} does not exist`);
  }
  try {
    return readDockerfile(text, target, buildArgs);
  } catch (error) {
    throw new Error(`Image not run offline: ${dockerfile} cannot be read: ${(error as Error).message}`);
  }
}

/** Maps a file below the image's working directory to the build context, if it exists there. */
function localPath(part: string, workdir: string, context: string): string {
  const within = path.posix.relative(workdir, part);
  if (!path.posix.isAbsolute(part) || within.startsWith("..")) return part;
  const file = path.join(context, within);
  return fs.existsSync(file) ? file : part;
}

/**
 * The `docker run` command of a job. Builds the image first if the program does.
 * @throws Error with the end of docker's output if the build fails
 */
export async function launchInDocker(submission: Submission, variables: Record<string, string>): Promise<Launch> {
  const { definition, command = [] } = submission;
  const image = definition.image ? await build(definition.image) : String(definition.container.image);
  const container = `pulumi-offline-${randomUUID()}`;
  const onHost = process.platform === "linux";
  // In Docker Desktop, containers reach this machine's loopback interface only by name.
  const reachable = (value: string) => (onHost ? value : value.replace("//127.0.0.1:", "//host.docker.internal:"));
  return {
    program: "docker",
    args: [
      "run",
      "--rm",
      ...["--name", container],
      ...(onHost ? ["--network", "host"] : []),
      ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${reachable(value)}`]),
      image,
      ...command,
    ],
    cwd: os.tmpdir(),
    environment: process.env as Record<string, string>,
    // Killing the command alone leaves its container running.
    abandon: () => spawn("docker", ["kill", container], { stdio: "ignore", detached: true }).unref(),
  };
}

async function build({ context, dockerfile, target, platform, buildArgs }: Image): Promise<string> {
  const options = [
    ...(target ? ["--target", target] : []),
    ...(platform ? ["--platform", platform] : []),
    ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
  ];
  try {
    const args = ["build", "--quiet", "--file", dockerfile, ...options, context];
    return (await promisify(execFile)("docker", args)).stdout.trim();
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`docker build of ${context} failed: ${(stderr || message).trim().slice(-500)}`);
  }
}
