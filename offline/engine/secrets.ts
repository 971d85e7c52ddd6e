import type { StackConfig } from "./project/config";
import { type Properties, secretTexts } from "./values";

/** Shorter texts are in every message and value, secret or not. */
const leastLength = 4;

/** The secret texts that policies are handed, as plain values: what they quote or copy is recognized by them. */
export class KnownSecrets {
  private readonly texts = new Set<string>();
  /** Longest first, as one may be a part of another. */
  private sorted: string[] | undefined;

  constructor({ values, secretKeys }: StackConfig) {
    this.learn(secretKeys.map((key) => values[key] ?? ""));
  }

  add(properties: Properties): void {
    this.learn(secretTexts(properties));
  }

  /** True when one of them is in the text. */
  isIn(text: string): boolean {
    for (const secret of this.texts) if (text.includes(secret)) return true;
    return false;
  }

  /** The text with "[secret]" for each of them. */
  hide(text: string): string {
    this.sorted ??= [...this.texts].sort((a, b) => b.length - a.length);
    return this.sorted.reduce((hidden, secret) => hidden.replaceAll(secret, "[secret]"), text);
  }

  private learn(texts: string[]): void {
    for (const text of texts) if (text.length >= leastLength) this.texts.add(text);
    this.sorted = undefined;
  }
}
