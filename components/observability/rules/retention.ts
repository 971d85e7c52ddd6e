/** The days that CloudWatch Logs can keep a log; 0 is for ever. @see CloudWatch Logs API, PutRetentionPolicy */
const retentionDays = [
  ...[0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
];

/** What is wrong with a retention, if anything. */
export function retentionMistake(days: number | undefined): string | undefined {
  if (days === undefined || retentionDays.includes(days)) return undefined;
  return `is ${days}; CloudWatch takes ${retentionDays.slice(1).join(", ")} days, or 0 for ever`;
}
