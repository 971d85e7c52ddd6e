import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { ProgramError } from "../../../../offline";
import { readConfig, type StackConfig } from "../../../../offline/engine/project/config";
import { type Project, readProject } from "../../../../offline/engine/project/project";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

/** Writes a project of these files, with a minimal `Pulumi.yaml` unless one is given. */
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
  it("warns of a misspelt key, and not of an unknown one", () => {
    const { warnings } = project({ "Pulumi.yaml": "name: shop\nruntime: nodejs\nmian: src\ncolour: red\n" });
    expect(warnings).to.deep.equal(['Pulumi.yaml: "mian" at the top of the file is not read: did you mean "main"?']);
  });

  const mistakes: Record<string, [string, RegExp]> = {
    "a broken file, giving the line": [
      "name: shop\nruntime: [nodejs\n",
      /Pulumi\.yaml is not valid YAML:\n {2}Pulumi\.yaml:\d:\d+: /,
    ],
    "a missing name": ["runtime: nodejs\n", /"name" is missing: write "name: my-project"/],
    "a main that does not exist": [
      "name: shop\nruntime: nodejs\nmain: src\n",
      /"main" is "src", but .*src does not exist/,
    ],
    "a list": ["- name\n", /must be a map of names to values/],
    "several mistakes at once": ["runtime: go\n", /"name" is missing[\s\S]*"runtime" is "go"/],
  };
  for (const runtime of ["yaml", "python", "go", "dotnet", "java"]) {
    mistakes[`a program in another language (${runtime}), saying in which ones programs run`] = [
      `name: shop\nruntime: { name: ${runtime} }\n`,
      new RegExp(
        `"runtime" is "${runtime}": pulumi-offline runs programs in TypeScript and JavaScript \\("runtime: nodejs"\\), but not in YAML, Python, Go, \\.NET or Java; use the Pulumi CLI for this one$`,
      ),
    ];
  }
  for (const [mistake, [yaml, message]] of Object.entries(mistakes)) {
    it(`refuses ${mistake}`, () => {
      expect(() => project({ "Pulumi.yaml": yaml })).to.throw(ProgramError, message);
    });
  }

  it("says that there is no project", () => {
    expect(() => readProject(path.parse(process.cwd()).root)).to.throw(ProgramError, /There is no Pulumi\.yaml in/);
  });

  it("finds the project from a folder below it", () => {
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

describe("a project in JSON", () => {
  const json = { "Pulumi.yaml": "", "Pulumi.json": '{\n\t"name": "shop",\n\t"runtime": "nodejs"\n}\n' };

  it("takes precedence over one in YAML, and may have stack files in JSON too", () => {
    const files = { ...json, "Pulumi.dev.json": '{ "config": { "size": 2, "shop:list": [1] } }' };
    expect(path.basename(project(files).file)).to.equal("Pulumi.json");
    expect(config(files).values).to.deep.equal({ "shop:size": "2", "shop:list": "[1]" });
    expect(config(files, "dev").stack).to.equal("dev");
  });

  it("prefers the stack's file in its own language", () => {
    const files = {
      ...json,
      "Pulumi.dev.json": '{ "config": { "size": 2 } }',
      "Pulumi.dev.yaml": "config:\n  size: 3\n",
    };
    expect(config(files).values).to.deep.equal({ "shop:size": "2" });
    expect(config({ "Pulumi.dev.json": "{", "Pulumi.dev.yaml": "config:\n  size: 3\n" }).values).to.deep.equal({
      "shop:size": "3",
    });
  });

  it("is refused with the line of a mistake, even one that YAML would allow", () => {
    expect(() => project({ "Pulumi.json": '{\n  "name": "shop",\n}' })).to.throw(
      ProgramError,
      /Pulumi\.json is not valid JSON: line 3: /,
    );
  });
});

describe("readConfig", () => {
  it("does not mistake the settings of deployments for a stack", () => {
    expect(config({ "Pulumi.prod.yaml": "", "Pulumi.prod.deploy.yaml": "" }).stack).to.equal("prod");
  });

  it("chooses dev, else the only stack, else asks, naming them all", () => {
    expect(config({}).stack).to.equal("dev");
    expect(config({ "Pulumi.prod.yaml": "" }).stack).to.equal("prod");
    expect(config({ "Pulumi.prod.yaml": "", "Pulumi.dev.yaml": "" }).stack).to.equal("dev");
    const several = { "Pulumi.prod.yaml": "", "Pulumi.test.yaml": "" };
    expect(() => config(several)).to.throw(ProgramError, "Which stack? Give --stack with one of: prod, test.");
    expect(() => config(several, "dev")).to.throw(ProgramError, /no stack "dev" in .*Its stacks are: prod, test\./);
    expect(config(several, "acme/shop/test").stack).to.equal("test");
  });

  it("reads stack files from stackConfigDir", () => {
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

  it("passes structured values as JSON, and numbers as written", () => {
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
    it(`refuses ${value} as ${type}, naming the key and its source`, () => {
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

  it("names the file and line of a broken stack file", () => {
    expect(() => config({ "Pulumi.dev.yaml": 'config:\n  shop:a: "b\n' })).to.throw(
      ProgramError,
      /Pulumi\.dev\.yaml:\d:\d+: /,
    );
  });

  it("warns that an environment is not read", () => {
    const { warnings } = config({ "Pulumi.dev.yaml": "environment: [shared]\n" });
    expect(warnings.join()).to.contain('"environment" is not read here');
  });
});

describe("configuration that is probably a mistake", () => {
  const declared = withSchema("  apiAuth: { default: iam }\n  alarms: { default: false }\n");

  const warningsOf = (stack: string, yaml = declared) =>
    config({ "Pulumi.yaml": yaml, "Pulumi.dev.yaml": stack }).warnings;

  const kinds: Record<string, [string, string[]]> = {
    "a misspelt key, with the nearest one": [
      "config:\n  shop:apiAut: none\n",
      [`"shop:apiAut" in the stack's file is not declared in Pulumi.yaml: did you mean "shop:apiAuth"?`],
    ],
    "a misspelt namespace": [
      "config:\n  shp:alarms: true\n",
      [`"shp:alarms" in the stack's file is not declared in Pulumi.yaml: did you mean "shop:alarms"?`],
    ],
    "keys at the top of the file": [
      "aws:region: eu-west-1\nshop:apiAuth: none\n",
      ["aws:region", "shop:apiAuth"].map(
        (key) => `Pulumi.dev.yaml: "${key}" at the top of the file is not read: keys belong under "config:"`,
      ),
    ],
    "a misspelt config": [
      "confg:\n  alarms: true\n",
      [`Pulumi.dev.yaml: "confg" at the top of the file is not read: did you mean "config"?`],
    ],
    "a key without a value": [
      "config:\n  apiAuth:\n",
      [`Pulumi.dev.yaml: "apiAuth" has no value and is read as "": write "" or remove the key`],
    ],
    "nothing else": ["config:\n  other:key: 1\n  colour: red\n  shop:config:alarms: true\n  apiAuth: none\n", []],
  };
  for (const [kind, [stack, warnings]] of Object.entries(kinds)) {
    it(`causes a warning: ${kind}`, () => expect(warningsOf(stack)).to.deep.equal(warnings));
  }

  it("causes a warning as well as the error about the missing key", () => {
    const files = { "Pulumi.yaml": withSchema("  apiAuth: {}\n"), "Pulumi.dev.yaml": "config:\n  apiAut: none\n" };
    const read = () => config(files);
    expect(read).to.throw(ProgramError, /missing configuration.*\n {4}"shop:apiAuth" \(string\)/);
    expect(read)
      .to.throw(ProgramError)
      .with.property("diagnostics")
      .that.deep.equals([
        {
          severity: "warning",
          message: `"shop:apiAut" in the stack's file is not declared in Pulumi.yaml: did you mean "shop:apiAuth"?`,
        },
      ]);
  });
});

describe("configuration that the Pulumi CLI refuses", () => {
  const mistakes: Record<string, [Record<string, string>, RegExp]> = {
    "a secret that is not encrypted": [
      { "Pulumi.yaml": withSchema("  token: { secret: true }\n"), "Pulumi.dev.yaml": "config:\n  token: hunter2\n" },
      /"shop:token" in Pulumi\.dev\.yaml is not encrypted, though Pulumi\.yaml declares it secret: run pulumi config set --secret token$/,
    ],
    "a key of three parts": [
      { "Pulumi.dev.yaml": "config:\n  a:b:c: 1\n" },
      /"a:b:c" is not a valid key: write it as namespace:name/,
    ],
    "a misspelt declaration": [
      { "Pulumi.yaml": withSchema("  size: { type: integer, defualt: 3 }\n") },
      /"shop:size" in Pulumi\.yaml has the unknown property "defualt": did you mean "default"\?/,
    ],
    "an array without items": [
      { "Pulumi.yaml": withSchema("  sizes: { type: array, default: [1] }\n") },
      /"shop:sizes" in Pulumi\.yaml is an array without "items": give the type of its elements, such as "items: { type: string }"/,
    ],
    "an element of another type": [
      {
        "Pulumi.yaml": withSchema("  sizes: { type: array, items: { type: integer } }\n"),
        "Pulumi.dev.yaml": "config:\n  sizes: [1, two]\n",
      },
      /"shop:sizes" in the stack's file must be of type array of integer, but is "\[1,\\"two\\"\]"/,
    ],
    "a structure declared as text": [
      { "Pulumi.yaml": withSchema("  name: { type: string }\n"), "Pulumi.dev.yaml": "config:\n  name: { a: b }\n" },
      /"shop:name" in the stack's file must be of type string/,
    ],
    "a default and a value": [
      { "Pulumi.yaml": withSchema("  size: { default: 1, value: 2 }\n") },
      /"shop:size" in Pulumi\.yaml has both a "default" and a "value"/,
    ],
    "another namespace without a value": [
      { "Pulumi.yaml": withSchema("  aws:region: { default: eu-west-1 }\n") },
      /"aws:region" in Pulumi\.yaml belongs to another namespace: give it a "value"/,
    ],
  };
  for (const [mistake, [files, message]] of Object.entries(mistakes)) {
    it(`is refused: ${mistake}`, () => expect(() => config(files)).to.throw(ProgramError, message));
  }

  it("is refused all at once", () => {
    const files = {
      "Pulumi.yaml": withSchema("  size: { type: intger }\n  name: {}\n  token: { secret: true }\n"),
      "Pulumi.dev.yaml": "config:\n  token: hunter2\n",
    };
    expect(() => config(files)).to.throw(ProgramError, /intger[\s\S]*not encrypted[\s\S]*missing configuration/);
  });

  it("takes structured values as JSON with --config", () => {
    const files = { "Pulumi.yaml": withSchema("  sizes: { type: array, items: { type: integer } }\n") };
    expect(config(files, undefined, { sizes: "[1, 2]" }).values).to.deep.equal({ "shop:sizes": "[1, 2]" });
    expect(() => config(files, undefined, { sizes: "[1, 2" })).to.throw(
      ProgramError,
      /in --config must be of type array/,
    );
  });
});

describe("configuration of the AWS provider", () => {
  /** A project that has the repository's @pulumi/aws installed. */
  function withAws(stack: string, overrides: Record<string, string> = {}): StackConfig {
    const directory = write({ "Pulumi.dev.yaml": stack });
    fs.symlinkSync(path.resolve("node_modules"), path.join(directory, "node_modules"));
    return readConfig(readProject(directory), undefined, overrides);
  }

  it("names the nearest region in place of one that does not exist, and where it was written", () => {
    expect(() => withAws("config:\n  aws:region: eu-west-9\n")).to.throw(
      ProgramError,
      `"aws:region" in the stack's file is "eu-west-9", which is not an AWS region: did you mean "eu-west-1"?`,
    );
    expect(() => withAws("", { "aws:region": "us-est-2" })).to.throw(ProgramError, /in --config .* mean "us-east-2"\?/);
  });

  it("accepts any region with skipRegionValidation, and when the program has no @pulumi/aws", () => {
    const stack = "config:\n  aws:region: eu-west-9\n";
    expect(withAws(`${stack}  aws:skipRegionValidation: true\n`).region).to.equal("eu-west-9");
    expect(config({ "Pulumi.dev.yaml": stack }).region).to.equal("eu-west-9");
  });

  it("accepts regions of all partitions, and the keys of the provider", () => {
    const keys = "  aws:profile: dev\n  aws:defaultTags: { tags: { a: b } }\n  aws:version: 7.0.0\n";
    const { region, warnings } = withAws(`config:\n  aws:region: us-gov-west-1\n${keys}`);
    expect({ region, warnings }).to.deep.equal({ region: "us-gov-west-1", warnings: [] });
  });

  it("names the nearest key in place of a misspelt one, and only warns about one that is unlike any", () => {
    expect(() => withAws("config:\n  aws:regoin: eu-west-1\n")).to.throw(
      ProgramError,
      `"aws:regoin" in the stack's file is not a key of the AWS provider: did you mean "aws:region"?`,
    );
    expect(withAws("config:\n  aws:colour: red\n").warnings).to.deep.equal([
      `"aws:colour" in the stack's file is not a key of the AWS provider`,
    ]);
  });

  it("falls back to the region in the environment", () => {
    const before = process.env.AWS_REGION;
    try {
      process.env.AWS_REGION = "eu-north-7";
      expect(() => withAws("")).to.throw(
        ProgramError,
        /AWS_REGION in the environment is "eu-north-7", .* mean "eu-north-1"\?/,
      );
      process.env.AWS_REGION = "eu-north-1";
      expect(withAws("").region).to.equal("eu-north-1");
      expect(withAws("config:\n  aws:region: eu-west-1\n").region).to.equal("eu-west-1");
    } finally {
      if (before === undefined) delete process.env.AWS_REGION;
      else process.env.AWS_REGION = before;
    }
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
    `  shop:nested: { user: root, token: { secure: "${encrypt("t0ken")}" }, pins: [{ secure: "${encrypt("4711")}" }] }`,
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
    const { values, secretKeys, secretTexts } = withPassphrase("correct horse", () => config(files));
    const nested = '{"user":"root","token":"t0ken","pins":["4711"]}';
    expect(values).to.deep.equal({ "shop:password": "hunter2", "shop:nested": nested });
    expect(secretKeys).to.deep.equal(["shop:password", "shop:nested"]);
    expect(secretTexts).to.deep.equal(["hunter2", "t0ken", "4711"]);
  });

  it("names all keys at once, and what to give, without a passphrase or with a wrong one", () => {
    const message =
      /is invalid:\n {2}"password", "nested" are encrypted and PULUMI_CONFIG_PASSPHRASE is not set.*: give them with --config password=VALUE --config nested=VALUE$/;
    expect(() => withPassphrase(undefined, () => config(files))).to.throw(ProgramError, message);
    const wrong = /"password", "nested" are encrypted and cannot be decrypted \(the passphrase is not this stack's\): /;
    expect(() => withPassphrase("wrong horse", () => config(files))).to.throw(ProgramError, wrong);
  });

  it("is not needed for a key that --config gives", () => {
    const read = () => config(files, undefined, { password: "a", nested: "{}" });
    const { values, secretKeys } = withPassphrase(undefined, read);
    expect(values).to.deep.equal({ "shop:password": "a", "shop:nested": "{}" });
    expect(secretKeys, "they replace secrets").to.deep.equal(["shop:password", "shop:nested"]);
  });

  describe("by a service or a key", () => {
    const byKey = {
      "Pulumi.yaml": withSchema("  pin: { type: integer, secret: true }\n"),
      "Pulumi.dev.yaml": [
        "secretsprovider: awskms://alias/pulumi",
        "encryptedkey: AQICAHh",
        "config:",
        "  shop:password: { secure: v1:abc }",
        "  datadog:apiKey: { secure: v1:def }",
        "  shop:nested: { user: root, token: { secure: v1:ghi } }",
        "  shop:pin: { secure: v1:jkl }",
      ].join("\n"),
    };
    const preview = (overrides: Record<string, string>) =>
      readConfig(project(byKey), undefined, overrides, { placeholders: true });

    it("has secret placeholders in a preview, with one warning that names their keys", () => {
      const { values, secretKeys, secretTexts, warnings } = preview({ pin: "4711", "datadog:apiKey": "key" });
      expect(values).to.deep.equal({
        "shop:password": "placeholder-for-password",
        "shop:nested": '{"user":"root","token":"placeholder-for-nested"}',
        "datadog:apiKey": "key",
        "shop:pin": "4711",
      });
      expect(secretKeys).to.have.members(Object.keys(values));
      expect(secretTexts).to.include.members(["placeholder-for-password", "placeholder-for-nested"]);
      expect(warnings).to.deep.equal([
        "Pulumi.dev.yaml: placeholders stand for what is encrypted, as only passphrases can be used to decrypt here: " +
          '"password", "nested". If the program depends on a value, give it: --config password=VALUE --config nested=VALUE',
      ]);
    });

    it("is asked for where text cannot stand for it", () => {
      const message =
        /is invalid:\n {2}"pin" is encrypted and needs a value of type integer, which no placeholder has: give it with --config pin=VALUE$/;
      expect(() => preview({})).to.throw(ProgramError, message);
    });

    it("is asked for outside a preview", () => {
      const message =
        /"password", "datadog:apiKey", "nested", "pin" are encrypted and can only be decrypted by a service or a key \(not supported\): give them/;
      expect(() => config(byKey)).to.throw(ProgramError, message);
    });
  });
});
