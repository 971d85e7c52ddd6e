import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type Graph, resourcesOfType, runProgram } from "pulumi-offline";
import * as components from "../../components";
import { repository } from "../helpers/offline/start";

/** What the examples use without showing where it comes from. */
const assumed: Record<string, string> = {
  table: `const table = new ItemsTable("assumed-table");`,
  items: `const items = new LambdaFunction("assumed-items", { entry: "handlers/items.ts" });`,
  network: `const network = new Network("assumed-network");`,
  vpcId: `const vpcId = "vpc-0123456789abcdef0";`,
  subnetIds: `const subnetIds = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];`,
  environments: `const environments = [{ type: "FARGATE", maxVcpus: 16 }];`,
  jobs: `const jobs = { report: { image: "public.ecr.aws/docker/library/busybox:stable" } };`,
  batch: `const batch = new GravitonBatch("assumed-batch", { environments, vpcId, subnetIds, jobs });`,
  topic: `const topic = new AlarmTopic("assumed-topic", {});`,
};

/** The files that examples name, by the end of their name. */
const contents: [end: RegExp, content: string][] = [
  [/\.ts$/, "export const handler = async () => ({ statusCode: 200 });\n"],
  [/Dockerfile$/, "FROM scratch AS runtime\n"],
  [/\.py$/, "print('spark')\n"],
];

/** Runs an example as a program, with what it assumes, under the policies at their default levels. */
async function runExample(directory: string, example: string): Promise<Graph> {
  const own = example.replace(/^import .*\n/gm, "");
  const before = declarationsFor(own);
  const program = `${before.join("\n")}\n${own}`;
  const imported = Object.keys(components).filter((name) => uses(program, name));
  write(directory, "Pulumi.yaml", "name: readme\nruntime: nodejs\nmain: index.ts\n");
  write(directory, "index.ts", `import { ${imported.join(", ")} } from "pulumi-graviton";\n${program}`);
  for (const [, file = ""] of program.matchAll(/entry: "([^"]+)"/g)) write(directory, file);
  for (const [, folder = ""] of program.matchAll(/context: "([^"]+)"/g)) write(directory, `${folder}/Dockerfile`);
  for (const [, folder = ""] of program.matchAll(/code: "([^"]+)"/g)) write(directory, `${folder}/job.py`);
  // The pack has no configuration for a stack of this name.
  return runProgram({ directory, stack: "readme", policyPacks: [{ directory: path.join(repository, "policies") }] });
}

/** The declarations of what a text uses and does not declare, in an order in which they can be run. */
function declarationsFor(text: string): string[] {
  const missing = Object.keys(assumed).find((name) => uses(text, name) && !declares(text, name));
  const declaration = missing && assumed[missing];
  return declaration ? [...declarationsFor(`${declaration}\n${text}`), declaration] : [];
}

function uses(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w."'/-])${name}(?![\\w"'/:-])`).test(text);
}

function declares(text: string, name: string): boolean {
  return new RegExp(`\\bconst (${name}\\b|{[^}]*\\b${name}\\b)`).test(text);
}

function write(directory: string, file: string, text = contents.find(([end]) => end.test(file))?.[1] ?? ""): void {
  const place = path.join(directory, file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
}

/** The TypeScript examples of a document, by the heading above them. */
function examplesIn(document: string): { title: string; example: string }[] {
  const text = readFileSync(path.join(repository, document), "utf8");
  return text.split(/^## /m).flatMap((section) => {
    const [title = ""] = section.split("\n");
    return [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, example = ""], index) => ({
      title: `${document}, ${title}${index > 0 ? ` (${index + 1})` : ""}`,
      example,
    }));
  });
}

describe("the examples of the documentation", () => {
  // Inside the repository, where the workspaces are found.
  const cache = path.join(repository, ".cache");
  let directory: string;
  beforeEach(() => {
    mkdirSync(cache, { recursive: true });
    directory = mkdtempSync(path.join(cache, "readme-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  for (const { title, example } of ["README.md", "components/README.md"].flatMap(examplesIn)) {
    it(`pass the policies at their default levels: ${title}`, async () => {
      const { policyPacks } = await runExample(directory, example);
      const [pack] = policyPacks;
      expect(pack?.failures).to.deep.equal([]);
      const violations = pack?.violations.filter(({ level }) => level === "mandatory") ?? [];
      expect(violations.map(({ policy, urn, message }) => `${policy} ${urn}: ${message}`)).to.deep.equal([]);
    });
  }

  it("begin with a program that serves an API", async () => {
    const [{ example } = { example: "" }] = examplesIn("README.md");
    const graph = await runExample(directory, example);
    expect(resourcesOfType(graph, "aws:apigateway/restApi:RestApi")).to.have.lengthOf(1);
    expect(graph.outputs.url).to.match(/\/Prod$/);
  });
});
