import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { repository } from "../helpers/offline/start";
import { temporaryFolder } from "../helpers/temporaryFolder";

interface Comment {
  id: number;
  user: { login: string };
  body: string;
}

const marker = "<!-- pulumi-offline -->";
const us = "github-actions[bot]";
const commit = "3d3c42e5aac5ba805825da76410c181273ba90b1";

/** The part of GitHub's API that deals with pull requests and their comments. */
class GitHub {
  readonly calls: string[] = [];
  comments: Comment[] = [];
  pullRequests = [6, 7].map((number) => ({ number, head: { sha: commit } }));
  status = 200;
  private readonly server = http.createServer((request, response) => this.answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", "http://github");
    this.calls.push(`${request.method} ${url.pathname}`);
    const sent = await text(request);
    response.statusCode = this.status;
    response.end(JSON.stringify(this.content(request.method ?? "", url, sent && JSON.parse(sent))));
  }

  private content(method: string, url: URL, sent?: { body: string }): unknown {
    const page = Number(url.searchParams.get("page") ?? 1);
    if (url.pathname === "/repos/us/shop/pulls") {
      return url.searchParams.get("head") === "them:main" ? this.pullRequests : [];
    }
    if (method === "GET") return this.comments.slice((page - 1) * 100, page * 100);
    const id = method === "PATCH" ? Number(url.pathname.split("/").pop()) : this.comments.length + 1;
    this.comments = this.comments.filter((comment) => comment.id !== id);
    this.comments.push({ id, user: { login: us }, body: sent?.body ?? "" });
    return {};
  }
}

describe("the comment on a pull request", () => {
  let github: GitHub;
  let address: string;
  beforeEach(async () => {
    github = new GitHub();
    address = await github.start();
  });
  afterEach(() => github.close());

  async function comment(
    report: string,
    where: Record<string, string> = { PULL_REQUEST: "7" },
    size = 0,
  ): Promise<string> {
    const file = path.join(temporaryFolder(), "report.md");
    if (report.startsWith("/")) fs.symlinkSync(report, file);
    else fs.writeFileSync(file, report);
    if (size > 0) fs.truncateSync(file, size);
    const env = { ...where, REPORT: file, TOKEN: "t", GITHUB_API_URL: address, GITHUB_REPOSITORY: "us/shop" };
    const child = spawn(process.execPath, [path.join(repository, "action/comment/comment.mjs")], { env });
    const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return out + error;
  }

  it("is created once, and then updated, wherever it stands among others", async () => {
    github.comments = Array.from({ length: 150 }, (_, id) => ({ id, user: { login: "them" }, body: marker }));
    await comment("first");
    await comment("second");
    expect(github.comments.filter(({ user }) => user.login === us).map(({ body }) => body)).to.deep.equal([
      `${marker}\nsecond`,
    ]);
  });

  it("finds the pull request of a fork by its branch and commit", async () => {
    await comment("report", { HEAD: "them:main", HEAD_SHA: commit });
    expect(github.calls.at(-1)).to.equal("POST /repos/us/shop/issues/6/comments");
  });

  it("is posted where the report belongs if a branch is the head of several pull requests, and nowhere else", async () => {
    const about = (number: number) => `<!-- pulumi-offline report: #${number} . dev -->\n\nreport`;
    await comment(about(7), { HEAD: "them:main", HEAD_SHA: commit });
    expect(github.calls.at(-1)).to.equal("POST /repos/us/shop/issues/7/comments");
    const said = await comment(about(8), { HEAD: "them:main", HEAD_SHA: commit });
    expect(said).to.include("No open pull request of them:main");
    expect(github.comments).to.have.lengthOf(1);
  });

  it("is one for each stack", async () => {
    for (const text of ["dev 1", "prod 1", "dev 2"]) {
      await comment(`<!-- pulumi-offline diff: shop ${text.slice(0, -2)} -->\n\n${text}`);
    }
    expect(github.comments.map(({ body }) => body)).to.deep.equal([
      "<!-- pulumi-offline diff: shop prod -->\n\nprod 1",
      "<!-- pulumi-offline diff: shop dev -->\n\ndev 2",
    ]);
  });

  it("is not posted for a commit that a newer one has replaced", async () => {
    const said = await comment("report", { HEAD: "them:main", HEAD_SHA: commit.replace("3", "4") });
    expect(said).to.include("No open pull request of them:main");
    expect(github.comments).to.deep.equal([]);
  });

  it("notifies nobody, and is no longer than GitHub accepts", async () => {
    await comment(`@everyone\n${"lamp💡\n".repeat(20_000)}`);
    const [{ body } = { body: "" }] = github.comments;
    expect(body).to.include("*Shortened").and.to.include("@\u200beveryone");
    expect(body.length).to.be.below(65_536);
  });

  it("closes what it opens where it is shortened", async () => {
    const fold = (text: string) => `<details><summary>s</summary>\n\n${text}\n\n</details>\n`;
    const fence = (text: string) => `\`\`\`\`text\n\`\`\`\n${text}\n\`\`\`\`\n`;
    await comment(`${fold(fence("<details>"))}${fold(`kept\n${fence("line\n".repeat(20_000))}`)}`);
    const [{ body } = { body: "" }] = github.comments;
    expect(body.match(/<details><summary>/g)).to.have.lengthOf(2);
    expect(body).to.match(/kept\n\n<\/details>$/);
    expect(body.match(/^````/gm)).to.have.lengthOf(2);
    expect(body).to.not.match(/^line$/m);
  });

  it("reads no more of a report than it shows", async () => {
    await comment("report\n", { PULL_REQUEST: "7" }, 2 ** 32);
    expect(github.comments[0]?.body).to.match(/\*Shortened.*\nreport\n$/s);
  });

  it("never shows another file of the machine", async () => {
    expect(await comment("/etc/passwd")).to.include("is not a file");
    expect(github.comments).to.deep.equal([]);
  });

  it("says what GitHub answered", async () => {
    github.status = 403;
    expect(await comment("report")).to.match(/^::error::The comment could not be written: GET .* answered 403 .*\n$/);
  });
});
