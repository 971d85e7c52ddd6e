import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type Action, readYaml } from "../helpers/documents/yaml";
import { copyOfProgram } from "../helpers/offline/cli";
import { repository } from "../helpers/offline/start";
import { temporaryFolder } from "../helpers/temporaryFolder";

const action = readYaml<Action>("action/action.yml");

interface Result {
  code: number;
  outputs: Record<string, string>;
  report: string;
  summary: string;
  log: string;
}

/** Runs the action's steps as a runner does: each in bash, with its variables, until one fails. */
function runAction(directory: string, inputs: Record<string, string> = {}, event: Record<string, string> = {}): Result {
  const temporary = temporaryFolder();
  const files = { GITHUB_OUTPUT: path.join(temporary, "output"), GITHUB_STEP_SUMMARY: path.join(temporary, "summary") };
  for (const file of Object.values(files)) fs.writeFileSync(file, "");
  const outputs = () => Object.fromEntries(lines(files.GITHUB_OUTPUT).map((line) => line.split(/=(.*)/s)));
  const evaluate = (expression: string): string => {
    const [, kind, name = ""] = /^(inputs|steps\.report\.outputs)\.([\w-]+)$/.exec(expression) ?? [];
    if (kind === "inputs") return inputs[name] ?? action.inputs[name]?.default?.replace(/\$\{\{.*\}\}/, "") ?? "";
    if (kind) return outputs()[name] ?? "";
    if (expression in event) return event[expression] ?? "";
    return expression === "github.action_path" ? path.join(repository, "action") : "";
  };
  const fill = (template: string) => template.replace(/\$\{\{ (.*?) \}\}/g, (_, expression) => evaluate(expression));
  let code = 0;
  let log = "";
  for (const { if: condition, run = "", env = {} } of action.runs.steps) {
    if (condition || code !== 0) continue;
    const variables = Object.entries(env).map(([name, value]) => [name, fill(value)]);
    const step = spawnSync("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", run], {
      cwd: directory,
      env: { ...process.env, PATH: npx.path, ...files, RUNNER_TEMP: temporary, ...Object.fromEntries(variables) },
      encoding: "utf8",
    });
    code = step.status ?? 1;
    log += step.stdout + step.stderr;
  }
  const report = lines(outputs().report ?? "").join("\n");
  return { code, outputs: outputs(), report, summary: lines(files.GITHUB_STEP_SUMMARY).join("\n"), log };
}

/**
 * npx takes longer to start than the command itself. The first report is made with it, and those after that with a stand-in that
 * runs the same file.
 */
const npx = {
  path: process.env.PATH,
  replace(): void {
    const folder = temporaryFolder();
    const script = `#!/bin/sh\n[ "$1 $2" = "--no --" ] && shift 2 && name=$1 && shift && exec "node_modules/.bin/$name" "$@"\n`;
    fs.writeFileSync(path.join(folder, "npx"), script, { mode: 0o755 });
    npx.path = [folder, process.env.PATH].join(path.delimiter);
  },
};

function lines(file: string): string[] {
  return fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
}

function git(directory: string, ...parameters: string[]): string {
  const author = ["-c", "user.name=me", "-c", "user.email=me@example.com"];
  return execFileSync("git", [...author, ...parameters], { cwd: directory, encoding: "utf8" }).trim();
}

/** Makes a program's folder a Git repository, and returns its first commit. */
function commitOf(directory: string): string {
  fs.writeFileSync(path.join(directory, ".gitignore"), "node_modules\n.cache\n");
  git(directory, "init", "--quiet");
  git(directory, "add", ".");
  git(directory, "commit", "--quiet", "--message", "first");
  return git(directory, "rev-parse", "HEAD");
}

