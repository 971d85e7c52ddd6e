import { checkSchedule } from "../eventbridge/schedule";
import type { Mistakes } from "../validation";
import type { InstanceScheduleArgs, InstanceTagArgs } from "./args";

/** Adds every mistake in a schedule's arguments. */
export function checkInstanceSchedule(mistakes: Mistakes, args: InstanceScheduleArgs, name: string): void {
  // The longest name of a child.
  mistakes.autoName(`${name}-start-scheduler`, "name", 64);
  mistakes.check(
    /^[A-Za-z\d][\w-]*$/.test(name),
    "name",
    `"${name}" has characters that AWS refuses here; write a letter or digit, then letters, digits, \`_\` and \`-\` only`,
  );
  checkTag(mistakes, args.tag);
  const { start, stop, timeZone } = args;
  const some = start !== undefined || stop !== undefined;
  mistakes.check(some, "start", "is missing, and so is `stop`; write one of them or both");
  const given = Object.entries({ start, stop }).filter((pair): pair is [string, string] => pair[1] !== undefined);
  for (const [index, [path, expression]] of given.entries()) {
    // A mistake in the zone is one, not two.
    const zone = index === 0 ? timeZone : undefined;
    checkSchedule(mistakes, expression, zone, { expression: path, timeZone: "timeZone" });
  }
  if (start !== undefined) {
    const same = start === stop;
    mistakes.check(
      !same,
      "stop",
      `is "${stop}", as \`start\` is; write another time, as the order of both is not known`,
    );
  }
  if (stop !== undefined) return;
  for (const property of ["minimumUptime", "minimumRunning", "drainFunctionArn"] as const) {
    mistakes.check(args[property] === undefined, property, "is for `stop`; leave it out");
  }
}

/**
 * Adds every mistake in the argument `tag`.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
 */
export function checkTag(mistakes: Mistakes, { key, value }: InstanceTagArgs): void {
  const isOwn = !/^aws:/i.test(key);
  mistakes.check(isOwn, "tag.key", `is "${key}"; AWS keeps keys that begin with aws: for itself, so write another one`);
  // EC2's filters would take them for wildcards.
  const isPlain = !/[*?\\]/.test(`${key}${value}`);
  mistakes.check(isPlain, "tag", "has one of * ? \\, which match other tags too; write a tag without them");
}
