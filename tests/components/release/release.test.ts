import { expect } from "chai";
import type { Graph, Resource } from "pulumi-offline";
import { version } from "../../../components/package.json";
import {
  explanation,
  lostUrns,
  mayBreak,
  type Release,
  recordedRelease,
  runExamples,
} from "../../helpers/components/release";

describe("the URNs of the components", () => {
  const release = recordedRelease();
  let graph: Graph;
  before(async () => {
    graph = await runExamples();
  });

  it("are those of the recorded release, or have aliases", () => {
    const lost = mayBreak(release.version, version) ? [] : lostUrns(release, graph);
    expect(lost, `${explanation}\n${lost.join("\n")}`).to.deep.equal([]);
  });

  it("are recorded for each component", () => {
    const types = new Set(graph.resources.filter(({ custom, type }) => !custom && !type.startsWith("pulumi:")));
    const recorded = release.urns.join("\n");
    for (const { type, name } of types) expect(recorded).to.include(`:${type.split(":").pop()}::${name}`);
  });

  describe("of a component that changes its", () => {
    const isTable = ({ type }: Resource) => type.endsWith(":ItemsTable");
    const today = (): Release => ({ version, urns: graph.resources.map(({ urn }) => urn) });

    /** The graph after an edit of all tables and of the URNs of what is in them. */
    const edited = (from: string, to: string, aliases: (urn: string) => string[]): Graph => ({
      ...graph,
      resources: graph.resources.map((one) => {
        const change = (text: string) => text.replace(from, to);
        const changed = { ...one, urn: change(one.urn), parent: one.parent && change(one.parent) };
        return isTable(one) ? { ...changed, options: { ...one.options, aliases: aliases(one.urn) } } : changed;
      }),
    });

    for (const [what, from, to] of [
      ["type", ":ItemsTable", ":Table"],
      ["package", "graviton:index:ItemsTable", "arm:index:ItemsTable"],
    ] as const) {
      it(`${what} are lost without an alias, and kept with one`, () => {
        const lost = lostUrns(
          today(),
          edited(from, to, () => []),
        );
        expect(lost).to.have.length.above(5);
        expect(lost.join("\n")).to.include("aws:dynamodb/table:Table");
        expect(
          lostUrns(
            today(),
            edited(from, to, (urn) => [urn]),
          ),
        ).to.deep.equal([]);
      });
    }
  });

  it("may change in a major version, and below 1.0.0 in a minor one", () => {
    expect(mayBreak("0.1.0", "0.1.9")).to.equal(false);
    expect(mayBreak("0.1.0", "0.2.0")).to.equal(true);
    expect(mayBreak("1.4.0", "1.5.0")).to.equal(false);
    expect(mayBreak("1.4.0", "2.0.0")).to.equal(true);
    expect(mayBreak("0.9.0", "1.0.0")).to.equal(true);
  });
});
