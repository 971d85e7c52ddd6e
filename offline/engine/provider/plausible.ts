import { account, hexOf } from "../context";
import { partitionOf } from "../partition";
import { Unknown, type Value } from "../values";
import type { Field, Shape } from "./shapes";

/** The resource or result to invent a value for. It gets the same values in every run. */
export interface Subject {
  /** What makes it unique: a resource's URN. */
  seed: string;
  /** Its name in the program. */
  name: string;
  /** Its type or function token. */
  token: string;
  region: string;
  /** True when computed maps, whose keys no type declares, stay unknown. */
  dryRun?: boolean;
  /** The remote component that it is, if any. */
  component?: Component;
  /** True for a resource inside a remote component, which configures it out of the program's sight. */
  isPart?: boolean;
}

interface Component {
  /** Creates an inner resource of that type for the property. */
  part(type: string, property: string): Value | undefined;
  /** The component's output of that name and kind, if it has one. */
  output(name: string, kind: Shape["kind"]): Value | undefined;
}

/** Properties that a provider derives from the resource's name when the program gives none. */
const autoNamed =
  /^(name|bucket|identifier|clusterIdentifier|replicationGroupId|broker|domain|functionName|clusterName|family)$/;

/**
 * A value for a property that a real deployment would fill in, guessed from its name and type.
 * Whatever the program could have configured but did not is empty: no policy, index or schedule is invented.
 * @param within The enclosing objects, which end the recursion of a type that contains itself
 */
export function plausible(field: Field, subject: Subject, within: Field[][] = []): Value | undefined {
  const { name, shape, configurable } = field;
  if (holdsResources(shape)) return plausibleParts(name, shape, subject);
  if (shape.kind === "string") {
    if (!configurable) return plausibleText(name, subject);
    if (autoNamed.test(name)) return autoName(subject);
    return located(name, subject) ?? (subject.isPart ? guessed(name, subject) : undefined) ?? "";
  }
  if (configurable) return emptyOf(shape);
  if (shape.kind === "object") return plausibleObject(shape, subject, within);
  if (shape.kind === "list") return plausibleList(name, shape.element, subject, within);
  // Inside an object it would hide the other fields.
  if (shape.kind === "map" && subject.dryRun && within.length === 0) return new Unknown();
  return shape.kind === "number" ? plausibleNumber(name) : emptyOf(shape);
}

/** The name that a provider would give: the resource's, with seven digits that make it unique. */
export function autoName({ name, seed }: Subject): string {
  return `${name}-${hexOf(seed, 7)}`;
}

/** True for a resource or a list of resources. */
export function holdsResources(shape: Shape): boolean {
  return shape.kind === "resource" || (shape.kind === "list" && holdsResources(shape.element));
}

function plausibleParts(name: string, shape: Shape, subject: Subject): Value | undefined {
  if (shape.kind === "list") return [plausibleParts(name, shape.element, subject) ?? []].flat();
  return shape.kind === "resource" ? subject.component?.part(shape.token, name) : undefined;
}

function emptyOf(shape: Shape): Value | undefined {
  const empty = {
    string: "",
    number: 0,
    boolean: false,
    map: {},
    object: {},
    list: [],
    opaque: undefined,
    resource: undefined,
  };
  return empty[shape.kind];
}

