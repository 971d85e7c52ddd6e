import { below, listOf, type Mistakes } from "../../validation";
import type { FunctionEventArgs } from "./args";
import { checkDeadLetters } from "./destination";
import type { KnownCallee } from "./source";
import { eventKinds, eventsOf, kindsOf } from "./sources";

/** Adds every mistake in the events of a function called `name`. */
export function checkEvents(
  mistakes: Mistakes,
  events: Record<string, FunctionEventArgs>,
  name: string,
  callee: KnownCallee,
): void {
  for (const [event, given] of Object.entries(events)) {
    const path = below("events", event);
    const isName = /^[A-Za-z\d][\w-]*$/.test(event);
    mistakes.check(isName, path, "has characters that AWS refuses in names; write letters, digits, `_` and `-` only");
    mistakes.from("name").autoName(`${name}-${event}`, path, 64);
    const kinds = kindsOf(given);
    if (kinds.length === 0) mistakes.add(path, `is empty; write ${listOf(eventKinds.map((kind) => `\`${kind}\``))}`);
    for (const kind of kinds.slice(1)) {
      const instead = "write each under a name of its own";
      mistakes.add(below(path, kind), `cannot be combined with \`${kinds[0]}\`; ${instead}`);
    }
  }
  for (const { event, kind, source, args } of eventsOf(events)) {
    const path = below(below("events", event), kind);
    source.check(mistakes, args, path, { ...callee, name: `${name}-${event}` });
    if (source.hasDeadLetters) {
      checkDeadLetters(mistakes, args.deadLetterArn, `${path}.deadLetterArn`, !source.isAsynchronous);
    }
  }
}
