const NAMES_IN_A_SENTENCE = 4;

/** The names, or the first four of them and how many there are besides. */
export function listNames(names: string[]): string {
  const others = names.length - NAMES_IN_A_SENTENCE;
  return others > 1 ? `${names.slice(0, NAMES_IN_A_SENTENCE).join(", ")} and ${others} more` : names.join(", ");
}
