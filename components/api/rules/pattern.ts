/** Whether a text is a regular expression. API Gateway's are Java's, which can begin with flags such as `(?i)`. */
export function isPattern(text: string): boolean {
  try {
    return new RegExp(text.replace(/^\(\?[a-z]+\)/i, "")) !== undefined;
  } catch {
    return false;
  }
}
