import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { begin, bin, copyOfProgram, isRunning } from "../../helpers/offline/cli";
import { programDirectory, writeProgram } from "../../helpers/offline/program";
import { until } from "../../helpers/offline/served";
import { temporaryFolder } from "../../helpers/temporaryFolder";

const command = (...parameters: string[]) => begin(...parameters).ended;
const at = (program: string) => ["--cwd", programDirectory(program)];

describe("pulumi-offline", () => {
  it("previews a program as a tree", async () => {
    const { code, out, error } = await command("preview", ...at("javascript"));
    expect({ code, error }).to.deep.equal({ code: 0, error: "" });
    expect(out).to.contain("└─ aws:s3:Bucket     bucket          create").and.contain("+ 2 to create");
    expect(out).to.contain("printed by the program");
  });

  it("previews a program as one JSON document", async () => {
    const { out } = await command("preview", "--json", ...at("javascript"));
    expect(JSON.parse(out).outputs).to.deep.equal({ bucket: "imported-bucket", isDryRun: true });
  });

  it("checks the types of a program when it runs as under the Pulumi CLI", async () => {
    const tsconfig = JSON.stringify({ compilerOptions: { types: [], skipLibCheck: true } });
    const directory = writeProgram({ "tsconfig.json": tsconfig, "index.ts": `export const one: number = "1";` });
    const preview = ["preview", "--cwd", directory];
    expect((await command(...preview)).out).to.contain(`one: "1"`);
    const { code, error } = await command(...preview, "--runner", "sdk");
    expect(code).to.equal(1);
    expect(error).to.contain("index.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.");
    expect((await command(...preview, "--runner", "cli")).error).to.contain("Allowed choices are fast, sdk.");
  });

  it("prints an output, plain when it is text", async () => {
    const { code, out } = await command("output", "vpcId", ...at("references"));
    expect({ code, out }).to.deep.equal({ code: 0, out: "vpc-0123456789abcdef0\n" });
  });

  it("prints an output of a resource, which its name and that of the output tell", async () => {
    const { code, out } = await command("output", "openapi", "--of", "shop", ...at("outputs"));
    expect({ code, out }).to.deep.equal({ code: 0, out: "3.0.1\n" });
  });

  it("writes outputs to a file", async () => {
    const file = path.join(temporaryFolder(), "outputs.json");
    expect(await command("output", "--to", file, ...at("references"))).to.deep.equal({ code: 0, out: "", error: "" });
    expect(JSON.parse(fs.readFileSync(file, "utf8"))).to.deep.equal({ vpcId: "vpc-0123456789abcdef0" });
  });

  it("lets look-ups find nothing, and says how to write it", async () => {
    const [unused, wrong] = await Promise.all([
      command("preview", "--lookup", "aws:ec2/getVpc:getVpc=none", ...at("javascript")),
      command("preview", "--lookup", "aws:ec2/getVpc:getVpc=vpc-1", ...at("javascript")),
    ]);
    expect(unused.out).to.contain("--lookup aws:ec2/getVpc:getVpc=none: the program did not call this function.");
    expect(wrong).to.deep.include({ code: 1, out: "" });
    expect(wrong.error).to.contain("Write it as TOKEN=none, such as aws:ec2/getVpc:getVpc=none.");
  });

  it("prints secrets only with --show-secrets", async () => {
    const [hidden, shown] = await Promise.all([
      command("output", "secret", ...at("everything")),
      command("output", "secret", "--show-secrets", "--config", "token=letmein", ...at("everything")),
    ]);
    expect(hidden.out).to.equal("[secret]\n");
    expect(shown.out).to.equal("letmein\n");
  });

  it("prints the package's version", async () => {
    expect((await command("--version")).out).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  for (const [version, code] of [
    ["18.20.8", 1],
    ["20.18.3", 1],
    ["20.19.0", 0],
    ["22.0.0", 0],
  ] as const) {
    it(`${code === 0 ? "runs" : "says which Node it needs"} on Node ${version}`, () => {
      const preload = path.join(temporaryFolder(), "version.cjs");
      const versions = `{ ...process.versions, node: "${version}" }`;
      fs.writeFileSync(preload, `Object.defineProperty(process, "versions", { value: ${versions} });`);
      const { status, stderr } = spawnSync(process.execPath, ["--require", preload, bin, "--version"], {
        encoding: "utf8",
      });
      const message = `error: pulumi-offline needs Node 20.19 or later; this is ${version}.\n`;
      expect({ status, stderr }).to.deep.equal({ status: code, stderr: code === 0 ? "" : message });
    });
  }

  const mistakes: Record<string, [string[], RegExp]> = {
    "an unknown output": [
      ["output", "nope", ...at("references")],
      /^error: There is no output "nope". The outputs are: vpcId\.\n$/,
    ],
    "an unknown output of a resource": [
      ["output", "nope", "--of", "only", ...at("outputs")],
      /^error: There is no output "nope". The outputs are: length\.\n$/,
    ],
    "an unknown output of resources that share a name": [
      ["output", "nope", "--of", "shop", ...at("outputs")],
      /^error: None of these resources has an output "nope":(\n {2}urn:\S+::shop){3}\n$/,
    ],
    "a name that several resources with that output share": [
      ["output", "url", "--of", "shop", ...at("outputs")],
      /^error: Give --of the URN of one of these resources:\n {2}urn:\S+Shop::shop\n {2}urn:\S+Part::shop\n$/,
    ],
    "an unknown resource": [
      ["output", "--of", "nope", ...at("outputs")],
      /^error: There is no resource "nope"\. The command preview shows the names\.\n$/,
    ],
    "a missing configuration": [["preview", ...at("failing")], /"failing:how" \(string: how to fail\)\n$/],
    "a folder without a program": [["preview", "--cwd", "/"], /^error: There is no Pulumi\.yaml in \/ or above it/],
    "an unknown option": [["preview", "--nope"], /^error: unknown option '--nope'\n$/],
    "a pair without =": [["preview", "--config", "nope"], /argument 'nope' is invalid. Write it as name=value\./],
    "a folder without a name, as an unset variable leaves it": [
      ["start", "--data", ""],
      /^error: option '--data <dir>' argument '' is invalid\. It must not be empty\.\n$/,
    ],
    "tables in the program's own folder": [
      ["start", ...at("javascript"), "--data", programDirectory("javascript")],
      /^(?:.*\n)*error: --data .*javascript is the program's own folder: name another one, such as --data \.data\n$/,
    ],
    "two formats": [["preview", "--json", "--markdown"], /'--markdown' cannot be used with option '--json'/],
    "a timeout longer than any timer": [
      ["preview", "--timeout", "1e9"],
      /'1e9' is invalid\. Use a number of seconds above 0/,
    ],
    "a port that is not a number": [
      ["start", "--port", "http"],
      /argument 'http' is invalid. Use a number from 0 to 65535\./,
    ],
    "a program that fails": [
      ["preview", "--config", "how=sync", ...at("failing")],
      /^error: The program failed: TypeError: broken at once\n {4}at fail \(index\.ts:5:9\)\n/,
    ],
    "what the program said before it failed": [
      ["preview", "--config", "how=exit", ...at("failing")],
      /^before the end\nerror: The program failed: it ended with 3/,
    ],
  };
  for (const [mistake, [parameters, message]] of Object.entries(mistakes)) {
    it(`ends with one message and code 1: ${mistake}`, async () => {
      const { code, out, error } = await command(...parameters);
      expect({ code, out }).to.deep.equal({ code: 1, out: "" });
      expect(error)
        .to.match(message)
        .and.not.match(/node_modules|offline[\\/](engine|cli)/);
    });
  }

  it("shows no frames of its own, even when the program's folder contains it", async () => {
    const { error } = await command("preview", "--config", "logRetentionDays=31");
    expect(error)
      .to.match(/logRetentionDays: .*31/)
      .and.to.match(/ {4}at .*\(?index\.ts:\d+/);
    expect(error).not.to.include("offline/");
  });

  it("names a tsconfig that does not exist", async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(
      path.join(folder, "Pulumi.yaml"),
      "name: bare\nruntime: { name: nodejs, options: { tsconfig: nope.json } }\n",
    );
    expect((await command("preview", "--cwd", folder)).error).to.match(
      /^error: .*Pulumi\.yaml:\n {2}"runtime\.options\.tsconfig" names .*nope\.json, which does not exist\n$/,
    );
  });

  it("ends with one message where the SDK is not installed, and where package.json is broken", async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: bare\nruntime: nodejs\n");
    expect((await command("preview", "--cwd", folder)).error).to.match(
      /^error: @pulumi\/pulumi is not installed .*\n$/,
    );
    fs.writeFileSync(path.join(folder, "package.json"), "{");
    expect((await command("preview", "--cwd", folder)).error).to.match(/^error: .*package\.json cannot be read: .*\n$/);
  });

  const waits = "setInterval(() => 0, 1000)";
  const spins = "for (;;);";
  for (const [signal, act] of [
    ["SIGINT", waits],
    ["SIGKILL", waits],
    ["SIGKILL", spins],
  ] as const) {
    it(`leaves no program behind on ${signal}: ${act}`, async () => {
      const folder = copyOfProgram("failing");
      const file = path.join(folder, "pid");
      fs.writeFileSync(
        path.join(folder, "index.ts"),
        `require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); ${act}`,
      );
      const { child, ended } = begin("preview", "--cwd", folder, "--config", "how=never");
      await until(() => fs.existsSync(file) && fs.readFileSync(file, "utf8") !== "");
      child.kill(signal);
      const { code, error } = await ended;
      if (signal === "SIGINT") expect({ code, error }).to.deep.equal({ code: 130, error: "" });
      await until(() => !isRunning(Number(fs.readFileSync(file, "utf8"))));
    });
  }
});
