import { AssertionError, expect } from "chai";

/** A fact about a service, as it answers on AWS. */
export interface Fact {
  /** The behaviour, in words. */
  fact: string;
  /** Why the emulator answers differently. The test then fails once it no longer does. */
  differs?: string;
}

/** Whose facts they are, and who says so. */
export interface Origin {
  /** The service's name, such as `API Gateway`. */
  service: string;
  /** Where the facts come from, such as `recordedByLocalstack("2026-03")`. */
  source: string;
}

export interface FactTable extends Origin {
  facts: readonly Fact[];
}

/** The public DynamoDB suite. */
export const DYNAMODB_SUITE = "the public DynamoDB suite (nubo-db/dynamodb-conformance, held against AWS in 2026)";

/** What PartiQL's statements answer on AWS. */
export const PARTIQL = {
  service: "DynamoDB",
  source: `${DYNAMODB_SUITE}, and answers recorded from AWS by Floci, 2026`,
};

/** What a service's page of AWS's documentation says. */
export const DOCUMENTATION = "AWS's documentation";

/** The names, shapes, bounds and patterns of AWS's own description of a service. */
export const MODEL = "AWS's own model (botocore 1.44)";

export function recordedByLocalstack(when: string): string {
  return `answers recorded from AWS by localstack, ${when}`;
}

/** Every table that the loaded tests hold the emulator to: docs/offline/fidelity.md is made from them. */
export const factTables: FactTable[] = [];

/** Defines a test for each fact. */
export function testFacts<Row extends Fact>(
  { service, source, facts }: Origin & { facts: readonly Row[] },
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

/** Defines a test for each fact. All facts of a describe are checked at the same time: they wait for seconds, and none depends on how fast. */
export function testFactsAtOnce(table: Origin & { facts: readonly (Fact & { check(): Promise<void> })[] }): void {
  const checks = new Map<Fact, Promise<void>>();
  before(() => {
    for (const fact of table.facts) {
      const check = fact.check();
      // Its test reports it.
      check.catch(() => undefined);
      checks.set(fact, check);
    }
  });
  testFacts(table, (fact) => checks.get(fact));
}

/** Defines the test of a single fact. */
export function testFact(origin: Origin, fact: string, check: () => void | Promise<void>): Mocha.Test {
  factTables.push({ ...origin, facts: [{ fact }] });
  return it(fact, check);
}

async function expectDifference<Row>(row: Row, check: (row: Row) => void | Promise<void>): Promise<void> {
  try {
    await check(row);
  } catch (error) {
    if (error instanceof AssertionError) return;
    throw error;
  }
  expect.fail("The emulator no longer differs: delete the row's `differs`");
}
