/**
 * AWS waits longer and longer before it tries a batch of a stream again, up to a minute; offline, sixtieths of that. The
 * age of records counts as if it had been the whole time.
 */
const FIRST_SECONDS = 0.5;
const LONGEST_SECONDS = 60;
const TIMES_FASTER = 60;
/** A target at its limit is asked again after a tenth of a second, and at last every second. */
const FIRST_THROTTLE_MILLISECONDS = 100;
const LONGEST_THROTTLE_MILLISECONDS = 1000;

/** The wait after a number of failures in a row, in seconds: on AWS, and here. */
export function retryDelay(failures: number): { there: number; here: number } {
  const there = Math.min(FIRST_SECONDS * 2 ** (failures - 1), LONGEST_SECONDS);
  return { there, here: there / TIMES_FASTER };
}

/** The wait of a batch that has been throttled this many times, in milliseconds. */
export function throttleDelay(throttles: number): number {
  return Math.min(FIRST_THROTTLE_MILLISECONDS * 2 ** (throttles - 1), LONGEST_THROTTLE_MILLISECONDS);
}
