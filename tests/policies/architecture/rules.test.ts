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
  return `advisory ${row.policy}: ${path} is known only after the deployment.`;
}

/** A value's violation, up to where it says what may be different. */
function fault(row: ArchitectureProperty, index = 0): string {
  const { bad, instead } = sampleOf(row);
  return violation(row, `${placeOf(row, index)} is ${bad}, which is not arm64: write ${instead}`);
}

/** The properties, with everything that a missing value needs to matter. */
function decisive({ missing }: ArchitectureProperty, props: Props): Props {
  const asked = missing?.when ? put(props, missing.when.path, missing.when.isOneOf.slice(0, 1)) : props;
  return missing?.given ? put(asked, missing.given, ["."]) : asked;
}

function missing(row: ArchitectureProperty): string {
  const { means = "x86_64", write } = row.missing ?? {};
  return violation(row, `${placeOf(row).replace(/\[0\]$/, "")} is missing, which means ${means}: write ${write}.`);
}

/** Findings of all rows, which begin as expected; one failure tells of all rows that differ. */
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

/** Where a document's or a list's place is taken by something else, every row that begins there is of the same opinion. */
const byRoot = architectureProperties.filter(
  (row, index) =>
    architectureProperties.findIndex((other) => other.type === row.type && rootOf(other) === rootOf(row)) === index,
);

