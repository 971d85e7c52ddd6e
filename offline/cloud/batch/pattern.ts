/** Whether a text is like a pattern of AWS Batch's, which an asterisk may end. */
export function isLike(pattern: string, text: string): boolean {
  return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
