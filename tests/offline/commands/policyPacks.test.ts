import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { pairPacks } from "../../../offline/commands/policyPacks";
import { begin, type Command, copyOfProgram, isRunning } from "../../helpers/offline/cli";
import { packDirectory, packOf } from "../../helpers/offline/packs";
import { programDirectory } from "../../helpers/offline/program";
import { until } from "../../helpers/offline/served";
import { temporaryFolder } from "../../helpers/temporaryFolder";

/** A pack with one policy, which every bucket violates. */
const source = (level: string) => `import { PolicyPack } from "@pulumi/policy";
  new PolicyPack("buckets", { policies: [{ name: "no-buckets", description: "No buckets.",
    enforcementLevel: "${level}",
    validateResource: ({ type }, report) => { if (type === "aws:s3/bucket:Bucket") report(""); } }] });`;

const policed = ["--cwd", programDirectory("policed")];

describe("pulumi-offline --policy-pack", () => {
  describe("paired with --policy-pack-config", () => {
    it("pairs them in order when there are as many of each, as the Pulumi CLI does", () => {
      expect(pairPacks([{ config: "x" }, { pack: "a" }, { pack: "b" }, { config: "y" }])).to.deep.equal([
        { directory: "a", config: "x" },
        { directory: "b", config: "y" },
      ]);
    });

    it("gives a configuration to the pack named before it when there are fewer", () => {
      expect(pairPacks([{ pack: "a" }, { pack: "b" }, { config: "y" }, { pack: "c" }])).to.deep.equal([
        { directory: "a" },
        { directory: "b", config: "y" },
        { directory: "c" },
      ]);
    });

    it("refuses a configuration without a pack, and a second one", () => {
      expect(() => pairPacks([{ config: "x" }])).to.throw("--policy-pack-config x has no pack: name it first");
      const twice = [{ pack: "a" }, { config: "x" }, { config: "y" }];
      expect(() => pairPacks(twice)).to.throw("--policy-pack-config y: the pack a already has the configuration x");
    });
  });

  it("is refused by a preview when a configuration has no pack, before anything runs", async () => {
    const { code, out, error } = await begin("preview", ...policed, "--policy-pack-config", "x.json").ended;
    expect({ code, out }).to.deep.equal({ code: 1, out: "" });
    expect(error).to.match(
      /^error: --policy-pack-config x\.json has no pack: name it first, with --policy-pack DIR\.\n$/,
    );
  });

  it("ends a preview with 1 on a mandatory violation, after printing everything", async () => {
    const { code, out, error } = await begin("preview", ...policed, "--policy-pack", packOf(source("mandatory"))).ended;
    expect({ code, error }).to.deep.equal({
      code: 1,
      error: "error: Mandatory policies are violated or could not be checked: see above.\n",
    });
    expect(out).to.contain("[mandatory]  no-buckets").and.to.contain("+ 5 to create");
  });

  it("ends a preview with 1 when something could not be checked", async () => {
    const { code, out } = await begin("preview", "--json", ...policed, "--policy-pack", temporaryFolder()).ended;
    expect(code).to.equal(1);
    expect(JSON.parse(out).policyPacks[0].failures[0].message).to.match(/^There is no PulumiPolicy\.yaml in/);
  });

  it("ends a preview with 0 for advice, and uses the pack's configuration for the stack", async () => {
    const config = { "policy-config.dev.json": JSON.stringify({ "no-buckets": "advisory" }) };
    const { code, out } = await begin("preview", ...policed, "--policy-pack", packOf(source("mandatory"), config))
      .ended;
    expect(code).to.equal(0);
    expect(out).to.contain("[advisory]  no-buckets").and.to.contain("policy-config.dev.json");
  });

  it("uses the configuration that is named", async () => {
    const config = path.join(temporaryFolder(), "any.json");
    fs.writeFileSync(config, JSON.stringify({ all: "disabled" }));
    const given = ["--policy-pack", packOf(source("mandatory")), "--policy-pack-config", config];
    const { code, out } = await begin("preview", ...policed, ...given).ended;
    expect(code).to.equal(0);
    expect(out).to.contain("1 pack, 0 policies");
  });

  it("with --strict ends a start before it serves", async () => {
    const { code, out, error } = await begin("start", "--strict", ...policed, "--policy-pack", packDirectory("levels"))
      .ended;
    expect({ code, out }).to.deep.equal({ code: 1, out: "" });
    expect(error)
      .to.contain("[mandatory]  mandatory")
      .and.to.match(/\nerror: Mandatory policies are violated [^\n]*\n$/);
  });

  describe("while it serves", () => {
    let run: Command;
    let program: string;
    const write = (level: string) => fs.writeFileSync(path.join(program, "rules", "index.ts"), source(level));

    /** Starts a program whose folder contains the pack, and waits until it is served. */
    async function serve(level: string, ...parameters: string[]): Promise<void> {
      program = copyOfProgram("policed");
      fs.cpSync(packOf(source(level)), path.join(program, "rules"), { recursive: true, verbatimSymlinks: true });
      run = begin(
        "start",
        "--port",
        "0",
        "--cwd",
        program,
        "--policy-pack",
        path.join(program, "rules"),
        ...parameters,
      );
      await until(() => run.printed.out.includes("ready in"));
    }

    afterEach(async () => {
      run.child.kill("SIGINT");
      await run.ended;
    });

    it("logs the verdict and serves all the same, and logs it again when the pack changes", async () => {
      await serve("mandatory");
      expect(run.printed.error).to.contain("[mandatory]  no-buckets");
      write("advisory");
      await until(() => run.printed.error.includes("[advisory]  no-buckets"));
      await until(() => /rules.index\.ts changed \| nothing changes/.test(run.printed.error));
    });

    it("with --strict applies no change that violates a mandatory policy", async () => {
      await serve("advisory", "--strict");
      write("mandatory");
      await until(() => /changed \| not applied[^\n]*\n[^\n]*policies are violated/.test(run.printed.error));
      expect(run.child.exitCode, "it keeps serving").to.equal(null);
    });
  });

  it("leaves no pack behind when it is killed", async () => {
    const file = path.join(temporaryFolder(), "pid");
    const spinning = `require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); for (;;);`;
    const { child, ended } = begin("preview", ...policed, "--policy-pack", packOf(spinning));
    await until(() => fs.existsSync(file) && fs.readFileSync(file, "utf8") !== "");
    child.kill("SIGKILL");
    await ended;
    await until(() => !isRunning(Number(fs.readFileSync(file, "utf8"))));
  });
});
