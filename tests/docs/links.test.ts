import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { documents, readDocument } from "../helpers/documents/markdown";
import { repository } from "../helpers/offline/start";

describe("the links of the documents", () => {
  it("lead to files and headings that exist", () => {
    const broken = documents.flatMap((document) => {
      const links = [...readDocument(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
      return links
        .filter((link) => !/^\w+:/.test(link) && !exists(document, link))
        .map((link) => `${document}: ${link}`);
    });
    expect(broken).to.deep.equal([]);
  });

  it("lead from the index to each guide", () => {
    const index = readDocument("docs/README.md");
    const guides = documents.filter(
      (document) => /^docs\/[^/]+\.md$/.test(document) && !document.endsWith("README.md"),
    );
    expect(guides.filter((guide) => !index.includes(`(${path.basename(guide)})`))).to.deep.equal([]);
  });
});

function exists(document: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file ? path.posix.join(path.dirname(document), decodeURI(file)) : document;
  if (!fs.existsSync(path.join(repository, target))) return false;
  return anchor === undefined || headings(readDocument(target)).includes(anchor);
}

/** The anchors that GitHub gives to headings. */
function headings(text: string): string[] {
  const outside = text.replace(/^```[\s\S]*?^```/gm, "");
  return [...outside.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}
