import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { ProgramError } from "../../../../offline";
import { tidyMessage } from "../../../../offline/engine/program/failure";
import { readProject } from "../../../../offline/engine/project/project";
import { failureOf, programDirectory, run, runScript } from "../../../helpers/offline/program";

const failing = (how: string, timeoutSeconds = 30) => failureOf(run("failing", { config: { how }, timeoutSeconds }));

describe("a program that fails", () => {
  const cases: Record<string, RegExp> = {
    sync: /^The program failed: TypeError: broken at once\n {4}at fail \(index\.ts:5:9\)\n[\s\S]*\[cause\]: Error: the cause\n/,
    apply: /^The program failed: Error: broken for bucket\n {4}at .*index\.ts:10:/,
    rejected: /^The program failed: Error: broken later\n {4}at .*index\.ts:11:/,
    duplicate:
      /failed to register new resource twice \[aws:s3\/bucket:Bucket\]: Duplicate resource URN 'urn:pulumi:dev::failing::aws:s3\/bucket:Bucket::twice'; try giving it a unique name\n {4}at .*index\.ts:12:/,
    logged: /^The program failed: broken politely$/,
    exit: /^The program failed: it ended with 3\. Its output, if any, is above\.$/,
    hook: /before hook "\S+" failed: no buckets today\n/,
    hookNames: /a resource hook named "one" is already registered\n/,
  };
  for (const [how, message] of Object.entries(cases)) {
    it(`is reported with none but its own frames: ${how}`, async () => {
      const error = await failing(how);
      expect(error).to.be.instanceOf(ProgramError);
      expect(error.message).to.match(message);
      expect(error.message).to.not.match(/node_modules|node:internal|registerResource/);
    });
  }

  const unknowns = "With --unknowns they stay unknown";
  it("is told of --unknowns when it failed on an output that a preview made up", async () => {
    const config = { how: "apply" };
    expect((await failureOf(run("failing", { config, dryRun: true }))).message).to.contain(unknowns);
    expect((await failureOf(run("failing", { config }))).message).to.not.contain(unknowns);
    const sync = run("failing", { config: { how: "sync" }, dryRun: true });
    expect((await failureOf(sync)).message).to.not.contain(unknowns);
  });

  it("is told to configure the region that it requires", async () => {
    const error = await failureOf(runScript(`require("@pulumi/aws").config.requireRegion();`));
    expect(error.message).to.match(
      /us-east-1 is only assumed for resources\. Choose one with --config aws:region=REGION\.$/,
    );
  });

  it("keeps the diagnostics from before it failed", async () => {
    const error = await failing("exit");
    expect((error as ProgramError).diagnostics).to.deep.include({ severity: "info", message: "before the end" });
  });

  it("is ended by the time limit, with its last resources in the message", async () => {
    const error = await failing("never", 2);
    expect(error.message).to.match(
      /did not end within 2 seconds[\s\S]*urn:pulumi:dev::failing::aws:s3\/bucket:Bucket::last$/,
    );
    expect(processesOf("failing")).to.deep.equal([]);
  });

  it("is ended by an abort", async () => {
    const abort = new AbortController();
    const running = run("failing", { config: { how: "never" }, signal: abort.signal, onResource: () => abort.abort() });
    expect((await failureOf(running)).message).to.equal("The run was stopped.");
    expect(processesOf("failing")).to.deep.equal([]);
  });
});

describe("tidyMessage", () => {
  const project = readProject(programDirectory("failing"));
  const tidy = (message: string) => tidyMessage({ severity: "error", message }, project).message;

  it("changes nothing but errors", () => {
    const message = "    at somewhere (node:internal)";
    expect(tidyMessage({ severity: "info", message }, project).message).to.equal(message);
  });

  it("advises an option of this command line when configuration is missing", () => {
    const advice = "please set a value using the command `pulumi config set --secret shop:key <value>`";
    expect(tidy(`Missing required configuration variable 'shop:key'\n\t${advice}`)).to.match(
      /'shop:key'\n\tgive it with --config shop:key=VALUE, or under "config:" in the stack's file$/,
    );
  });

  it("keeps the error's own name before a message about a property", () => {
    const at = 'error serializing property "function": error serializing property "code": ';
    expect(tidy(`TypeError: ${at}Cannot read it`)).to.equal("TypeError: Cannot read it");
    expect(tidy(`Error: ${at}Cannot read it`)).to.equal("Cannot read it");
  });

  it("drops an error's own properties, but no line of its message", () => {
    const frame = `    at f (${project.directory}/index.ts:1:2) {`;
    expect(tidy(`Error: a\nb {\n${frame}\n  code: 'X',\n  list: [\n    1\n  ]\n}`)).to.equal(
      "Error: a\nb {\n    at f (index.ts:1:2)",
    );
  });
});

function processesOf(project: string): string[] {
  const listed = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
  return listed.split("\n").filter((line) => line.includes(`--project=${project}`));
}
