import { mapTexts } from "./values";

/** Shorter texts and these words occur everywhere, secret or not. */
const shortest = 3;
const common = /^(true|false)$/i;

/**
 * Texts that are never printed: "[secret]" stands where one would, also where it is escaped for JSON or for a URL.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/util/logging/log.go for what the Pulumi CLI hides
 */
export class KnownSecrets {
  // Private at run time too: whoever prints a graph prints none of them.
  readonly #texts = new Set<string>();
  #pattern: RegExp | undefined;

  constructor(texts: string[] = []) {
    this.add(texts);
  }

  add(texts: string[]): void {
    for (const text of texts) {
      if (text.length < shortest || common.test(text)) continue;
      const valid = text.replace(/\p{Surrogate}/gu, "\ufffd");
      for (const form of [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(valid)]) this.#texts.add(form);
    }
    this.#pattern = undefined;
  }

  /** True when one of them is in the text. */
  isIn(text: string): boolean {
    return this.hide(text) !== text;
  }

  /** The text with "[secret]" for each of them; the longest first, as one may be a part of another. */
  hide(text: string): string {
    if (this.#texts.size === 0) return text;
    this.#pattern ??= new RegExp(
      [...this.#texts]
        .sort((one, other) => other.length - one.length)
        .map((secret) => secret.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
        .join("|"),
      "g",
    );
    return text.replace(this.#pattern, "[secret]");
  }

  /** A copy with each text in it hidden, names of properties included. What is marked as a secret stays as it is. */
  hideIn<T>(value: T): T {
    return this.#texts.size === 0 ? value : (mapTexts(value, (text) => this.hide(text)) as T);
  }
}
