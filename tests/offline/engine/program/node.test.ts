import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { bin, copyOfProgram, isRunning } from "../../../helpers/offline/cli";
import { until } from "../../../helpers/offline/served";
import { write } from "../../../helpers/packages/consumer";

/** The command starts Node before it knows what it will run, unless the project has arguments for it. */
describe("the process of a program", () => {
  const program = `module.exports = {
    folder: process.cwd(),
    given: process.execArgv.filter((one) => /stack-trace|title/.test(one)),
    mark: process.env.MARK,
    main: require.main.filename,
  };`;

  function projectWith(options: string): string {
    const folder = copyOfProgram("closure");
    const yaml = `name: given\nmain: program/index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n${options}`;
    write(folder, { "Pulumi.yaml": yaml, "program/index.js": program, "package.json": "{}" });
    return folder;
  }

  for (const [what, options, given] of [
    ["none", "", []],
    ["those of Pulumi.yaml", "    nodeargs: --stack-trace-limit=7\n", ["--stack-trace-limit=7"]],
    ["those with quotes", `    nodeargs: "--title='two words'"\n`, ["--title=two words"]],
  ] as const) {
    it(`has the folder, the environment and the arguments for Node, such as ${what}`, async () => {
      const folder = projectWith(options);
      const { stdout } = await promisify(execFile)(process.execPath, [bin, "output"], {
        cwd: folder,
        env: { ...process.env, MARK: "é\nline" },
      });
      const { main, ...others } = JSON.parse(stdout);
      expect(others).to.deep.equal({ folder: path.join(folder, "program"), given, mark: "é\nline" });
      expect(main).to.match(/[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run[\\/]index\.js$/);
    });
  }

  it("loads what the arguments name from the program's folder, with the program's environment", async () => {
    const folder = projectWith("    nodeargs: --env-file=.env --require ./first.cjs\n");
    write(folder, {
      "program/.env": "MARK=from the file",
      "program/first.cjs": `process.env.MARK += process.env.PULUMI_CONFIG ? ", configured" : "";`,
    });
    const { MARK: _, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, [bin, "output"], { cwd: folder, env });
    expect(JSON.parse(stdout).mark).to.equal("from the file, configured");
  });

  it("ends with a command that runs nothing", async () => {
    const folder = projectWith("");
    const record = `require("node:fs").appendFileSync(${JSON.stringify(path.join(folder, "started"))}, process.pid + "\\n");`;
    write(folder, { "record.cjs": record });
    const { code } = await promisify(execFile)(process.execPath, [bin, "preview", "--config", "no-value"], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: `--require ${path.join(folder, "record.cjs")}` },
    }).catch((error) => error);
    expect(code).to.equal(1);
    const started = () => fs.readFileSync(path.join(folder, "started"), "utf8").trim().split("\n").map(Number);
    // The program's process may end before it runs anything.
    await until(() => !started().some(isRunning));
  });
});
