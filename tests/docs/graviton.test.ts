import { expect } from "chai";
import { emrSupports, gravitonEquivalent } from "pulumi-graviton/graviton";
import { quotedIn, rowsUnder } from "../helpers/documents/markdown";

const document = "docs/x86-to-graviton.md";

describe("the guide from x86 to Graviton", () => {
  const types = rowsUnder(document, "Instance types");

  it("names the types that the library names", () => {
    expect(types).to.have.length.above(20);
    const named = types.map(([x86 = "", graviton = ""]) => [quotedIn(x86)[0], quotedIn(graviton)[0]]);
    expect(named).to.deep.equal(named.map(([type = ""]) => [type, gravitonEquivalent(type)?.type]));
  });

  it("mentions differences wherever the library does", () => {
    const silent = types.filter(([x86 = "", , differences]) => {
      return !differences && gravitonEquivalent(quotedIn(x86)[0] ?? "")?.caveats.length;
    });
    expect(silent).to.deep.equal([]);
  });

  it("says which EMR releases run on which families", () => {
    const rows = rowsUnder(document, "EMR releases");
    expect(rows).to.have.lengthOf(8);
    for (const [families = "", ...floors] of rows) {
      for (const [index, floor] of floors.entries()) {
        const older = before(floor || `${index + 5}.99.0`);
        for (const family of quotedIn(families)) {
          const at = (release: string) => emrSupports(`emr-${release}`, `${family}.xlarge`);
          if (floor) expect(at(floor), `${family} on ${floor}`).to.equal(true);
          if (older) expect(at(older), `${family} on ${older}`).to.equal(false);
        }
      }
    }
  });
});

/** A release before this one of the same major version, if there is one. */
function before(release: string): string | undefined {
  const [major = 0, minor = 0, patch = 0] = release.split(".").map(Number);
  if (patch > 0) return `${major}.${minor}.${patch - 1}`;
  return minor > 0 ? `${major}.${minor - 1}.99` : undefined;
}
