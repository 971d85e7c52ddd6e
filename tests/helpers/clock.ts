/** Runs work at another time, in milliseconds: the clock stands still until it is done. */
export async function at<Result>(milliseconds: number, work: () => Promise<Result>): Promise<Result> {
  const { now } = Date;
  Date.now = () => milliseconds;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}