describe("every row of the table of architecture properties", () => {
  it("has a policy, and every policy a row", () => {
    const named = new Set(architectureProperties.map(({ policy }) => policy));
    expect(architectureRules.map(({ name }) => name)).to.have.members([...named]);
  });

  it("takes Graviton", () =>
    expectOfEvery(architectureProperties, async (row) => ({
      found: await findings(row, propsWith(row, [sampleOf(row).good])),
      expected: [],
    })));

  it("takes a list of Graviton alone", () =>
    expectOfEvery(listRows, async (row) => ({
      found: await findings(row, propsWith(row, [sampleOf(row).good, sampleOf(row).good])),
      expected: [],
    })));

  it("has one violation for x86, which says where it is and what to write", () =>
    expectOfEvery(architectureProperties, async (row) => ({
      found: await findings(row, propsWith(row, [sampleOf(row).bad])),
      expected: [fault(row)],
    })));

  it("has one for each x86 element of a list, with its index", () =>
    expectOfEvery(listRows, async (row) => {
      const { good, bad } = sampleOf(row);
      return {
        found: await findings(row, propsWith(row, [good, bad, good, bad])),
        expected: row.isAnyEnough ? [] : [fault(row, 1), fault(row, 3)],
      };
    }));

  it("speaks of a missing value where that means x86, and only there", () =>
    expectOfEvery(architectureProperties, async (row) => {
      return {
        found: await findings(row, decisive(row, propsWithout(row))),
        expected: row.missing ? [missing(row)] : [],
      };
    }));

  it("does not speak of it where something else decides, known or not", async () => {
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

  it("does not speak of it where its condition does not hold, or nobody knows", async () => {
    for (const other of ["EC2", unknown]) {
      await expectOfEvery(
        architectureProperties.filter(({ missing }) => missing?.when),
        async (row) => ({
          found: await findings(row, put(propsWithout(row), row.missing?.when?.path ?? "", [other])),
          expected: [],
        }),
      );
    }
  });

  it("speaks of it where its condition is missing too, if that is as good", () =>
    expectOfEvery(
      architectureProperties.filter(({ missing }) => missing?.when?.orMissing),
      async (row) => ({
        found: await findings(row, propsWithout(row)),
        expected: [missing(row)],
      }),
    ));

  it("does not speak of it where what it belongs to is not given", () =>
    expectOfEvery(
      architectureProperties.filter(({ missing }) => missing?.given),
      async (row) => ({ found: await findings(row, propsWithout(row)), expected: [] }),
    ));

  it("demands nothing where that part of the service has no Graviton", () =>
    expectOfEvery(
      architectureProperties.filter(({ except }) => except),
      async (row) => {
        const { path, prefixes } = row.except ?? { path: "", prefixes: [] };
        const x86 = propsWith(row, [sampleOf(row).bad]);
        const of = (part: string) => findings(row, put(x86, path, [part]));
        const without = await Promise.all(prefixes.map((prefix) => of(`${prefix.toUpperCase()}EE`)));
        return {
          found: [...without.flat(), ...(await of("other")), ...(await of(unknown))],
          expected: [fault(row), fault(row)],
        };
      },
    ));

  it("is uncertain of what is unknown as a whole", () =>
    expectOfEvery(byRoot, async (row) => ({
      found: await findings(row, { ...propsWith(row, []), [rootOf(row)]: unknown }),
      expected: [uncertain(row, rootOf(row))],
    })));

  it("is uncertain of an unknown element, which hides no other", () =>
    expectOfEvery(unknownElementRows, async (row) => {
      const { good, bad } = sampleOf(row);
      const of = uncertain(row, placeOf(row, 1));
      return {
        found: await findings(row, propsWith(row, [bad, unknown, bad, good])),
        expected: row.isAnyEnough ? [] : [fault(row, 0), of, fault(row, 2)],
      };
    }));

  it("is only uncertain where the unknown element may be the one that is needed", () =>
    expectOfEvery(
      architectureProperties.filter(({ isAnyEnough }) => isAnyEnough),
      async (row) => ({
        found: await findings(row, propsWith(row, [sampleOf(row).bad, unknown])),
        expected: [uncertain(row, placeOf(row, 1))],
      }),
    ));

  it("has a violation for a value that is no text", async () => {
    for (const [value, name] of [
      [5, "a number"],
      [true, "a boolean"],
      [{ a: "hunter2" }, "a map"],
      [["hunter2"], "a list"],
    ] as const) {
      await expectOfEvery(architectureProperties, async (row) => ({
        found: await findings(row, propsWith(row, [value])),
        expected: [violation(row, `${placeOf(row)} must be a text, but is ${name}.`)],
      }));
    }
  });

  it("has one violation for what cannot be looked into", () =>
    expectOfEvery(byRoot, async (row) => {
      const [, next] = /^\w+(\[\]|\{\}|\.|)/.exec(row.path) ?? [];
      const wanted = { "[]": "a list", "{}": "a JSON document in a string", ".": "a map" }[next ?? ""] ?? "a text";
      return {
        found: await findings(row, { ...propsWith(row, []), [rootOf(row)]: 5 }),
        expected: [violation(row, `${rootOf(row)} must be ${wanted}, but is a number.`)],
      };
    }));

  it("has one violation for bad JSON, which does not quote the document", () =>
    expectOfEvery(byRoot.filter(isJson), async (row) => ({
      found: await findings(row, { [rootOf(row)]: '{ "password": hunter2' }),
      expected: [violation(row, `${rootOf(row)} is not valid JSON.`)],
    })));

  it("takes names in JSON in any case, as AWS does", () =>
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

  it("is advisory while an exemption holds, which is shown", () =>
    expectOfEvery(architectureProperties, async (row) => {
      const { type } = row;
      const settings = { [row.policy]: { exemptions: [exemption({ type, match: "i*", expires: "2999-12-31" })] } };
      return {
        found: await findings(row, propsWith(row, [sampleOf(row).bad]), settings),
        expected: [`advisory ${row.policy}: Exempt until 2999-12-31 (its maker is gone): ${placeOf(row)} is `],
      };
    }));

  it("is a violation again once the exemption has expired", () =>
    expectOfEvery(architectureProperties, async (row) => ({
      found: await findings(row, propsWith(row, [sampleOf(row).bad]), {
        [row.policy]: { exemptions: [exemption({ expires: "2020-01-31" })] },
      }),
      expected: [fault(row)],
    })));

  it("leaves resources of other types alone", async () => {
    const props = { architectures: ["x86_64"], instanceType: "m5.large" };
    expect(await violations(rules, { type: "other:index:Thing", props })).to.deep.equal([]);
  });
});
