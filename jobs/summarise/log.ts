/** One line of JSON on standard output, which AWS Batch sends to the log group. */
export function log(level: "INFO" | "WARN" | "ERROR", message: string, fields: object = {}): void {
  console.log(JSON.stringify({ level, message, ...fields }));
}
