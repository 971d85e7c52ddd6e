/** The most answers of one authorizer that are kept. */
const MOST_KEPT = 1000;

/** What an authorizer has answered, by what it was asked, for as long as it may be kept. */
export class Answers<Answer> {
  private readonly kept = new Map<string, { until: number; answer: Answer }>();

  /** @param now in milliseconds since 1970 */
  get(key: string, now: number): Answer | undefined {
    const known = this.kept.get(key);
    if (known && known.until > now) return known.answer;
    if (known) this.kept.delete(key);
    return undefined;
  }

  /** @param until in milliseconds since 1970 */
  set(key: string, answer: Answer, until: number): void {
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(key, { until, answer });
  }

  clear(): void {
    this.kept.clear();
  }
}
