import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type Action, actionFiles, readYaml, type Step, type Workflow, workflowFiles } from "../helpers/documents/yaml";
import { repository } from "../helpers/offline/start";

/** Expressions whose values other people write: in a script they could be code. */
const written = /\$\{\{[^}]*\b(github\.event\b|github\.head_ref|inputs\.|steps\.)/;

const workflows = workflowFiles.map((file) => ({ file, workflow: readYaml<Workflow>(file) }));
const steps: [file: string, step: Step][] = [
  ...workflows.flatMap(({ file, workflow }) => {
    const all = Object.values(workflow.jobs).flatMap((job) => job.steps ?? []);
    return all.map((step): [string, Step] => [file, step]);
  }),
  ...actionFiles.flatMap((file) => readYaml<Action>(file).runs.steps.map((step): [string, Step] => [file, step])),
];

describe("the workflows", () => {
  it("use actions of others at a full commit, with its version in a comment", () => {
    const lines = [...workflowFiles, ...actionFiles].flatMap((file) =>
      fs.readFileSync(path.join(repository, file), "utf8").split("\n"),
    );
    const uses = lines.filter((line) => /^\s*(- )?uses: (?!\.\/)/.test(line));
    expect(uses).to.not.be.empty;
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+(\.\d+)*$/.test(line))).to.deep.equal([]);
  });

  it("use actions of this repository that exist, with inputs that they have", () => {
    const mistakes = steps.flatMap(([file, { uses = "", with: given = {} }]) => {
      if (!uses.startsWith("./")) return [];
      const { inputs } = readYaml<Action>(`${uses.slice(2)}/action.yml`);
      const missing = Object.keys(inputs).filter((name) => inputs[name]?.required && !(name in given));
      const unknown = Object.keys(given).filter((name) => !(name in inputs));
      return [...missing, ...unknown].map((name) => `${file}: ${uses} ${name}`);
    });
    expect(mistakes).to.deep.equal([]);
  });

  it("state their permissions, and write only what they must", () => {
    const writes: Record<string, unknown> = {};
    for (const { file, workflow } of workflows) {
      expect(workflow.permissions, file).to.be.an("object");
      for (const [name, { permissions = workflow.permissions }] of Object.entries(workflow.jobs)) {
        const granted = Object.entries(permissions as Record<string, string>);
        writes[`${path.basename(file)} ${name}`] = granted
          .filter(([, level]) => level !== "read")
          .map(([scope]) => scope);
      }
    }
    expect(writes).to.deep.equal({
      "check.yml test": [],
      "check.yml command": [],
      "comment.yml comment": ["pull-requests"],
      "deploy.yml up": ["id-token"],
      "pull-request.yml preview": [],
      "pulumi-preview.yml preview": ["id-token", "pull-requests"],
    });
  });

  it("never put what others write into a script", () => {
    expect(steps.filter(([, { run = "" }]) => written.test(run))).to.deep.equal([]);
    expect("echo ${{ github.event.pull_request.title }}").to.match(written);
  });

  it("leave no credentials behind in a checkout", () => {
    const checkouts = steps.filter(([, { uses = "" }]) => uses.startsWith("actions/checkout@"));
    expect(checkouts).to.not.be.empty;
    expect(checkouts.filter(([, step]) => step.with?.["persist-credentials"] !== false)).to.deep.equal([]);
  });

  it("run the code of forks only where there is no token that writes", () => {
    for (const { file, workflow } of workflows) {
      expect(Object.keys(workflow.on), file).to.not.include("pull_request_target");
      for (const job of Object.values(workflow.jobs)) {
        const mayWrite = Object.values(job.permissions ?? workflow.permissions ?? {}).includes("write");
        if (!("pull_request" in workflow.on) || !mayWrite) continue;
        expect(job.if, file).to.include("github.event.pull_request.head.repo.full_name == github.repository");
      }
      if (!("workflow_run" in workflow.on)) continue;
      for (const { steps: own = [] } of Object.values(workflow.jobs)) {
        const checkout = own.find(({ uses = "" }) => uses.startsWith("actions/checkout@"));
        expect(checkout?.with?.ref, file).to.equal("${{ github.event.repository.default_branch }}");
        expect(own.filter(({ run }) => run !== undefined)).to.deep.equal([]);
      }
    }
  });

  it("never cancel an update, and update one stack after another", () => {
    const { up } = readYaml<Workflow>(".github/workflows/deploy.yml").jobs;
    expect(up?.concurrency).to.deep.equal({ group: "pulumi-up-${{ matrix.stack }}", "cancel-in-progress": false });
    expect(up?.strategy).to.deep.equal({ "max-parallel": 1, matrix: { stack: ["dev", "prod"] } });
  });
});

describe("Dependabot", () => {
  interface Update {
    "package-ecosystem": string;
    directory?: string;
    directories?: string[];
    ignore?: { "dependency-name": string; versions?: string[] }[];
  }
  const { updates } = readYaml<{ updates: Update[] }>(".github/dependabot.yml");

  it("keeps TypeScript below 7", () => {
    const [root] = updates.filter((update) => update["package-ecosystem"] === "npm" && update.directory === "/");
    expect(root?.ignore).to.deep.include({ "dependency-name": "typescript", versions: [">=7"] });
  });

  it("looks only in folders that exist", () => {
    const folders = updates.flatMap(({ directory, directories = [] }) => [directory ?? [], directories].flat());
    expect(folders.filter((folder) => !fs.existsSync(path.join(repository, folder)))).to.deep.equal([]);
  });
});
