const formats = new Map<string, Intl.DateTimeFormat>();

/** What is wrong with the name of a time zone, if anything, as the end of a sentence. @see the IANA's database */
export function timeZoneMistake(name: string): string | undefined {
  const example = 'write the name of one, such as "Europe/Berlin"';
  // Intl also takes offsets, which AWS does not.
  if (!/^[A-Z]/i.test(name)) return example;
  try {
    const { timeZone } = formatOf(name).resolvedOptions();
    const isMisspelt = timeZone !== name && timeZone.toLowerCase() === name.toLowerCase();
    return isMisspelt ? `write "${timeZone}"` : undefined;
  } catch {
    return example;
  }
}

/** What the clocks of a zone show at a moment, in milliseconds as if they showed UTC. */
export function wallClockAt(moment: number, zone: string): number {
  if (zone === "UTC") return moment;
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day, hour, minute, second } = parts;
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second);
  return seconds + (((moment % 1000) + 1000) % 1000);
}

/** When the clocks of a zone show a time, the first time that they do; undefined if they skip it. */
export function momentOf(wallClock: number, zone: string): number | undefined {
  if (zone === "UTC") return wallClock;
  // A change of the clocks is so rare that the offsets of the day before and the day after are all that there can be.
  const moments = [-DAY, DAY].map((days) => {
    const near = wallClock + days;
    return wallClock - (wallClockAt(near, zone) - near);
  });
  const shown = moments.filter((moment) => wallClockAt(moment, zone) === wallClock);
  return shown.length > 0 ? Math.min(...shown) : undefined;
}

const DAY = 24 * 60 * 60_000;

/** @throws RangeError for a name that is not a zone's */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    ...Object.fromEntries(["year", "month", "day", "hour", "minute", "second"].map((part) => [part, "numeric"])),
  });
  formats.set(zone, format);
  return format;
}
