import * as path from "node:path";
import { expect } from "chai";
import type { Graph, PolicyPackResult, PolicyViolation } from "../../../offline/engine/graph";
import { paintFor } from "../../../offline/report/colors";
import { renderJson } from "../../../offline/report/json";
import { renderMarkdown } from "../../../offline/report/markdown";
import { policyLines } from "../../../offline/report/policies";
import { renderTree } from "../../../offline/report/tree";
import { graphOf } from "../../helpers/offline/graph";

const plain = paintFor({});
const bucket = "urn:pulumi:dev::project::shop:index:Store$aws:s3/bucket:Bucket::photos";
const stack = "urn:pulumi:dev::project::pulumi:pulumi:Stack::project-dev";

function pack(more: Partial<PolicyPackResult> = {}): PolicyPackResult {
  const nothing = { violations: [], remediations: [], failures: [] };
  return { name: "guard", version: "1.2.3", directory: path.resolve("policies"), policies: 3, ...nothing, ...more };
}

function violation(policy: string, more: Partial<PolicyViolation> = {}): PolicyViolation {
  return { policy, level: "mandatory", description: "d", message: `m of ${policy}`, urn: bucket, ...more };
}

const graph = (...policyPacks: PolicyPackResult[]): Graph => ({ ...graphOf("/project"), policyPacks });
const lines = (...packs: PolicyPackResult[]) => policyLines(graph(...packs), plain);

describe("policyLines", () => {
  it("is empty when no pack ran", () => {
    expect(policyLines(graph(), plain)).to.deep.equal([]);
  });

  it("shows remediations, violations and failures of each pack, and how many there are", () => {
    const config = path.resolve("policies/policy-config.dev.json");
    const strict = pack({
      name: "strict",
      config,
      remediations: [{ policy: "tags", urn: bucket, inputs: ["tagsAll", "acl"] }],
      violations: [
        violation("no-public", { severity: "high", message: "Buckets must be closed.\nRemove the acl.\n" }),
        violation("whole", { level: "advisory", urn: stack }),
      ],
      failures: [{ policy: "broken", urn: bucket, message: "It threw." }, { message: "No such policy: x" }],
    });
    expect(lines(strict, pack()).join("\n")).to.equal(`\
Policies:
    ✅ guard@v1.2.3 (local: policies)
    ❌ strict@v1.2.3 (local: policies)
        configuration: policies/policy-config.dev.json
        - [remediate]  tags  (aws:s3:Bucket: photos) [diff: ~acl,tagsAll]
        - [mandatory] [severity: high]  no-public  (aws:s3:Bucket: photos)
          Buckets must be closed.
          Remove the acl.
        - [advisory]  whole  (pulumi:pulumi:Stack: project-dev)
          m of whole
        ❌ [failure]  broken  (aws:s3:Bucket: photos)
          It threw.
        ❌ [failure]
          No such policy: x
    2 packs, 6 policies: 1 mandatory, 1 advisory, 1 remediated, 2 failures`);
  });

  it("sorts violations by level, severity, policy and URN", () => {
    const sorted = [
      violation("z", { severity: "critical" }),
      violation("y", { severity: "high" }),
      violation("x", { severity: "medium" }),
      violation("w", { severity: "low" }),
      violation("B", { urn: stack }),
      violation("a", { urn: stack, message: "first" }),
      violation("a", { urn: bucket, message: "second" }),
      violation("a", { level: "advisory", severity: "critical" }),
    ];
    const shown = lines(pack({ violations: sorted }));
    expect(shown.filter((line) => line.includes("- ["))).to.have.lengthOf(sorted.length);
    expect(lines(pack({ violations: sorted.toReversed() }))).to.deep.equal(shown);
    expect(shown.slice(2, -1).join("\n")).to.match(/z .*y .*x .*w .*B .*first.*second.*advisory/s);
  });

  it("keeps remediations in the order in which they ran", () => {
    const remediations = ["second", "first"].map((policy) => ({ policy, urn: bucket, inputs: ["acl"] }));
    expect(lines(pack({ remediations })).join("\n")).to.match(/second .*first /s);
  });

  it("marks a pack by its worst finding", () => {
    const advisory = [violation("a", { level: "advisory" })];
    const marks = [pack(), pack({ violations: advisory }), pack({ violations: [...advisory, violation("b")] })];
    expect(marks.map((result) => lines(result)[1])).to.deep.equal(
      ["✅", "⚠️", "❌"].map((mark) => `    ${mark} guard@v1.2.3 (local: policies)`),
    );
    expect(lines(pack({ failures: [{ message: "It has no PulumiPolicy.yaml." }] }))[1]).to.contain("❌");
  });

  it("shows a pack that did not start without a version, and a folder elsewhere whole", () => {
    const elsewhere = path.resolve("..", "..policies");
    expect(lines(pack({ version: "", directory: elsewhere }))[1]).to.equal(`    ✅ guard (local: ${elsewhere})`);
    expect(lines(pack({ directory: process.cwd() }))[1]).to.equal("    ✅ guard@v1.2.3 (local: .)");
    expect(lines(pack({ directory: path.resolve("..policies") }))[1]).to.contain("(local: ..policies)");
  });

  it("uses the singular for one", () => {
    const [last] = lines(pack({ policies: 1, failures: [{ message: "m" }] })).slice(-1);
    expect(last).to.equal("    1 pack, 1 policy: 0 mandatory, 0 advisory, 0 remediated, 1 failure");
  });

  it("lets no text from a pack control the terminal", () => {
    const evil = "\u001b[2J\u001b]0;title\u0007a\u202eb\u009b1Ac\rd\u2028e\u0000\ttab";
    const failures = [{ policy: evil, urn: evil, message: evil }];
    const remediations = [{ policy: evil, urn: evil, inputs: [evil] }];
    const violations = [violation(evil, { message: evil, urn: `urn:pulumi:dev::p::a:b:C::${evil}` })];
    const shown = lines(pack({ name: evil, version: evil, failures, remediations, violations }));
    expect(shown.join("\n")).to.not.match(/(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028]/u);
    expect(shown.join("").match(/\n/)).to.equal(null);
    expect(shown).to.include("          abc").and.include("          d").and.include("          e\ttab");
  });

  it("has colours on a terminal", () => {
    const before = process.env.NO_COLOR;
    delete process.env.NO_COLOR;
    try {
      const shown = policyLines(graph(pack({ violations: [violation("a")] })), paintFor({ isTTY: true }));
      expect(shown[2]).to.equal("        - \u001b[31m[mandatory]  a\u001b[0m  (aws:s3:Bucket: photos)");
    } finally {
      if (before !== undefined) process.env.NO_COLOR = before;
    }
  });
});

