/**
 * Days that CloudWatch Logs keeps a log.
 * @choices `[0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,
 *   1096, 1827, 2192, 2557, 2922, 3288, 3653]`
 * @unit days, where 0 keeps logs for ever
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export type LogRetentionDays = number;
