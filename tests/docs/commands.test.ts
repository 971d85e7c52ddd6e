import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import * as manifest from "../../package.json";
import { blockCommands, type Command, quotedCommands } from "../helpers/documents/commands";
import { readYaml, type Workflow, workflowFiles } from "../helpers/documents/yaml";
import { bin } from "../helpers/offline/cli";
import { repository, type Started, startOffline } from "../helpers/offline/start";

const scripts: Record<string, string> = manifest.scripts;

/** Commands of blocks that are not run here, by how they begin, and why. */
const notRun: [beginning: string, why: string][] = [
  ["npm ci", "installs"],
  ["npm install", "installs"],
  ["pnpm add ", "installs"],
  ["yarn add ", "installs"],
  ["npm publish ", "needs a registry"],
  ["npm start", "serves until Ctrl-C: tests/program/serve.test.ts"],
  ["npx --no pulumi-offline start", "serves until Ctrl-C"],
  ["npm test", "is running"],
  ["npm run check", "takes long: .ci/run"],
  ["npm run bench", "takes long"],
  ["npm run schema", "writes: tests/components/schema.test.ts"],
  ["npm run refresh", "writes: tests/refresh"],
  ["npm run models", "writes: tests/refresh"],
  ["npm run urns", "writes: tests/components/release"],
  ["npm run pack", "writes"],
  ["cp ", "needs another project"],
  ["mkdir ", "needs another project"],
  ["npx --yes ../packages/pulumi-offline-0.1.0.tgz init ", "writes a project: tests/packages/init.test.ts"],
  ["npx --no pulumi-offline preview --policy-pack ours ", "stands for packs of the reader's"],
  ["npx --no pulumi-offline init ", "writes a project: tests/offline/commands/init.test.ts"],
  ["npx --no pulumi-offline invoke ", "needs a start in another terminal: tests/offline/commands/invoke.test.ts"],
  ["npx --no pulumi-offline put ", "needs a start in another terminal: tests/offline/commands/put.test.ts"],
  ["npx --no pulumi-offline token ", "needs a start in another terminal: tests/offline/commands/token.test.ts"],
  ["npx --no pulumi-offline logs ", "needs a start in another terminal: tests/offline/commands/invoke.test.ts"],
  ["npx --no pulumi-offline redrive ", "needs a start in another terminal: tests/offline/commands/redrive.test.ts"],
  ['curl "$(pulumi ', "needs the Pulumi CLI and an account"],
  ["npx --no pulumi-offline diff ", "needs a base: tests/offline/commands/diff.test.ts"],
  ["pulumi ", "needs the Pulumi CLI and an account"],
  ["aws ", "needs an account"],
  ["(cd .data/", "needs --data: tests/jobs/spark.test.ts"],
  ["ls .data/", "needs --data: tests/jobs/spark.test.ts"],
  ["for script in findings/", "shows what outside software does"],
];

const reasonFor = ({ text }: Command) => notRun.find(([beginning]) => text.startsWith(beginning));

/** What a command makes of `pulumi-offline`, if it runs it: its arguments. */
function offlineArguments(text: string): string[] | undefined {
  const [, script, more = ""] =
    /^npm (?:run )?(?:-s )?([\w-]+)(?: -- (.*))?$/s.exec(text.replace("run -s", "run")) ?? [];
  const expanded = script && scripts[script] ? `${scripts[script]} ${more}` : text;
  const [, given] = /^(?:npx (?:--no )?)?pulumi-offline(?: (.*))?$/s.exec(expanded.replace(/ > \S+$/, "").trim()) ?? [];
  return given?.split(" ").filter(Boolean);
}

const run = promisify(execFile);

async function helpOf(...command: string[]): Promise<string> {
  return (await run(process.execPath, [bin, ...command, "--help"])).stdout;
}

/** The files in the checkout that git neither tracks nor ignores. */
async function untrackedFiles(): Promise<string[]> {
  const { stdout } = await run("git", ["ls-files", "--others", "--exclude-standard", "-z"], { cwd: repository });
  return stdout.split("\0");
}

describe("the commands of the documents", () => {
  const everywhere = blockCommands();
  // tests/examples runs those of the examples, as a stranger would.
  const blocks = everywhere.filter(({ document }) => !document.startsWith("examples/"));
  const inWorkflows = workflowFiles.flatMap((document) => {
    const steps = Object.values(readYaml<Workflow>(document).jobs).flatMap((job) => job.steps ?? []);
    return steps.flatMap(({ run: script = "" }) => script.split("\n")).map((text) => ({ text, document }));
  });
  const all = [...everywhere, ...quotedCommands(), ...inWorkflows];

  it("name scripts that exist", () => {
    const own = ["ci", "dedupe", "init", "install", "ls", "publish", "run"];
    const missing = all.filter(({ text }) => {
      const [, , script = ""] = /^npm (run )?(?:-s )?(\w[\w-]*)/.exec(text) ?? [];
      return script && !(script in scripts) && !own.includes(script);
    });
    expect(missing).to.deep.equal([]);
  });

  it("give pulumi-offline commands and options that it has", async () => {
    const help = new Map<string, string>([["", await helpOf()]]);
    const wrong: Command[] = [];
    let options = 0;
    for (const command of all) {
      const given = offlineArguments(command.text);
      if (!given) continue;
      const [name = ""] = given;
      const isCommand = /^[a-z]/.test(name);
      if (isCommand && !new RegExp(`^  ${name}\\b`, "m").test(help.get("") ?? "")) {
        wrong.push(command);
        continue;
      }
      const about = isCommand ? name : "";
      if (!help.has(about)) help.set(about, await helpOf(about));
      for (const [option] of given.join(" ").matchAll(/--[a-z][\w-]*/g)) {
        options++;
        if (!new RegExp(`${option}\\b(?!-)`).test(help.get(about) ?? "")) wrong.push(command);
      }
    }
    expect(wrong).to.deep.equal([]);
    expect(options).to.be.above(20);
  });

  it("are run here, or have a reason why not", () => {
    const unexplained = blocks.filter((command) => {
      const runs =
        /^(preview|output)$/.test(offlineArguments(command.text)?.[0] ?? "") || command.text.startsWith("curl ");
      return !runs && command.text !== "npm run docs" && !reasonFor(command);
    });
    expect(unexplained).to.deep.equal([]);
    const stale = notRun.filter(([beginning]) => !blocks.some(({ text }) => text.startsWith(beginning)));
    expect(stale).to.deep.equal([]);
  });

  const offline = blocks.filter((command) => !reasonFor(command)).map(({ text }) => offlineArguments(text));
  for (const given of new Set(offline.flatMap((one) => one?.join(" ") ?? []))) {
    it(`run, and leave no files behind: pulumi-offline ${given}`, async () => {
      const known = await untrackedFiles();
      await run(process.execPath, [bin, ...given.split(" ")], { cwd: repository });
      expect((await untrackedFiles()).filter((file) => !known.includes(file))).to.deep.equal([]);
    });
  }

  describe("to the running API", () => {
    let started: Started;
    before(async () => {
      started = await startOffline();
    });
    after(() => started.interrupt());

    for (const { text } of blocks.filter((command) => command.text.startsWith("curl ") && !reasonFor(command))) {
      it(`run: ${text}`, async () => {
        const address = new URL(started.apis[0]?.url ?? "").origin;
        const here = text.replace("http://127.0.0.1:3000", address).replace(/^curl/, "curl --silent --fail-with-body");
        JSON.parse((await run("bash", ["-c", here])).stdout);
      });
    }
  });
});
