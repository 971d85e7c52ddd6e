import { expect } from "chai";
import { ignoredArchitecture } from "../../../policies/architecture/ignoredChanges";
import { imageArchitecture } from "../../../policies/architecture/images";
import type { ArchitectureProperty } from "../../../policies/architecture/rule";
import { architectureProperties, architectureRules } from "../../../policies/architecture/rules";
import { exemption, unknown, violations } from "../../helpers/policies/policies";
import {
  isJson,
  listRows,
  type Props,
  placeOf,
  propsWith,
  propsWithout,
  put,
  rootOf,
  sampleOf,
  unknownElementRows,
} from "./cases";

const rules = [...architectureRules, imageArchitecture, ignoredArchitecture];

/** Findings as `level policy: message`. */
async function findings({ type }: ArchitectureProperty, props: object, settings = {}): Promise<string[]> {
  const found = await violations(rules, { type, props }, settings);
  return found.map(({ level, policy, message }) => `${level} ${policy}: ${message}`);
}

function levelOf({ policy }: ArchitectureProperty): string {
  return architectureRules.find(({ name }) => name === policy)?.enforcementLevel ?? "mandatory";
}

/** A violation of the row's policy, at its level. */
function violation(row: ArchitectureProperty, message: string): string {
  return `${levelOf(row)} ${row.policy}: ${message}`;
}

function uncertain(row: ArchitectureProperty, path: string): string {
  return `advisory ${row.policy}: ${path} is known only after deployment, so it cannot be checked yet.`;
}

/** The beginning of a value's violation, before the notes on what may be different. */
function fault(row: ArchitectureProperty, index = 0): string {
  const { bad, instead } = sampleOf(row);
  return violation(row, `${placeOf(row, index)} is ${bad}, which is not arm64: write ${instead}`);
}

/** The properties, with everything that makes a missing value a violation. */
function decisive({ missing }: ArchitectureProperty, props: Props): Props {
  const asked = missing?.when ? put(props, missing.when.path, missing.when.isOneOf.slice(0, 1)) : props;
  return missing?.given ? put(asked, missing.given, ["."]) : asked;
}

function missing(row: ArchitectureProperty): string {
  const { means = "x86_64", write } = row.missing ?? {};
  return violation(row, `${placeOf(row).replace(/\[0\]$/, "")} is missing, which means ${means}: write ${write}.`);
}

/** Expects the findings of all rows to begin as given; one failure lists all rows that differ. */
async function expectOfEvery(
  rows: ArchitectureProperty[],
  judge: (row: ArchitectureProperty) => Promise<{ found: string[]; expected: string[] }>,
): Promise<void> {
  expect(rows, "rows").not.to.deep.equal([]);
  const wrong: Record<string, object> = {};
  for (const row of rows) {
    const { found, expected } = await judge(row);
    const isAsExpected =
      found.length === expected.length && found.every((finding, index) => finding.startsWith(expected[index] ?? ""));
    if (!isAsExpected) wrong[`${row.type} ${row.path}`] = { found, expected };
  }
  expect(Object.keys(wrong).length, JSON.stringify(wrong, undefined, 2)).to.equal(0);
}

/** If another value replaces a document or a list, every row whose path begins there reports the same. */
const byRoot = architectureProperties.filter(
  (row, index) =>
    architectureProperties.findIndex((other) => other.type === row.type && rootOf(other) === rootOf(row)) === index,
);

