import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { ProgramError } from "../../../../offline";
import { readConfig, type StackConfig } from "../../../../offline/engine/project/config";
import { type Project, readProject } from "../../../../offline/engine/project/project";
import { temporaryFolder } from "../../../helpers/offline/graph";

/** A project made of these files; `Pulumi.yaml` is there unless given. */
function write(files: Record<string, string>): string {
  const directory = temporaryFolder();
  for (const [name, text] of Object.entries({ "Pulumi.yaml": "name: shop\nruntime: nodejs\n", ...files })) {
    fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    fs.writeFileSync(path.join(directory, name), text);
  }
  return directory;
}

function project(files: Record<string, string>): Project {
  return readProject(write(files));
}

function config(files: Record<string, string>, stack?: string, overrides: Record<string, string> = {}): StackConfig {
  return readConfig(project(files), stack, overrides);
}

const withSchema = (schema: string) => `name: shop\nruntime: nodejs\nconfig:\n${schema}`;

describe("readProject", () => {
  const mistakes: Record<string, [string, RegExp]> = {
    "a broken file, with its line": [
      "name: shop\nruntime: [nodejs\n",
      /Pulumi\.yaml is not valid YAML:\n {2}Pulumi\.yaml:\d:\d+: /,
    ],
    "a missing name": ["runtime: nodejs\n", /"name" is missing: write "name: my-project"/],
    "another language": [
      "name: shop\nruntime: python\n",
      /"runtime" is "python": only programs with "runtime: nodejs"/,
    ],
    "a main that is not there": [
      "name: shop\nruntime: nodejs\nmain: src\n",
      /"main" is "src", but .*src does not exist/,
    ],
    "a list": ["- name\n", /must be a map of names to values/],
    "more than one at once": ["runtime: go\n", /"name" is missing[\s\S]*"runtime" is "go"/],
  };
  for (const [mistake, [yaml, message]] of Object.entries(mistakes)) {
    it(`refuses ${mistake}`, () => {
      expect(() => project({ "Pulumi.yaml": yaml })).to.throw(ProgramError, message);
    });
  }

  it("says so when there is none", () => {
    expect(() => readProject(path.parse(process.cwd()).root)).to.throw(ProgramError, /There is no Pulumi\.yaml in/);
  });

  it("is found from a folder below it", () => {
    const directory = write({ "src/index.ts": "" });
    expect(readProject(path.join(directory, "src")).directory).to.equal(directory);
  });

  it("runs a main file in its folder, and a main folder in itself", () => {
    const files = { "src/index.ts": "" };
    const ofFile = project({ ...files, "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: src/index.ts\n" });
    expect(path.basename(ofFile.workingDirectory)).to.equal("src");
    expect(ofFile.entryPoint).to.equal("index.ts");
    const ofFolder = project({ ...files, "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: src\n" });
    expect(path.basename(ofFolder.workingDirectory)).to.equal("src");
    expect(ofFolder.entryPoint).to.equal(".");
  });
});

