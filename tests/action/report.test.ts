import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type Action, readYaml } from "../helpers/documents/yaml";
import { copyOfProgram } from "../helpers/offline/cli";
import { temporaryFolder } from "../helpers/offline/graph";
import { repository } from "../helpers/offline/start";

const action = readYaml<Action>("action/action.yml");

interface Result {
  code: number;
  outputs: Record<string, string>;
  report: string;
  summary: string;
  log: string;
}

/** Runs the action's steps as a runner does: each in bash, with its variables, until one fails. */
function runAction(directory: string, inputs: Record<string, string> = {}): Result {
  const temporary = temporaryFolder();
  const files = { GITHUB_OUTPUT: path.join(temporary, "output"), GITHUB_STEP_SUMMARY: path.join(temporary, "summary") };
  for (const file of Object.values(files)) fs.writeFileSync(file, "");
  const outputs = () => Object.fromEntries(lines(files.GITHUB_OUTPUT).map((line) => line.split(/=(.*)/s)));
  const evaluate = (expression: string): string => {
    const [, kind, name = ""] = /^(inputs|steps\.report\.outputs)\.([\w-]+)$/.exec(expression) ?? [];
    if (kind === "inputs") return inputs[name] ?? action.inputs[name]?.default?.replace(/\$\{\{.*\}\}/, "") ?? "";
    if (kind) return outputs()[name] ?? "";
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
      env: { ...process.env, ...files, RUNNER_TEMP: temporary, ...Object.fromEntries(variables) },
      encoding: "utf8",
    });
    code = step.status ?? 1;
    log += step.stdout + step.stderr;
  }
  const report = lines(outputs().report ?? "").join("\n");
  return { code, outputs: outputs(), report, summary: lines(files.GITHUB_STEP_SUMMARY).join("\n"), log };
}

function lines(file: string): string[] {
  return fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
}

describe("the action", () => {
  it("reports the preview, in a file and in the job's summary", () => {
    const { code, outputs, report, summary } = runAction(copyOfProgram("javascript"), { stack: "test" });
    expect(report)
      .to.match(/^# javascript \(test\)/)
      .and.to.include("```mermaid");
    expect(summary).to.equal(report);
    expect(outputs).to.include({ preview: "0", diff: "0" });
    expect(code).to.equal(0);
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
    expect(report).to.match(/^~~~~~~text\nerror: /);
    expect(log).to.include("error: ");
    expect(code).to.equal(1);
  });
});
