import {
  BatchGetSecretValueCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { Secrets } from "../../../offline/cloud/secretsmanager/secrets";
import { secretsManager } from "../../../offline/cloud/secretsmanager/service";
import type { Resource } from "../../../offline/engine/graph";
import { type Properties, Secret } from "../../../offline/engine/values";
import { DOCUMENTATION, MODEL, testFact, testFacts } from "../../helpers/facts";
import { closeServices, serveServices } from "../../helpers/offline/core";
import { refusal } from "../../helpers/offline/emr";
import { graphOf, resource } from "../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../helpers/offline/served";
import { temporaryFolder } from "../../helpers/temporaryFolder";

const DOCUMENTED = { service: "Secrets Manager", source: DOCUMENTATION };
const MODELLED = { service: "Secrets Manager", source: MODEL };
const TOKEN = "0123456789abcdef0123456789abcdef";

function arnOf(name: string): string {
  return `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-a1b2c3`;
}

/** A secret, with a version if it has a value. */
function secret(name: string, value?: Properties, inputs: Properties = {}): Resource[] {
  const own = resource("aws:secretsmanager/secret:Secret", name, inputs, { name, arn: arnOf(name), id: arnOf(name) });
  if (!value) return [own];
  return [own, resource("aws:secretsmanager/secretVersion:SecretVersion", name, { secretId: arnOf(name), ...value })];
}

async function serve(...resources: Resource[]) {
  const secrets = new Secrets();
  const reconcile = (...next: Resource[]) => secrets.reconcile(graphOf("/project", ...next));
  reconcile(...resources);
  const { client } = await serveServices([secretsManager.serve(secrets)]);
  const sdk = new SecretsManagerClient(client);
  const get = (input: Partial<GetSecretValueCommandInput> = {}) =>
    sdk.send(new GetSecretValueCommand({ SecretId: "token", ...input }));
  const put = (SecretString: string, more: object = {}) =>
    sdk.send(new PutSecretValueCommand({ SecretId: "token", SecretString, ...more }));
  return { sdk, get, put, reconcile };
}

describe("Secrets Manager", () => {
  afterEach(async () => {
    await closeServices();
    await closeServers();
  });

  it("has the program's text and bytes, by name, ARN, and ARN without its random end", async () => {
    const server = await serve(
      ...secret("token", { secretString: "s3cret" }),
      ...secret("key", { secretBinary: "AAEC" }),
    );
    const found = await server.get();
    expect(found).to.deep.include({
      ARN: arnOf("token"),
      Name: "token",
      SecretString: "s3cret",
      VersionStages: ["AWSCURRENT"],
    });
    expect(found.CreatedDate).to.be.an.instanceOf(Date);
    for (const SecretId of [arnOf("token"), arnOf("token").slice(0, -7)]) {
      expect((await server.get({ SecretId })).VersionId).to.equal(found.VersionId);
    }
    const bytes = await server.get({ SecretId: "key" });
    expect([...(bytes.SecretBinary ?? [])]).to.deep.equal([0, 1, 2]);
  });

  testFact(DOCUMENTED, "moves AWSCURRENT to a new version, and AWSPREVIOUS to the one before", async () => {
    const server = await serve(...secret("token", { secretString: "one" }));
    const second = await server.put("two");
    expect(second.VersionStages).to.deep.equal(["AWSCURRENT"]);
    expect((await server.get()).SecretString).to.equal("two");
    expect((await server.get({ VersionStage: "AWSPREVIOUS" })).SecretString).to.equal("one");
    await server.put("three");
    expect((await server.get({ VersionStage: "AWSPREVIOUS" })).SecretString).to.equal("two");
    await server.put("four", { VersionStages: ["AWSPENDING"], ClientRequestToken: TOKEN });
    expect((await server.get()).SecretString).to.equal("three");
    expect((await server.get({ VersionId: TOKEN, VersionStage: "AWSPENDING" })).SecretString).to.equal("four");
    const { Versions = [] } = await server.sdk.send(new ListSecretVersionIdsCommand({ SecretId: "token" }));
    expect(Versions.map(({ VersionStages }) => VersionStages)).to.deep.equal([
      ["AWSPREVIOUS"],
      ["AWSCURRENT"],
      ["AWSPENDING"],
    ]);
    const all = await server.sdk.send(new ListSecretVersionIdsCommand({ SecretId: "token", IncludeDeprecated: true }));
    expect(all.Versions).to.have.lengthOf(4);
  });

  testFact(DOCUMENTED, "puts the same value under the same token once, and refuses another", async () => {
    const server = await serve(...secret("token"));
    const put = (value: string) => server.put(value, { ClientRequestToken: TOKEN });
    expect((await put("one")).VersionId).to.equal(TOKEN);
    expect((await put("one")).VersionId).to.equal(TOKEN);
    expect(await refusal(put("two"))).to.match(/^ResourceExistsException: You can't use ClientRequestToken 0123/);
    expect((await server.get()).SecretString).to.equal("one");
  });

  it("keeps what was put through an edit of the program, until the program changes the value", async () => {
    const server = await serve(...secret("token", { secretString: "one" }));
    await server.put("two");
    expect(server.reconcile(...secret("token", { secretString: "one" }, { description: "new" }))).to.deep.equal([
      { action: "updated", kind: "secret", name: "token" },
    ]);
    expect((await server.get()).SecretString).to.equal("two");
    server.reconcile(...secret("token", { secretString: "three" }));
    expect((await server.get()).SecretString).to.equal("three");
    server.reconcile();
    expect(await refusal(server.get())).to.equal(
      "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    );
  });

  it("has the value of a write-only version, and another one once its number changes", async () => {
    const version = (secretStringWo: string, secretStringWoVersion: number) =>
      secret("token", { secretStringWo: new Secret(secretStringWo), secretStringWoVersion });
    const server = await serve(...version("one", 1));
    expect((await server.get()).SecretString).to.equal("one");
    expect(server.reconcile(...version("two", 1))).to.deep.equal([]);
    expect((await server.get()).SecretString).to.equal("one");
    server.reconcile(...version("two", 2));
    expect((await server.get()).SecretString).to.equal("two");
    expect((await server.get({ VersionStage: "AWSPREVIOUS" })).SecretString).to.equal("one");
  });

  it("has each of the program's versions with its stages", async () => {
    const [own, ...[current]] = secret("token", { secretString: "one" }) as [Resource, Resource];
    const staged = (name: string, secretString: string, ...versionStages: string[]) =>
      resource(current.type, name, { secretId: arnOf("token"), secretString, versionStages });
    const server = await serve(own, current, staged("blue", "two", "AWSPENDING", "BLUE"));
    const text = async (VersionStage?: string) => (await server.get({ VersionStage })).SecretString;
    expect([await text(), await text("AWSPENDING"), await text("BLUE")]).to.deep.equal(["one", "two", "two"]);
    server.reconcile(own, current, staged("blue", "two", "AWSCURRENT"));
    expect([await text(), await text("AWSPREVIOUS")]).to.deep.equal(["two", "one"]);
    expect(await refusal(text("BLUE"))).to.match(/^ResourceNotFoundException: .*staging label: BLUE$/);
    server.reconcile(own, current);
    expect(await text()).to.equal("two");
  });

  it("describes and lists secrets without their values", async () => {
    const tagsAll = { team: "a" };
    const server = await serve(
      ...secret("token", { secretString: "s3cret" }, { description: "The token", tagsAll }),
      ...["prod/a", "prod/b", "dev/a"].flatMap((name) => secret(name)),
    );
    const described = await server.sdk.send(new DescribeSecretCommand({ SecretId: "token" }));
    expect(described).to.deep.include({ Name: "token", Description: "The token", Tags: [{ Key: "team", Value: "a" }] });
    expect(Object.values(described.VersionIdsToStages ?? {})).to.deep.equal([["AWSCURRENT"]]);
    const list = async (input: object) => {
      const { SecretList = [], NextToken } = await server.sdk.send(
        new ListSecretsCommand({ SortBy: "name", SortOrder: "asc", ...input }),
      );
      expect(JSON.stringify(SecretList)).not.to.contain("s3cret");
      return { names: SecretList.map(({ Name }) => Name), NextToken };
    };
    expect((await list({})).names).to.deep.equal(["dev/a", "prod/a", "prod/b", "token"]);
    expect((await list({ Filters: [{ Key: "name", Values: ["prod/"] }] })).names).to.deep.equal(["prod/a", "prod/b"]);
    expect((await list({ Filters: [{ Key: "name", Values: ["!prod/"] }] })).names).to.deep.equal(["dev/a", "token"]);
    expect((await list({ Filters: [{ Key: "all", Values: ["THE tok"] }] })).names).to.deep.equal(["token"]);
    const page = await list({ MaxResults: 3 });
    expect((await list({ MaxResults: 3, NextToken: page.NextToken })).names).to.deep.equal(["token"]);
    const other = list({ MaxResults: 3, SortOrder: "desc", NextToken: page.NextToken });
    expect(await refusal(other)).to.match(/^InvalidNextTokenException: /);
  });

  testFact(DOCUMENTED, "gets several values at once, with an error for each that is missing", async () => {
    const { sdk } = await serve(...secret("a", { secretString: "1" }), ...secret("b"));
    const found = await sdk.send(new BatchGetSecretValueCommand({ SecretIdList: ["a", "b", "c"] }));
    expect(found.SecretValues?.map(({ SecretString }) => SecretString)).to.deep.equal(["1"]);
    expect(found.Errors?.map(({ SecretId, ErrorCode }) => [SecretId, ErrorCode])).to.deep.equal([
      ["b", "ResourceNotFoundException"],
      ["c", "ResourceNotFoundException"],
    ]);
    const filtered = await sdk.send(new BatchGetSecretValueCommand({ Filters: [{ Key: "name", Values: ["a"] }] }));
    expect(filtered.SecretValues?.map(({ Name }) => Name)).to.deep.equal(["a"]);
  });

  it("updates the description and the value", async () => {
    const { sdk, get } = await serve(...secret("token", { secretString: "one" }));
    await sdk.send(new UpdateSecretCommand({ SecretId: "token", Description: "new", SecretString: "two" }));
    expect((await get()).SecretString).to.equal("two");
    expect((await sdk.send(new DescribeSecretCommand({ SecretId: "token" }))).Description).to.equal("new");
  });

  const SecretId = "token";
  type Refusal = [what: string, call: (sdk: SecretsManagerClient) => Promise<unknown>, message: RegExp];
  const refused: Refusal[] = [
    [
      "a secret without a value",
      (sdk) => sdk.send(new GetSecretValueCommand({ SecretId })),
      /^ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT$/,
    ],
    [
      "a version that does not exist",
      (sdk) => sdk.send(new GetSecretValueCommand({ SecretId, VersionId: TOKEN })),
      /for VersionId: 0123456789abcdef0123456789abcdef$/,
    ],
    [
      "no value",
      (sdk) => sdk.send(new PutSecretValueCommand({ SecretId })),
      /^InvalidParameterException: You must provide either SecretString or SecretBinary\.$/,
    ],
    [
      "two values",
      (sdk) => sdk.send(new PutSecretValueCommand({ SecretId, SecretString: "a", SecretBinary: Buffer.from("b") })),
      /^InvalidParameterException: You can't specify both/,
    ],
    [
      "a batch of everything",
      (sdk) => sdk.send(new BatchGetSecretValueCommand({})),
      /^InvalidParameterException: Either 'SecretIdList' or 'Filters'/,
    ],
  ];
  const outOfBounds: Refusal[] = [
    [
      "a version id that is too short",
      (sdk) => sdk.send(new GetSecretValueCommand({ SecretId, VersionId: "a" })),
      /^ValidationException: 1 validation error detected: Value 'a' at 'versionId' .* greater than or equal to 32$/,
    ],
    [
      "a value that is too long, without printing it",
      (sdk) => sdk.send(new PutSecretValueCommand({ SecretId, SecretString: "s".repeat(65_537) })),
      /^ValidationException: 1 validation error detected: Value at 'secretString' failed/,
    ],
  ];
  const check = async ({ call, message }: { call: Refusal[1]; message: RegExp }) => {
    expect(await refusal(call((await serve(...secret("token"))).sdk))).to.match(message);
  };
  const rows = (refusals: Refusal[]) =>
    refusals.map(([what, call, message]) => ({ fact: `refuses ${what}`, call, message }));
  testFacts({ ...DOCUMENTED, facts: rows(refused) }, check);
  testFacts({ ...MODELLED, facts: rows(outOfBounds) }, check);

  it("is served with the program, which shows no value", async () => {
    const server = await serveGraph(graphOf(temporaryFolder(), ...secret("token", { secretString: "s3cret" })));
    const { endpoint, credentials } = server;
    const sdk = new SecretsManagerClient({ endpoint, credentials, region: "eu-west-1" });
    expect((await sdk.send(new GetSecretValueCommand({ SecretId }))).SecretString).to.equal("s3cret");
    expect(server.lines.join("\n")).not.to.contain("s3cret");
  });
});
