import { execFileSync } from "node:child_process";
import * as path from "node:path";

const generator = path.join(__dirname, "../helpers/fidelity.ts");

describe("The table of the emulator's fidelity", () => {
  it("counts the facts that the tests check", () => {
    execFileSync(process.execPath, ["--require", "tsx/cjs", generator, "--check"], { stdio: "pipe" });
  }).timeout(60_000);
});