describe("the reports", () => {
  const diagnostics: Graph["diagnostics"] = [{ severity: "info", message: "hello" }];
  const checked = { ...graph(pack({ violations: [violation("a")] })), diagnostics, outputs: { url: "u" } };

  it("show the policies before the diagnostics in the tree, as the Pulumi CLI does", () => {
    expect(renderTree(checked, plain)).to.match(/\n\nPolicies:\n.*\n\nDiagnostics:\n.*\n\nOutputs:\n/s);
    expect(renderTree(graph(), plain)).to.not.contain("Policies");
  });

  it("have the policy packs in the JSON document as they are in the graph", () => {
    expect(JSON.parse(renderJson(checked)).policyPacks).to.deep.equal(checked.policyPacks);
    expect(JSON.parse(renderJson(graph())).policyPacks).to.deep.equal([]);
  });

  it("have a table for each pack in Markdown, and nothing when no pack ran", () => {
    const strict = pack({
      name: "strict",
      config: path.resolve("config.json"),
      remediations: [{ policy: "tags", urn: bucket, inputs: ["acl"] }],
      violations: [violation("a", { severity: "low", message: "one\ntwo" })],
      failures: [{ message: "It did not end." }],
    });
    expect(renderMarkdown(graph(pack(), strict))).to.contain(`
## Policies

2 packs, 6 policies: 1 mandatory, 0 advisory, 1 remediated, 1 failure.

### ✅ guard@v1.2.3

### ❌ strict@v1.2.3

Configuration: config.json

| Level | Policy | Resource | Message |
| --- | --- | --- | --- |
| remediate | tags | aws:s3:Bucket: photos | &#91;diff: &#126;acl&#93; |
| mandatory (low) | a | aws:s3:Bucket: photos | one<br/>two |
| failure |  |  | It did not end. |

\`\`\`mermaid`);
    expect(renderMarkdown(graph())).to.not.contain("Policies");
  });

  it("say it once in Markdown", () => {
    expect(renderMarkdown(checked).split("m of a")).to.have.lengthOf(2);
  });

  it("are not broken in Markdown by a pack's texts", () => {
    const evil = "| x |\n# title\n```\n</table><script>\\| &lt; ~~gone~~ [a](b)\u001b[2J";
    const violations = [violation(evil, { message: evil, urn: evil })];
    const hostile = graph(pack({ name: evil, violations }));
    const markdown = renderMarkdown({ ...hostile, diagnostics: [{ severity: "info", message: evil }] });
    const tables = markdown.slice(0, markdown.indexOf("```mermaid"));
    const [row = ""] = tables.split("\n").filter((line) => line.startsWith("| mandatory"));
    expect(row.split("|")).to.have.lengthOf(6);
    expect(tables).to.not.match(/^# title|```|<script|<\/table|~~|&lt;|\]\(|\\/m);
    expect(markdown).to.not.contain("\u001b");
    expect(markdown).to.match(/\n````text\n.*\n````\n$/s);
  });
});
