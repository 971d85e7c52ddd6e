import { ownArn } from "../core/arns";

export const DEFAULT_BUS = "default";

/** @param reference the name or ARN of a bus. @default the account's own bus */
export function busArn(reference = DEFAULT_BUS, region: string): string {
  if (reference.startsWith("arn:")) return reference;
  return ownArn("events", region, `event-bus/${reference || DEFAULT_BUS}`);
}

/** The name of a bus in its ARN. */
export function nameIn(bus: string): string {
  return bus.slice(bus.indexOf("/") + 1);
}

/** A rule's ARN, which has the name of its bus unless that is the account's own. */
export function ruleArn(name: string, bus: string): string {
  const onBus = nameIn(bus) === DEFAULT_BUS ? "" : `${nameIn(bus)}/`;
  return `${bus.replace(/event-bus\/.*$/, "rule/")}${onBus}${name}`;
}
