/** The headers of a message in order, each with its name as sent. @param rawHeaders alternating names and values */
export function headerPairs(rawHeaders: string[]): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? "", rawHeaders[index + 1] ?? ""]);
  }
  return pairs;
}
