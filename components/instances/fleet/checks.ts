import { gravitonEquivalent, isGraviton } from "../../graviton";
import { parseInstanceType } from "../../graviton/architecture";
import { sizesOf } from "../../graviton/families";
import { gravitonMistake } from "../../graviton/mistake";
import { isLater } from "../../schema/check";
import { below, listOf, type Mistakes } from "../../validation";
import { checkTag } from "../checks";
import { defaultTypes, type FleetGroupArgs, type WorkerFleetArgs } from "./args";

/** Adds every mistake in a fleet's arguments. */
export function checkFleet(mistakes: Mistakes, args: WorkerFleetArgs, name: string): void {
  const { group, instances, vpcId, securityGroupIds, userData } = args;
  mistakes.componentName(name, 64, /^[A-Za-z\d][\w-]*$/, "a letter or digit, then letters, digits, `_` and `-`");
  checkTag(mistakes, args.tag);
  checkTags(mistakes, args);
  const some = group !== undefined || instances !== undefined;
  mistakes.check(some, "group", "is missing, and so is `instances`; write one of them");
  const both = group !== undefined && instances !== undefined;
  mistakes.check(!both, "instances", "cannot be combined with `group`; write another WorkerFleet for them");
  if (group) checkGroup(mistakes, group);
  const place = vpcId !== undefined || securityGroupIds !== undefined;
  const instead = "write the VPC to create a security group in, or your own `securityGroupIds`";
  mistakes.check(place, "vpcId", `is missing; ${instead}`);
  const twice = vpcId !== undefined && securityGroupIds !== undefined;
  mistakes.check(!twice, "vpcId", "does nothing with `securityGroupIds`; write one of them");
  checkTypes(mistakes, args);
  if (typeof userData === "string") checkUserData(mistakes, userData);
}

function checkGroup(mistakes: Mistakes, { minimum, maximum, desired, refresh, minimumHealthy }: FleetGroupArgs): void {
  const reason = `is ${maximum}; write ${minimum} or more, as \`minimum\` says`;
  mistakes.from("group.minimum").check(maximum >= minimum, "group.maximum", reason);
  const bounds = mistakes.from("group.minimum", "group.maximum");
  if (maximum >= minimum)
    bounds.range(desired, "group.desired", minimum, maximum, "instances, as the group's limits say");
  const useless = refresh === false && minimumHealthy !== undefined;
  mistakes.check(!useless, "group.minimumHealthy", "does nothing without `refresh`; leave it out");
}

function checkTags(mistakes: Mistakes, { tag: { key, value }, tags = {} }: WorkerFleetArgs): void {
  const given = isLater(tags) ? undefined : (tags as Record<string, unknown>)[key];
  const same = typeof given !== "string" || given === value;
  mistakes.from("tag").check(same, below("tags", key), `is "${given}", but \`tag\` says "${value}"; leave it out`);
}

function checkTypes(mistakes: Mistakes, { instanceTypes = defaultTypes, instances, imageId }: WorkerFleetArgs): void {
  const count = instanceTypes.length;
  const reason = `has ${count}; write one, or a \`group\`, which picks among several`;
  mistakes.check(instances === undefined || count <= 1, "instanceTypes", reason);
  for (const [index, type] of instanceTypes.entries()) {
    const mistake = typeMistake(type, imageId !== undefined);
    if (mistake) mistakes.add(`instanceTypes[${index}]`, mistake);
    else if (instanceTypes.indexOf(type) < index) {
      mistakes.add(`instanceTypes[${index}]`, `"${type}" is listed twice; write it once`);
    }
  }
}

/** Why instances of a type cannot be launched, if they cannot. */
function typeMistake(type: string, hasImage: boolean): string | undefined {
  const { prefix, family = "", size, suffix } = parseInstanceType(type) ?? {};
  if (family === "" || prefix || suffix)
    return `is "${type}", which is no type of EC2's; write one, such as "m7g.large"`;
  const sizes = sizesOf(family);
  if (size === undefined) {
    const instead = gravitonEquivalent(type)?.type ?? (isGraviton(type) ? type : "m7g");
    const suitable = sizesOf(instead).find((one) => one.endsWith("large")) ?? "large";
    return `is "${type}", a family without a size; write a type, such as "${instead}.${suitable}"`;
  }
  const mistake = gravitonMistake(type, '"m7g.large"');
  if (mistake) return mistake;
  if (sizes.length > 0 && !sizes.includes(size)) {
    return `is "${type}", but ${family} has no such size; write ${listOf([...sizes])}`;
  }
  if (family !== "a1" || hasImage) return undefined;
  return `is "${type}", on which Amazon Linux 2023 does not run: write a newer type, or the \`imageId\` of an AMI for it`;
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
const mostBytes = 16 * 1024;

/** The text is not shown, as it might contain secrets after all. */
function checkUserData(mistakes: Mistakes, text: string): void {
  const bytes = Buffer.byteLength(text);
  const instead = "fetch the rest from a bucket";
  mistakes.check(bytes <= mostBytes, "userData", `has ${bytes} bytes; write at most ${mostBytes}, and ${instead}`);
  // cloud-init ignores anything else, such as text that is base64 already.
  const isKnown = /^(?:#|Content-Type:|MIME-Version:)/i.test(text);
  const known = "`#!/bin/bash`, another `#!`, or `#cloud-config`, as plain text";
  mistakes.check(isKnown, "userData", `begins with nothing that cloud-init knows; begin with ${known}`);
}
