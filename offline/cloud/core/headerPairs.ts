/** The headers of a message in order, each with its name as sent. @param rawHeaders alternating names and values */
export function headerPairs(rawHeaders: string[]): [name: string, value: string][] {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""]] : []));
}
