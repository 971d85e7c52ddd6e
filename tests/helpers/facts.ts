import { AssertionError, expect } from "chai";

/** A fact about a service, as it answers on AWS. */
export interface Fact {
  /** The behaviour, in words. */
  fact: string;
  /** Why the emulator answers differently. The test then fails once it no longer does. */
  differs?: string;
}

/** The facts of one source. */
export interface FactTable {
  /** The service's name, such as `API Gateway`. */
  service: string;
  /** Where the facts come from, such as `answers recorded from AWS in 2026-03 (localstack)`. */
  source: string;
  facts: readonly Fact[];
}

/** Every table that the loaded tests hold the emulator to: docs/offline/fidelity.md is made from them. */
export const factTables: FactTable[] = [];

/** Defines a test for each fact. */
export function testFacts<Row extends Fact>(
  { service, source, facts }: FactTable & { facts: readonly Row[] },
  check: (row: Row) => void | Promise<void>,
): void {
  factTables.push({ service, source, facts });
  describe(`${service}, held to ${source},`, () => {
    for (const row of facts) {
      const { fact, differs } = row;
      if (differs === undefined) it(fact, async () => check(row));
      else it(`${fact} (differs: ${differs})`, async () => expectDifference(row, check));
    }
  });
}

async function expectDifference<Row>(row: Row, check: (row: Row) => void | Promise<void>): Promise<void> {
  const error = await Promise.resolve()
    .then(() => check(row))
    .catch((thrown: unknown) => thrown);
  expect(error, "The emulator no longer differs: delete the row's `differs`").to.be.instanceOf(AssertionError);
}
