/** The bucket that stands before `localhost` in a Host header, as SDKs have it that are given `http://localhost`. */
export function bucketInHost(host = ""): string | undefined {
  return /^(.+)\.localhost(?::\d+)?$/i.exec(host)?.[1];
}
