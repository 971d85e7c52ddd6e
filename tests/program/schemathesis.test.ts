import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { pythonHas } from "../helpers/aws/moto";
import { type Started, startOffline } from "../helpers/offline/start";
import { stackGraph } from "../helpers/program/graphs";
import { temporaryFolder } from "../helpers/temporaryFolder";

const run = promisify(execFile);

const phases = "examples,coverage,fuzzing";

/**
 * An HTTP API answers 404, not 405, where a path lacks a method. What one answer means for the next request is up to the
 * handlers, which are the same.
 */
const kinds: Record<string, string[]> = {
  REST: ["--phases", `${phases},stateful`],
  HTTP: ["--phases", phases, "--exclude-checks", "unsupported_method"],
};

describe("the API, tested by Schemathesis from its document,", () => {
  before(function () {
    if (!pythonHas("schemathesis")) {
      console.log("    schemathesis is not installed (pip install schemathesis)");
      this.skip();
    }
  });

  for (const [apiKind, own] of Object.entries(kinds)) {
    describe(`as a ${apiKind} API`, () => {
      let started: Started;
      before(async () => {
        started = await startOffline(["--config", `apiKind=${apiKind}`]);
      });
      after(() => started?.interrupt());

      it("answers as the document says, whatever is sent", async () => {
        const folder = temporaryFolder();
        const document = path.join(folder, "openapi.json");
        const { resources } = await stackGraph("dev", { apiKind });
        const api = resources.find(({ outputs }) => "document" in outputs);
        writeFileSync(document, String(api?.outputs.document));
        const config = path.join(__dirname, "schemathesis.toml");
        const url = ["--url", started.apis[0]?.url ?? ""];
        const limits = ["--max-examples", "5", "--seed", "1"];
        const options = ["--config-file", config, "run", document, "--no-color", ...url, ...limits, ...own];
        const result = await run("python3", ["-m", "schemathesis.cli", ...options], { cwd: folder }).catch(
          (error: { stdout: string }) => error,
        );
        expect(result.stdout, result.stdout).to.match(/\b(\d+) generated, \1 passed/);
      }).timeout(180_000);
    });
  }
});
