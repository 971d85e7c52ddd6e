/** Knows which look-up functions are to find nothing in this run. */
export class Lookups {
  private readonly given: Map<string, string>;
  private readonly called = new Set<string>();

  /** @param given By token, with or without the file of its module: `aws:ec2/getVpc:getVpc` or `aws:ec2:getVpc` */
  constructor(given: Record<string, "none"> = {}) {
    this.given = new Map(Object.keys(given).map((token) => [short(token), token]));
  }

  findsNothing(token: string): boolean {
    const name = short(token);
    this.called.add(name);
    return this.given.has(name);
  }

  /** The given tokens of functions that the program did not call. */
  uncalled(): string[] {
    return [...this.given].flatMap(([name, token]) => (this.called.has(name) ? [] : token));
  }
}

function short(token: string): string {
  return token.replace(/\/[^:]*/, "");
}
