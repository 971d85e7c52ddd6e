import { mapTexts } from "./values";

/** Shorter texts and these words occur everywhere, secret or not. */
const shortest = 3;
const common = /^(true|false)$/i;

/**
 * Texts that are never printed: "[secret]" replaces each, also where it is escaped for JSON or a URL.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/util/logging/log.go for what the Pulumi CLI hides
 */
export class KnownSecrets {
  // Private at run time too, so that printing a graph prints none of them.
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

  /** True when the text contains one of them. */
  isIn(text: string): boolean {
    return this.hide(text) !== text;
  }

  /** The text with each of them replaced by "[secret]", the longest first, as one may contain another. */
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

  /** A copy with every text hidden, in numbers and names of properties as well. Values marked as secret stay as they are. */
  hideIn<T>(value: T): T {
    return this.#texts.size === 0 ? value : (mapTexts(value, (text) => this.hide(text)) as T);
  }
}
