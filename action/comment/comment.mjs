/**
 * Keeps one comment with a report on a pull request. The report is untrusted text: it may come from a fork.
 *
 * Reads from the environment REPORT (a file), TOKEN (the job's own), and PULL_REQUEST (its number), or HEAD (OWNER:BRANCH)
 * and HEAD_SHA to find it by; and GITHUB_API_URL and GITHUB_REPOSITORY, which every job has.
 * @see https://docs.github.com/en/rest/issues/comments
 */
import { closeSync, lstatSync, openSync, readSync } from "node:fs";

const { REPORT, TOKEN, PULL_REQUEST, HEAD, HEAD_SHA, GITHUB_API_URL, GITHUB_REPOSITORY } = process.env;

/** Who comments with a job's own token. Other people's comments, which anyone can begin with a marker, are left alone. */
const author = "github-actions[bot]";

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

/**
 * One branch may be the head of several pull requests. The report says which one it is about, and is believed only if that
 * one has this head. A commit that has been replaced by a newer one belongs to no open pull request.
 */
async function findPullRequest(marker) {
  const [, named] = /^<!-- pulumi-offline report: #(\d+) /.exec(marker) ?? [];
  const open = await call("GET", `pulls?${new URLSearchParams({ state: "open", head: HEAD })}`);
  const candidates = open.filter(({ head }) => head.sha === HEAD_SHA);
  return candidates.find(({ number }) => named === undefined || number === Number(named))?.number;
}

async function findComment(number, marker) {
  for (let page = 1; ; page++) {
    const comments = await call("GET", `issues/${number}/comments?per_page=100&page=${page}`);
    const ours = comments.find(({ user, body }) => user?.login === author && body?.startsWith(marker));
    if (ours || comments.length < 100) return ours;
  }
}

/** The hidden first line by which the comment is found again, and the text below it. A mention would notify people. */
function readReport() {
  const report = readStart().replace(/@(?=[\w-])/g, "@\u200b");
  const [marker] = /^<!-- pulumi-offline [^>\n]{1,300} -->\n/.exec(report) ?? [];
  if (marker === undefined) return { marker: "<!-- pulumi-offline -->", text: shorten(report) };
  return { marker: marker.trimEnd(), text: shorten(report.slice(marker.length)) };
}

/** No more than may be shown. A link could name a file that is not the report's. */
function readStart() {
  const stats = lstatSync(REPORT);
  if (!stats.isFile()) throw new Error(`${REPORT} is not a file`);
  // UTF-8 has at most four bytes a character.
  const bytes = Buffer.alloc(Math.min(stats.size, longest * 4));
  const file = openSync(REPORT);
  try {
    return bytes.toString("utf8", 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** Ends before the line, or the fenced block, that does not fit, and closes what is folded. */
function shorten(text) {
  if (text.length <= longest) return text;
  const lines = text.slice(0, longest).split("\n").slice(0, -1);
  let fence = "";
  let begun = 0;
  let folds = 0;
  for (const [index, line] of lines.entries()) {
    const [, marks, language] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (fence) fence = marks?.startsWith(fence) && !language.trim() ? "" : fence;
    else if (marks) [fence, begun] = [marks, index];
    else folds += line.split("<details>").length - line.split("</details>").length;
  }
  const kept = fence ? lines.slice(0, begun) : lines;
  const note = "*Shortened: the whole report is in the summary of the run.*";
  return `${note}\n\n${kept.join("\n")}\n${"\n</details>".repeat(Math.max(0, folds))}`;
}

async function main() {
  const { marker, text } = readReport();
  const number = PULL_REQUEST || (await findPullRequest(marker));
  if (!number) return console.log(`No open pull request of ${HEAD} is at ${HEAD_SHA}.`);
  const body = `${marker}\n${text}`;
  const comment = await findComment(number, marker);
  if (comment) await call("PATCH", `issues/comments/${comment.id}`, { body });
  else await call("POST", `issues/${number}/comments`, { body });
}

main().catch((error) => {
  console.error(`::error::The comment could not be written: ${error.message}`);
  process.exitCode = 1;
});