describe("the action", () => {
  it("reports the preview, in a file and in the job's summary", () => {
    const { code, outputs, report, summary } = runAction(copyOfProgram("javascript"), { stack: "test" });
    expect(report)
      .to.match(/^<!-- pulumi-offline report: # \. test -->\n# javascript \(test\)/)
      .and.to.include("```mermaid");
    expect(summary).to.equal(report);
    expect(outputs).to.include({ preview: "0", diff: "0" });
    expect(code).to.equal(0);
    npx.replace();
  });

  it("fails on a mandatory violation, and reports it", () => {
    const packs = `\n${path.join(repository, "tests/offline/packs/levels")}\n`;
    const { code, outputs, report } = runAction(copyOfProgram("policed"), { "policy-pack": packs });
    expect(report).to.include("## Policies");
    expect(outputs.preview).to.equal("1");
    expect(code).to.equal(1);
  });

  it("reports why a program could not be run", () => {
    const { code, report, log } = runAction(copyOfProgram("failing"));
    expect(report).to.match(/^<!-- .* -->\n~~~~~~text\nerror: /);
    expect(log).to.include("error: ");
    expect(code).to.equal(1);
  });

  describe("compared with a commit", () => {
    let directory: string;
    let base: string;
    beforeEach(() => {
      directory = copyOfProgram("javascript");
      base = commitOf(directory);
    });

    const rename = () => {
      const program = path.join(directory, "index.js");
      fs.writeFileSync(program, fs.readFileSync(program, "utf8").replace('"bucket"', '"other"'));
    };

    it("reports what changes, before the preview", () => {
      const { code, outputs, report } = runAction(directory, { base });
      expect(report).to.match(/### .*javascript.*<summary>The whole preview<\/summary>.*# javascript.*<\/details>$/s);
      expect(outputs).to.include({ preview: "0", diff: "0" });
      expect(code).to.equal(0);
    });

    it("leaves out what was merged into the base after the pull request's event", () => {
      git(directory, "checkout", "--quiet", "-b", "feature");
      fs.writeFileSync(path.join(directory, "README.md"), "Of the pull request.\n");
      git(directory, "add", ".");
      git(directory, "commit", "--quiet", "--message", "feature");
      const head = git(directory, "rev-parse", "HEAD");
      git(directory, "checkout", "--quiet", base);
      rename();
      git(directory, "commit", "--quiet", "--all", "--message", "of somebody else");
      git(directory, "merge", "--quiet", "--no-edit", "--no-ff", head);
      const event = { "github.event.pull_request.base.sha": base, "github.event.pull_request.head.sha": head };
      const { code, report } = runAction(directory, { base }, event);
      expect(report).to.not.include("resource-deleted");
      expect(code).to.equal(0);
      expect(runAction(directory, { base }).code, "without the event").to.equal(2);
    });

    it("fails if something breaks", () => {
      rename();
      const { code, outputs, report } = runAction(directory, { base });
      expect(report).to.include("**resource-deleted**");
      expect(outputs).to.include({ preview: "0", diff: "2" });
      expect(code).to.equal(2);
    });

    it("passes if what breaks is allowed with a reason", () => {
      rename();
      const allow = "resource-deleted:aws:s3/bucket:Bucket::bucket=it moved";
      expect(runAction(directory, { base, allow })).to.include({ code: 0 });
    });

    it("fetches a commit that a shallow checkout lacks", () => {
      git(directory, "commit", "--quiet", "--allow-empty", "--message", "second");
      const shallow = path.join(temporaryFolder(), "shallow");
      git(directory, "clone", "--quiet", "--depth", "1", `file://${directory}`, shallow);
      fs.symlinkSync(path.join(repository, "node_modules"), path.join(shallow, "node_modules"));
      expect(runAction(shallow, { base }).outputs).to.include({ diff: "0" });
    });

    it("previews a program that its base does not have, and says that nothing was compared", () => {
      const program = path.join(directory, "index.js");
      const good = fs.readFileSync(program, "utf8");
      fs.writeFileSync(program, "throw new Error('broken');\n");
      git(directory, "commit", "--quiet", "--all", "--message", "broken");
      fs.writeFileSync(program, good);
      const { code, outputs, report } = runAction(directory, { base: git(directory, "rev-parse", "HEAD") });
      expect(report).to.include("broken").and.to.include("Nothing was compared").and.to.include("# javascript");
      expect(outputs).to.include({ preview: "0", diff: "0" });
      expect(code).to.equal(0);
    });

    it("says what is wrong with a base that does not exist", () => {
      const { code, report } = runAction(directory, { base: "nowhere" });
      expect(report).to.include("nowhere").and.to.include("# javascript");
      expect(code).to.equal(1);
    });
  });
});
