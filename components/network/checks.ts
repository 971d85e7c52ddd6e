import { nearest } from "../nearest";
import { listOf, type Mistakes } from "../validation";
import type { NetworkArgs } from "./args";
import { interfaceServices, isInterfaceService } from "./rules/interfaceServices";
import { ipv4Range } from "./rules/ipv4";

/** Services with endpoints that cost nothing: routes, instead of addresses. */
export const gatewayServices = ["s3", "dynamodb"];

/** Adds every mistake in a network's arguments. */
export function checkNetwork(mistakes: Mistakes, args: NetworkArgs): void {
  checkKind(args, mistakes);
  const zones = checkZones(args, mistakes);
  if (args.cidrBlock !== undefined) checkAddresses(args.cidrBlock, zones, mistakes);
  checkInterfaceEndpoints(args, mistakes);
}

/** Checks that the arguments are either those of a new VPC or those of an existing one. */
function checkKind(args: NetworkArgs, mistakes: Mistakes): void {
  const { vpcId, subnetIds, routeTableIds, cidrBlock, zones, zoneNames, nat, privateSubnetTags } = args;
  const isThere = vpcId !== undefined;
  mistakes.check(!isThere || subnetIds !== undefined, "subnetIds", "is missing; write the VPC's private subnets");
  for (const [key, value] of Object.entries({ subnetIds, routeTableIds })) {
    mistakes.check(isThere || value === undefined, key, "is for an existing VPC; write `vpcId` too");
  }
  for (const [key, value] of Object.entries({ cidrBlock, zones, zoneNames, nat, privateSubnetTags })) {
    mistakes.check(!isThere || value === undefined, key, "is for a new VPC; leave it out with `vpcId`");
  }
}

/** @returns how many zones there are */
function checkZones({ zones, zoneNames }: NetworkArgs, mistakes: Mistakes): number {
  if (zoneNames === undefined) return zones ?? 2;
  mistakes.check(zones === undefined, "zones", "cannot be combined with `zoneNames`; write one of them");
  checkEach(zoneNames, "zoneNames", mistakes, () => undefined);
  return zoneNames.length;
}

/**
 * The provider accepts ranges only as AWS writes them, and the subnets need 32 and 16 addresses in each zone, with the
 * number of zones rounded up to a power of two.
 */
function checkAddresses(cidrBlock: string, zones: number, mistakes: Mistakes): void {
  const range = ipv4Range(cidrBlock);
  if (!range) {
    mistakes.add("cidrBlock", `is "${cidrBlock}"; write addresses such as 10.0.0.0/16`);
    return;
  }
  const { first, prefix } = range;
  const most = 26 - Math.ceil(Math.log2(Math.min(Math.max(zones, 1), 6)));
  const fits = prefix >= 16 && prefix <= most;
  mistakes.check(fits, "cidrBlock", `is "${cidrBlock}"; write /16 to /${most}, for a /26 or larger in each zone`);
  const written = `${first}/${prefix}`;
  mistakes.check(cidrBlock === written, "cidrBlock", `is "${cidrBlock}", which begins earlier; write ${written}`);
}

function checkInterfaceEndpoints({ interfaceEndpoints = [], vpcId }: NetworkArgs, mistakes: Mistakes): void {
  const instead = vpcId === undefined ? "leave it out" : "write `routeTableIds` instead";
  checkEach(interfaceEndpoints, "interfaceEndpoints", mistakes, (service) => {
    if (gatewayServices.includes(service)) return `${instead}, as it has endpoints that cost nothing`;
    if (isInterfaceService(service)) return undefined;
    const meant = nearest(service, interfaceServices);
    if (meant.length > 0) return `did you mean ${listOf(meant.map((name) => `"${name}"`))}?`;
    const other = "for a service that is too new to be known here, create an aws.ec2.VpcEndpoint yourself";
    return `write the part of its endpoint's name after the region, such as "ecr.api"; ${other}`;
  });
}

/** Checks that each element is right, and that none is listed twice. */
function checkEach(
  elements: string[],
  path: string,
  mistakes: Mistakes,
  instead: (element: string) => string | undefined,
): void {
  elements.forEach((element, index) => {
    const advice = elements.indexOf(element) < index ? "leave it out, as it is listed before" : instead(element);
    if (advice !== undefined) mistakes.add(`${path}[${index}]`, `is "${element}"; ${advice}`);
  });
}
