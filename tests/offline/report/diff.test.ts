import { expect } from "chai";
import type { Break, Comparison } from "../../../offline/diff/model";
import { renderComparisonMarkdown } from "../../../offline/report/diff/markdown";
import { renderComparison } from "../../../offline/report/diff/text";

const plain = (text: string) => text;
const paint = { bold: plain, dim: plain, green: plain, red: plain, yellow: plain };

const comparison = (parts: Partial<Comparison>): Comparison => ({
  project: "shop",
  stack: "dev",
  base: "main (1234567890)",
  notes: [],
  breaks: [],
  errors: [],
  resources: [],
  routes: [],
  permissions: [],
  policyPacks: [],
  newFindings: [],
  unusedAllowances: [],
  ...parts,
});

const removed = (path: string, allowed?: string): Break => ({
  kind: "route-removed",
  target: `api GET ${path}`,
  message: `Route GET ${path} of api is gone: its callers get an error.`,
  alike: { api: "api", message: "are gone: their callers get errors." },
  ...(allowed !== undefined && { allowed }),
});

const update = (name: string, after = "2") => ({
  kind: "update" as const,
  urn: name,
  type: "aws:sqs/queue:Queue",
  name,
  properties: [{ path: "size", before: "1", after }],
  replacing: [],
});

describe("the report of a comparison", () => {
  it("says first what breaks, and folds the details", () => {
    const text = renderComparisonMarkdown(
      comparison({ breaks: [removed("/a"), removed("/b", "unused")], resources: [update("q")] }),
    );
    const places = [
      "### ❌ 2 breaking changes (1 allowed): shop (dev)",
      "route-removed",
      "Allowed: unused",
      "aws:sqs:Queue q",
    ];
    const found = places.map((part) => text.indexOf(part));
    expect(found)
      .to.deep.equal(found.toSorted((one, other) => one - other))
      .and.not.include(-1);
    expect(text.match(/<details>/g)).to.have.lengthOf(2);
    expect(text.match(/<\/details>/g)).to.have.lengthOf(2);
  });

  it("is good news when all that breaks is allowed", () => {
    expect(renderComparisonMarkdown(comparison({ breaks: [removed("/b", "unused")] }))).to.contain(
      "### ✅ 1 breaking change (1 allowed)",
    );
    expect(renderComparisonMarkdown(comparison({}))).to.contain("### ✅ nothing breaks: shop (dev)");
  });

  it("shows many routes that break in the same way as one, with an option for all", () => {
    const text = renderComparison(comparison({ breaks: ["/a", "/b", "/c", "/d"].map((path) => removed(path)) }), paint);
    expect(text).to.contain("4 routes of api (GET /a, GET /b, GET /c and 1 more) are gone: their callers get errors.");
    expect(text.match(/--allow/g)).to.have.lengthOf(1);
    expect(text).to.contain("--allow 'route-removed:api *=REASON'");
  });

  it("quotes the option for a shell", () => {
    expect(renderComparison(comparison({ breaks: [removed("/it's")] }), paint)).to.contain(
      `--allow 'route-removed:api GET /it'\\''s=REASON'`,
    );
  });

  it("leaves room in a comment, says what it leaves out, and closes what it opens", () => {
    const resources = Array.from({ length: 3000 }, (_, index) => update(`queue-${index}`));
    const breaks = [removed("/a")];
    const text = renderComparisonMarkdown(comparison({ breaks, resources }));
    expect(text.length).to.be.within(45_000, 50_000);
    expect(text).to.match(
      /\d+ of 9000 lines are left out, as a comment has room for no more: run pulumi-offline diff main/,
    );
    expect(text.trimEnd().endsWith("</details>")).to.equal(true);
    expect(text.match(/^```/gm)).to.have.lengthOf(2);
  });

  it("shows where long values differ", () => {
    const [one, other] = ["1", "2"].map((end) => `${"a".repeat(500)}${end}`);
    const text = renderComparison(
      comparison({ resources: [{ ...update("q", other), properties: [{ path: "p", before: one, after: other }] }] }),
      paint,
    );
    expect(text).to.match(/p: "…a{20}1" → "…a{20}2"/);
  });

  it("lets no name end a block, a table or a line, or reach the terminal's controls", () => {
    const evil = "q\n```\n</details>\u001b[2J<script>";
    const given = comparison({
      resources: [update(evil)],
      breaks: [{ ...removed("/a"), message: evil }],
      notes: [evil],
    });
    const markdown = renderComparisonMarkdown(given);
    expect(markdown.split("\n").filter((line) => line === "```")).to.deep.equal([]);
    expect(markdown.replace(/````diff.*?````/gs, "")).to.not.contain("<script>");
    expect(renderComparison(given, paint)).to.not.contain("\u001b");
  });
});
