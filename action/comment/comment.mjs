/**
 * Keeps one comment with a report on a pull request. The report is untrusted text: it may come from a fork.
 *
 * Reads from the environment REPORT (a file), TOKEN, and PULL_REQUEST (its number), or HEAD (OWNER:BRANCH) and HEAD_SHA
 * to find it by; and GITHUB_API_URL and GITHUB_REPOSITORY, which every job has.
 * @see https://docs.github.com/en/rest/issues/comments
 */
import { lstatSync, readFileSync } from "node:fs";

const { REPORT, TOKEN, PULL_REQUEST, HEAD, HEAD_SHA, GITHUB_API_URL, GITHUB_REPOSITORY } = process.env;

/** What tells our comment from others; it is not shown. */
const marker = "<!-- pulumi-offline -->";

/** GitHub accepts 65,536 characters. */
const longest = 60_000;

async function call(method, path, body) {
  const response = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/${path}`, {
    method,
    headers: { accept: "application/vnd.github+json", authorization: `Bearer ${TOKEN}` },
    body: body && JSON.stringify(body),
  });
  if (response.ok) return response.json();
  throw new Error(`${method} ${path}: GitHub answered ${response.status} ${await response.text()}`);
}

/** A commit that has been replaced by a newer one belongs to no open pull request. */
async function findPullRequest() {
  const open = await call("GET", `pulls?${new URLSearchParams({ state: "open", head: HEAD })}`);
  return open.find(({ head }) => head.sha === HEAD_SHA)?.number;
}

async function findComment(number) {
  for (let page = 1; ; page++) {
    const comments = await call("GET", `issues/${number}/comments?per_page=100&page=${page}`);
    const ours = comments.find(({ user, body }) => user?.type === "Bot" && body?.startsWith(marker));
    if (ours || comments.length < 100) return ours;
  }
}

/** A link could name a file that is not the report's; a mention would notify people. */
function readReport() {
  if (!lstatSync(REPORT).isFile()) throw new Error(`${REPORT} is not a file`);
  const text = readFileSync(REPORT, "utf8").replace(/@(?=[\w-])/g, "@\u200b");
  if (text.length <= longest) return text;
  return `*Shortened: the whole report is in the summary of the run.*\n\n${text.slice(0, longest).toWellFormed()}`;
}

async function main() {
  const number = PULL_REQUEST || (await findPullRequest());
  if (!number) return console.log(`No open pull request of ${HEAD} is at ${HEAD_SHA}.`);
  const body = `${marker}\n${readReport()}`;
  const comment = await findComment(number);
  if (comment) await call("PATCH", `issues/comments/${comment.id}`, { body });
  else await call("POST", `issues/${number}/comments`, { body });
}

main().catch((error) => {
  console.error(`::error::The comment could not be written: ${error.message}`);
  process.exitCode = 1;
});
