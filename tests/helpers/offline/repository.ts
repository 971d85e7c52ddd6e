import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { temporaryFolder } from "../temporaryFolder";
import { repository } from "./start";

/** A git repository with a Pulumi program, which finds the packages of this repository. */
export class GitRepository {
  readonly directory = temporaryFolder();

  /** @param files The first commit, besides the project file and what git ignores */
  constructor(files: Record<string, string>) {
    fs.symlinkSync(path.join(repository, "node_modules"), path.join(this.directory, "node_modules"));
    this.git("init", "--quiet", "--initial-branch", "main");
    this.commit({
      ".gitignore": "node_modules\n.cache\n",
      "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: index.js\n",
      "package.json": "{}",
      ...files,
    });
  }

  write(files: Record<string, string>): void {
    for (const [file, text] of Object.entries(files)) {
      const target = path.join(this.directory, file);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, text);
    }
  }

  commit(files: Record<string, string>): void {
    this.write(files);
    this.git("add", "--all");
    this.git("-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "edit");
  }

  git(...parameters: string[]): string {
    return execFileSync("git", parameters, {
      cwd: this.directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** How many worktrees it has, itself included. */
  get worktrees(): number {
    return this.git("worktree", "list").trim().split("\n").length;
  }
}
