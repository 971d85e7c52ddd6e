/** A time as most events have it, such as `2026-01-31T12:00:00Z`. @param time in milliseconds since 1970 */
export function inSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+/, "");
}
