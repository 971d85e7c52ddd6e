import * as fs from "node:fs";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { repository } from "../offline/start";

export interface Step {
  id?: string;
  if?: string;
  name?: string;
  uses?: string;
  run?: string;
  shell?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

interface Job {
  if?: string;
  permissions?: unknown;
  concurrency?: { "cancel-in-progress"?: unknown };
  strategy?: unknown;
  steps?: Step[];
}

export interface Workflow {
  on: Record<string, unknown>;
  permissions?: unknown;
  jobs: Record<string, Job>;
}

export interface Action {
  inputs: Record<string, { description: string; required?: boolean; default?: string }>;
  outputs?: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
}

/** @throws Error that lists all mistakes of syntax */
export function readYaml<Content>(file: string): Content {
  const document = parseDocument(fs.readFileSync(path.join(repository, file), "utf8"));
  const mistakes = [...document.errors, ...document.warnings].map(({ message }) => message);
  if (mistakes.length > 0) throw new Error(`${file}: ${mistakes.join("; ")}`);
  return document.toJS() as Content;
}

/** The workflows of this repository, by their paths. */
export const workflowFiles = fs
  .readdirSync(path.join(repository, ".github/workflows"))
  .map((file) => `.github/workflows/${file}`);

export const actionFiles = ["action/action.yml", "action/comment/action.yml"];
