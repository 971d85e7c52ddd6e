const NAMES_IN_A_SENTENCE = 4;

/** The names, or the first four of them and how many there are besides. */
export function listNames(names: string[]): string {
  const others = names.length - NAMES_IN_A_SENTENCE;
  return others > 1 ? `${names.slice(0, NAMES_IN_A_SENTENCE).join(", ")} and ${others} more` : names.join(", ");
}

/** A name as APIs that write `ContainerOverrides` have it. */
export function withCapital(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** A name as APIs that write `containerOverrides` have it. */
export function withSmallInitial(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
