import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { type Graph, runProgram, serve } from "pulumi-offline";
import { curl } from "../../offline/report/calls";
import { programOf } from "../helpers/documents/examples";
import { blocksOf } from "../helpers/documents/markdown";
import { repository } from "../helpers/offline/start";
import { type Judge, startJudge } from "../helpers/policies/judge";

/** Those whose examples are programs, or parts of programs. */
const documents = [
  "README.md",
  "components/README.md",
  "docs/from-sam.md",
  "docs/installing.md",
  "docs/x86-to-graviton.md",
];

/** The files that examples name, by the end of their name. */
const contents: [end: RegExp, content: string][] = [
  [/\.ts$/, "export const handler = async () => ({ statusCode: 200 });\n"],
  [/Dockerfile$/, "FROM scratch AS runtime\n"],
  [/\.py$/, "print('spark')\n"],
];

/** Runs an example as a program, with what it assumes. */
async function runExample(directory: string, example: string): Promise<Graph> {
  const program = programOf(example);
  write(directory, "Pulumi.yaml", "name: readme\nruntime: nodejs\nmain: index.ts\n");
  // Without it, all of the repository outside of its packages would be taken for the program's own, and compiled each time.
  write(directory, "package.json", "{}");
  write(directory, "index.ts", program);
  for (const [, file = ""] of program.matchAll(/entry: "([^"]+)"/g)) write(directory, file);
  for (const [, folder = ""] of program.matchAll(/context: "([^"]+)"/g)) write(directory, `${folder}/Dockerfile`);
  for (const [, folder = ""] of program.matchAll(/code: "([^"]+)"/g)) write(directory, `${folder}/job.py`);
  return runProgram({ directory, stack: "readme" });
}

function write(directory: string, file: string, text = contents.find(([end]) => end.test(file))?.[1] ?? ""): void {
  const place = path.join(directory, file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
}

/** The file that an example is to be saved as, if its first line names one. */
const fileOf = (example: string) => /^(?:\/\/|#) (\S+\.\w+)\n/.exec(example)?.[1];

/** The TypeScript programs of a document, by the heading above them. */
function examplesIn(document: string): { title: string; example: string }[] {
  const examples = blocksOf(document).filter(
    ({ language, code }) => language === "ts" && ["index.ts", undefined].includes(fileOf(code)),
  );
  return examples.map(({ heading, code, line }) => ({ title: `${document}:${line}, ${heading}`, example: code }));
}

describe("the examples of the documentation", () => {
  // Inside the repository, where the workspaces are found.
  const cache = path.join(repository, ".cache");
  let directory: string;
  let judge: Judge;
  before(async () => {
    judge = await startJudge();
  });
  after(() => judge.end());
  beforeEach(() => {
    mkdirSync(cache, { recursive: true });
    directory = mkdtempSync(path.join(cache, "readme-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  for (const { title, example } of documents.flatMap(examplesIn)) {
    it(`pass the policies at their default levels: ${title}`, async () => {
      const violations = await judge.violations(await runExample(directory, example));
      const mandatory = violations.filter(({ level }) => level === "mandatory");
      expect(mandatory.map(({ policy, urn, message }) => `${policy} ${urn}: ${message}`)).to.deep.equal([]);
    });
  }

  it("begin with files that serve an API as they are written, to the call that a start prints", async () => {
    const files = blocksOf("README.md").map(({ code }) => [fileOf(code), code] as const);
    for (const [file, code] of files) if (file) write(directory, file, code);
    // npm install creates one. Without it, the SDK finds this repository's.
    write(directory, "package.json", "{}");
    const server = await serve(await runProgram({ directory }), { port: 0, log: () => {} });
    try {
      const call = curl(server.apis, server.credentials);
      const { stdout } = await promisify(execFile)("bash", ["-c", `${call} --silent --fail-with-body`]);
      expect(stdout).to.equal("[]");
    } finally {
      await server.close();
    }
  });
});
