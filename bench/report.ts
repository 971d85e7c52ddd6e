/** One measurement and its reference. */
export interface Row {
  what: string;
  measured: number;
  reference?: number;
  unit: string;
  /** What design.md allows: a ratio if the row has a reference, otherwise in the unit. */
  limit?: { atMost?: number; atLeast?: number };
}

export function printRows(title: string, rows: Row[]): void {
  console.log(`\n${title}`);
  console.log("| what | measured | reference | ratio | mark |\n|---|---|---|---|---|");
  for (const row of rows) {
    const ratio = row.reference === undefined ? undefined : row.measured / row.reference;
    const reference = row.reference === undefined ? "" : `${format(row.reference)} ${row.unit}`;
    console.log(
      `| ${row.what} | ${format(row.measured)} ${row.unit} | ${reference} | ${ratio?.toFixed(2) ?? ""} | ${mark(row, ratio)} |`,
    );
  }
}

function mark({ limit, measured }: Row, ratio: number | undefined): string {
  const value = ratio ?? measured;
  if (limit?.atMost !== undefined) return `${value <= limit.atMost ? "holds" : "misses"} ≤ ${limit.atMost}`;
  if (limit?.atLeast !== undefined) return `${value >= limit.atLeast ? "holds" : "misses"} ≥ ${limit.atLeast}`;
  return "";
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