function plausibleObject(shape: Shape & { kind: "object" }, subject: Subject, within: Field[][]): Value | undefined {
  const fields = shape.fields();
  if (within.includes(fields)) return undefined;
  const { component } = subject;
  const entries = fields.map((field) => {
    const isAnswered = !field.optional || holdsResources(field.shape);
    const value = component?.output(field.name, field.shape.kind);
    return [field.name, value ?? (isAnswered ? plausible(field, subject, [...within, fields]) : undefined)] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Lists of texts (`publicSubnetIds`) have three elements (name servers: four), lists of objects have one. */
function plausibleList(name: string, element: Shape, subject: Subject, within: Field[][]): Value {
  if (element.kind === "object") return [plausibleObject(element, subject, within) ?? []].flat();
  if (element.kind !== "string") return [];
  const singular = name.replace(/ses$/, "s").replace(/s$/, "");
  const count = name === "nameServers" ? 4 : 3;
  return Array.from({ length: count }, (_, index) => {
    const zone = `${subject.region}${"abc".charAt(index)}`;
    return /zone(Name)?s$/i.test(name)
      ? zone
      : plausibleText(singular, { ...subject, seed: `${subject.seed}/${index}` });
  });
}

function plausibleNumber(name: string): number {
  if (/port$/i.test(name)) return 443;
  return /version|revision|count/i.test(name) ? 1 : 0;
}

function located(name: string, { region }: Subject): string | undefined {
  if (/^(region|.*Region)$/.test(name)) return region;
  return /^(availabilityZone|availabilityZoneName)$/.test(name) ? `${region}a` : undefined;
}

type Guess = (subject: Subject, name: string) => string;
const host = (subject: Subject) => {
  // Functions and resources of API Gateway have ARNs of the service that configures it, and hosts of the one that runs it.
  const service = serviceOf(subject.token).replace(/^apigateway$/, "execute-api");
  return `${autoName(subject)}.${service}.${subject.region}.${partitionOf(subject.region).dnsSuffix}`;
};

/** The first pattern that matches the property's name wins. */
const guesses: [RegExp, Guess][] = [
  [/^arn$|Arn$/, (subject) => arnOf(subject)],
  [/^(accountId|account|ownerId|owner|registryId|userId|callerUser)$/, () => account],
  [/zoneId$/i, ({ seed }) => `Z${hexOf(seed, 13).toUpperCase()}`],
  [/Id$|^id$/, (subject, name) => prefixedId(name, subject.seed)],
  [/ur[il]$/i, (subject) => `https://${host(subject)}`],
  [/cidrBlock/i, () => "10.0.0.0/16"],
  [/^ipv6|Ipv6/, () => ""],
  [/publicIp$/i, ({ seed }) => `203.0.113.${1 + (Number.parseInt(hexOf(seed, 2), 16) % 254)}`],
  [/(privateIp|ipAddress|\bip)$/i, ({ seed }) => `10.0.0.${4 + (Number.parseInt(hexOf(seed, 2), 16) % 250)}`],
  [/dns(name)?$|domain(name)?$|endpoint$|address$|fqdn$|host(name)?$|nameserver$|^primaryNameServer$/i, host],
  [/(date|time|At|lastModified|notBefore|notAfter)$/i, () => "2024-01-01T00:00:00Z"],
  [/version$/i, () => "1"],
  [/(status|state)$/i, () => "ACTIVE"],
  [/partition/i, ({ region }) => partitionOf(region).partition],
  [/(sha256|hash|digest|etag)$/i, ({ seed }) => hexOf(seed, 64)],
  [/name$/i, autoName],
];

/** A text for a property of that name. */
export function plausibleText(name: string, subject: Subject): string {
  return located(name, subject) ?? guessed(name, subject) ?? `${autoName(subject)}-${name}`;
}

function guessed(name: string, subject: Subject): string | undefined {
  return guesses.find(([pattern]) => pattern.test(name))?.[1](subject, name);
}

/** The prefixes of ids that many types refer to. @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
const idPrefixes: Record<string, string> = {
  ami: "ami",
  fileSystem: "fs",
  image: "ami",
  instance: "i",
  internetGateway: "igw",
  natGateway: "nat",
  networkAcl: "acl",
  networkInterface: "eni",
  routeTable: "rtb",
  securityGroup: "sg",
  snapshot: "snap",
  subnet: "subnet",
  volume: "vol",
  vpc: "vpc",
  vpcEndpoint: "vpce",
};

function prefixedId(property: string, seed: string): string {
  const kind = Object.keys(idPrefixes).find((candidate) => new RegExp(`${candidate}Id$`, "i").test(property));
  const prefix = kind && idPrefixes[kind];
  return prefix ? `${prefix}-${hexOf(seed, 17)}` : hexOf(seed, 10);
}

/** Modules of the AWS package that have another name in ARNs and host names. */
const services: Record<string, string> = {
  alb: "elasticloadbalancing",
  appautoscaling: "application-autoscaling",
  apigatewayv2: "apigateway",
  cfg: "config",
  cognito: "cognito-idp",
  efs: "elasticfilesystem",
  elb: "elasticloadbalancing",
  emr: "elasticmapreduce",
  emrcontainers: "emr-containers",
  emrserverless: "emr-serverless",
  lb: "elasticloadbalancing",
  msk: "kafka",
  opensearch: "es",
  sfn: "states",
};

/** The module, or the package of a component that is in none: `eks:index:Cluster`, `aws-apigateway:index:RestAPI`. */
function serviceOf(token: string): string {
  const [packageName = "", path = ""] = token.split(":");
  const [module = ""] = path.split("/");
  const name = module === "index" ? packageName.replace(/^aws-/, "") : module;
  return services[name] ?? name.toLowerCase();
}

function arnOf(subject: Subject): string {
  const type = (subject.token.split(":")[2] ?? "")
    .replace(/^get/, "")
    .replace(/(?<!^)([A-Z])/g, "-$1")
    .toLowerCase();
  return `arn:${partitionOf(subject.region).partition}:${serviceOf(subject.token)}:${subject.region}:${account}:${type}/${autoName(subject)}`;
}