describe("readConfig", () => {
  it("chooses dev, else the only stack, else asks, naming them all", () => {
    expect(config({}).stack).to.equal("dev");
    expect(config({ "Pulumi.prod.yaml": "" }).stack).to.equal("prod");
    expect(config({ "Pulumi.prod.yaml": "", "Pulumi.dev.yaml": "" }).stack).to.equal("dev");
    const several = { "Pulumi.prod.yaml": "", "Pulumi.test.yaml": "" };
    expect(() => config(several)).to.throw(ProgramError, "Which stack? Give --stack with one of: prod, test.");
    expect(() => config(several, "dev")).to.throw(ProgramError, /no stack "dev" in .*There is: prod, test\./);
    expect(config(several, "acme/shop/test").stack).to.equal("test");
  });

  it("reads stack files where stackConfigDir says", () => {
    const yaml = "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n";
    const { values } = config({ "Pulumi.yaml": yaml, "stacks/Pulumi.dev.yaml": "config:\n  shop:size: 2\n" });
    expect(values).to.deep.equal({ "shop:size": "2" });
  });

  it("prefers --config to the stack's file, and that to the project", () => {
    const files = {
      "Pulumi.yaml": withSchema(
        "  a: { default: 1 }\n  b: { default: 1 }\n  c: 1\n  aws:region: { value: eu-west-1 }\n",
      ),
      "Pulumi.dev.yaml": "config:\n  shop:a: 2\n  b: 2\n",
    };
    const { values } = config(files, undefined, { a: "3", "aws:profile": "x" });
    const expected = { "shop:a": "3", "shop:b": "2", "shop:c": "1", "aws:region": "eu-west-1", "aws:profile": "x" };
    expect(values).to.deep.equal(expected);
  });

  it("hands structured values over as JSON, and numbers as they are written", () => {
    const yaml = "config:\n  shop:list: [1, { a: true }]\n  shop:account: 012345678901\n  shop:version: 1.10\n";
    const { values } = config({ "Pulumi.dev.yaml": yaml });
    const expected = { "shop:list": '[1,{"a":true}]', "shop:account": "012345678901", "shop:version": "1.10" };
    expect(values).to.deep.equal(expected);
  });

  it("names every missing key at once, with its type, and where to write it", () => {
    const yaml = withSchema("  size: { type: integer, description: how many }\n  name: { type: string }\n");
    expect(() => config({ "Pulumi.yaml": yaml })).to.throw(
      ProgramError,
      /missing configuration of stack "dev" \(write it in Pulumi\.dev\.yaml under "config:", or give --config KEY=VALUE\):\n.*"shop:size" \(integer: how many\)\n.*"shop:name" \(string\)/,
    );
  });

  const wrong: [string, string][] = [
    ["integer", "1.5"],
    ["integer", "many"],
    ["boolean", "yes"],
    ["array", "text"],
    ["object", "[]"],
  ];
  for (const [type, value] of wrong) {
    it(`refuses ${value} as ${type}, naming key and file`, () => {
      const files = {
        "Pulumi.yaml": withSchema(`  k: { type: ${type} }\n`),
        "Pulumi.dev.yaml": `config:\n  shop:k: "${value}"\n`,
      };
      expect(() => config(files)).to.throw(ProgramError, `"shop:k" in the stack's file must be of type ${type}`);
    });
  }

  it("does not print a secret of the wrong type", () => {
    const yaml = withSchema("  k: { type: integer, secret: true, default: hunter2 }\n");
    expect(() => config({ "Pulumi.yaml": yaml })).to.throw(ProgramError, /must be of type integer, but is \[secret\]/);
  });

  it("names file and line of a broken stack file", () => {
    expect(() => config({ "Pulumi.dev.yaml": 'config:\n  shop:a: "b\n' })).to.throw(
      ProgramError,
      /Pulumi\.dev\.yaml:\d:\d+: /,
    );
  });

  it("says that an environment is not read", () => {
    const { warnings } = config({ "Pulumi.dev.yaml": "environment: [shared]\n" });
    expect(warnings.join()).to.contain('"environment" is not read here');
  });
});

describe("encrypted configuration", () => {
  const salt = randomBytes(8);
  const key = pbkdf2Sync("correct horse", salt, 1_000_000, 32, "sha256");
  const encrypt = (text: string) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  };
  const file = [
    `encryptionsalt: v1:${salt.toString("base64")}:${encrypt("pulumi")}`,
    "config:",
    `  shop:password: { secure: "${encrypt("hunter2")}" }`,
    `  shop:nested: { user: root, token: { secure: "${encrypt("t0ken")}" } }`,
  ].join("\n");
  const files = { "Pulumi.dev.yaml": file };

  function withPassphrase<Result>(passphrase: string | undefined, read: () => Result): Result {
    const before = process.env.PULUMI_CONFIG_PASSPHRASE;
    if (passphrase === undefined) delete process.env.PULUMI_CONFIG_PASSPHRASE;
    else process.env.PULUMI_CONFIG_PASSPHRASE = passphrase;
    try {
      return read();
    } finally {
      if (before === undefined) delete process.env.PULUMI_CONFIG_PASSPHRASE;
      else process.env.PULUMI_CONFIG_PASSPHRASE = before;
    }
  }

  it("is decrypted with the passphrase, at any depth, and stays secret", () => {
    const { values, secretKeys } = withPassphrase("correct horse", () => config(files));
    expect(values).to.deep.equal({ "shop:password": "hunter2", "shop:nested": '{"user":"root","token":"t0ken"}' });
    expect(secretKeys).to.deep.equal(["shop:password", "shop:nested"]);
  });

  it("names the key, and what to give, without a passphrase or with another", () => {
    const message =
      /"shop:password" is encrypted and PULUMI_CONFIG_PASSPHRASE is not set.*: give it with --config password=VALUE/;
    expect(() => withPassphrase(undefined, () => config(files))).to.throw(ProgramError, message);
    const wrong =
      /"shop:password" is encrypted and cannot be decrypted \(the passphrase is not the one of this stack\)/;
    expect(() => withPassphrase("wrong horse", () => config(files))).to.throw(ProgramError, wrong);
  });

  it("is not needed for a key that --config gives", () => {
    const read = () => config(files, undefined, { password: "a", nested: "{}" });
    const { values, secretKeys } = withPassphrase(undefined, read);
    expect(values).to.deep.equal({ "shop:password": "a", "shop:nested": "{}" });
    expect(secretKeys, "what it replaces is secret").to.deep.equal(["shop:password", "shop:nested"]);
  });
});