describe("every row of the table of architecture properties", () => {
  it("belongs to a policy, and every policy has a row", () => {
    const named = new Set(architectureProperties.map(({ policy }) => policy));
    expect(architectureRules.map(({ name }) => name)).to.have.members([...named]);
  });

  it("accepts Graviton", () =>
    expectOfEvery(architectureProperties, async (row) => ({
      found: await findings(row, propsWith(row, [sampleOf(row).good])),
      expected: [],
    })));

  it("accepts a list that contains only Graviton", () =>
    expectOfEvery(listRows, async (row) => ({
      found: await findings(row, propsWith(row, [sampleOf(row).good, sampleOf(row).good])),
      expected: [],
    })));

  it("reports x86 once, with its path and what to write instead", () =>
    expectOfEvery(architectureProperties, async (row) => ({
      found: await findings(row, propsWith(row, [sampleOf(row).bad])),
      expected: [fault(row)],
    })));

  it("reports each x86 element of a list, with its index", () =>
    expectOfEvery(listRows, async (row) => {
      const { good, bad } = sampleOf(row);
      return {
        found: await findings(row, propsWith(row, [good, bad, good, bad])),
        expected: row.isAnyEnough ? [] : [fault(row, 1), fault(row, 3)],
      };
    }));

  it("reports a missing value if that means x86, and only then", () =>
    expectOfEvery(architectureProperties, async (row) => {
      return {
        found: await findings(row, decisive(row, propsWithout(row))),
        expected: row.missing ? [missing(row)] : [],
      };
    }));

  it("does not report a missing value if another property decides, known or not", async () => {
    for (const other of [{ id: "other" }, unknown]) {
      await expectOfEvery(
        architectureProperties.filter(({ missing }) => missing?.unless),
        async (row) => {
          const { unless = [] } = row.missing ?? {};
          const props = decisive(row, propsWithout(row));
          const each = unless.map((path) => findings(row, put(props, path, [other])));
          const found = (await Promise.all(each)).flat();
          return { found: found.filter((finding) => finding.includes("is missing")), expected: [] };
        },
      );
    }
  });

  it("does not report a missing value if its condition is not met, and is uncertain if that is unknown", () =>
    expectOfEvery(
      architectureProperties.filter(({ missing }) => missing?.when),
      async (row) => {
        const path = row.missing?.when?.path ?? "";
        const of = (value: string) => findings(row, put(propsWithout(row), path, [value]));
        return {
          found: [...(await of("EC2")), ...(await of(unknown))],
          expected: [uncertain(row, path.replace("[]", "[0]"))],
        };
      },
    ));

  it("reports a missing value if its condition is missing too, for rows that say so", () =>
    expectOfEvery(
      architectureProperties.filter(({ missing }) => missing?.when?.orMissing),
      async (row) => ({
        found: await findings(row, propsWithout(row)),
        expected: [missing(row)],
      }),
    ));

  it("does not report a missing value if the property that it belongs to is missing", () =>
    expectOfEvery(
      architectureProperties.filter(({ missing }) => missing?.given),
      async (row) => ({ found: await findings(row, propsWithout(row)), expected: [] }),
    ));

  it("demands nothing if that part of the service does not offer Graviton, and is uncertain if it may not", () =>
    expectOfEvery(
      architectureProperties.filter(({ except }) => except),
      async (row) => {
        const { path, prefixes } = row.except ?? { path: "", prefixes: [] };
        const x86 = propsWith(row, [sampleOf(row).bad]);
        const of = (part: string) => findings(row, put(x86, path, [part]));
        const without = await Promise.all(prefixes.map((prefix) => of(`${prefix.toUpperCase()}EE`)));
        return {
          found: [...without.flat(), ...(await of("other")), ...(await of(unknown))],
          expected: [fault(row), uncertain(row, path)],
        };
      },
    ));

  it("is uncertain about a property that is unknown as a whole", () =>
    expectOfEvery(byRoot, async (row) => ({
      found: await findings(row, { ...propsWith(row, []), [rootOf(row)]: unknown }),
      expected: [uncertain(row, rootOf(row))],
    })));

  it("is uncertain about an unknown element, and still reports the others", () =>
    expectOfEvery(unknownElementRows, async (row) => {
      const { good, bad } = sampleOf(row);
      const of = uncertain(row, placeOf(row, 1));
      return {
        found: await findings(row, propsWith(row, [bad, unknown, bad, good])),
        expected: row.isAnyEnough ? [] : [fault(row, 0), fault(row, 2), of],
      };
    }));

  it("is only uncertain if the unknown element may be the one that is needed", () =>
    expectOfEvery(
      architectureProperties.filter(({ isAnyEnough }) => isAnyEnough),
      async (row) => ({
        found: await findings(row, propsWith(row, [sampleOf(row).bad, unknown])),
        expected: [uncertain(row, placeOf(row, 1))],
      }),
    ));

  it("reports a value that is not a string", async () => {
    for (const [value, name] of [
      [5, "a number"],
      [true, "a boolean"],
      [{ a: "hunter2" }, "a map"],
      [["hunter2"], "a list"],
    ] as const) {
      await expectOfEvery(architectureProperties, async (row) => ({
        found: await findings(row, propsWith(row, [value])),
        expected: [violation(row, `${placeOf(row)} must be a string, but is ${name}.`)],
      }));
    }
  });

  it("reports once a value that does not have the shape of the path", () =>
    expectOfEvery(byRoot, async (row) => {
      const [, next] = /^\w+(\[\]|\{\}|\.|)/.exec(row.path) ?? [];
      const wanted = { "[]": "a list", "{}": "a JSON document", ".": "a map" }[next ?? ""] ?? "a string";
      return {
        found: await findings(row, { ...propsWith(row, []), [rootOf(row)]: 5 }),
        expected: [violation(row, `${rootOf(row)} must be ${wanted}, but is a number.`)],
      };
    }));

  it("reports invalid JSON once, without quoting the document", () =>
    expectOfEvery(byRoot.filter(isJson), async (row) => ({
      found: await findings(row, { [rootOf(row)]: '{ "password": hunter2' }),
      expected: [violation(row, `${rootOf(row)} is not valid JSON.`)],
    })));

  it("ignores the case of names in JSON, as AWS does", () =>
    expectOfEvery(architectureProperties.filter(isJson), async (row) => {
      const shouted = (props: Props) => {
        const text = String(props[rootOf(row)]).replace(/"(\w+)":/g, (_, name) => `"${name.toUpperCase()}":`);
        return { [rootOf(row)]: text };
      };
      const { good, bad } = sampleOf(row);
      const found = [
        ...(await findings(row, shouted(propsWith(row, [bad])))),
        ...(await findings(row, shouted(propsWith(row, [good])))),
      ];
      return { found: found.map((finding) => finding.toLowerCase()), expected: [fault(row).toLowerCase()] };
    }));

  it("is advisory while an exemption is valid, which is shown", () =>
    expectOfEvery(architectureProperties, async (row) => {
      const { type } = row;
      const settings = { [row.policy]: { exemptions: [exemption({ type, match: "i*", expires: "2999-12-31" })] } };
      return {
        found: await findings(row, propsWith(row, [sampleOf(row).bad]), settings),
        expected: [`advisory ${row.policy}: Exempt until 2999-12-31 (its vendor is gone): ${placeOf(row)} is `],
      };
    }));

  it("is a violation again after the exemption has expired", () =>
    expectOfEvery(architectureProperties, async (row) => ({
      found: await findings(row, propsWith(row, [sampleOf(row).bad]), {
        [row.policy]: { exemptions: [exemption({ expires: "2020-01-31" })] },
      }),
      expected: [fault(row)],
    })));

  it("does not check resources of other types", async () => {
    const props = { architectures: ["x86_64"], instanceType: "m5.large" };
    expect(await violations(rules, { type: "other:index:Thing", props })).to.deep.equal([]);
  });
});
