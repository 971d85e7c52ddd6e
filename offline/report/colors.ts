/** Colours text for a terminal, or leaves it alone. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

/** @see https://no-color.org */
export function paintFor(stream: { isTTY?: boolean }): Paint {
  const colored = Boolean(stream.isTTY) && !process.env.NO_COLOR;
  const paint = (code: number) => (text: string) => (colored ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: paint(1), dim: paint(2), green: paint(32), red: paint(31), yellow: paint(33) };
}
