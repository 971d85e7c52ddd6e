/** @see https://www.pulumi.com/docs/iac/concepts/resources/names/#urns */
export const stackType = "pulumi:pulumi:Stack";

export interface UrnParts {
  stack: string;
  project: string;
  /** The type, preceded by those of its ancestors except the stack: `a:b:C$d:e:F`. */
  qualifiedType: string;
  type: string;
  name: string;
}

/** The URN that the real engine gives to a resource. */
export function createUrn(resource: Omit<UrnParts, "qualifiedType">, parent?: string): string {
  const parentType = parent && parseUrn(parent).qualifiedType;
  const ancestors = !parentType || parentType === stackType ? "" : `${parentType}$`;
  return `urn:pulumi:${resource.stack}::${resource.project}::${ancestors}${resource.type}::${resource.name}`;
}

export function parseUrn(urn: string): UrnParts {
  const [head = "", project = "", qualifiedType = "", ...name] = urn.split("::");
  return {
    stack: head.slice("urn:pulumi:".length),
    project,
    qualifiedType,
    type: qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1),
    name: name.join("::"),
  };
}

/** `aws:lambda/function:Function` is shown as `aws:lambda:Function`. */
export function shortType(type: string): string {
  const [packageName, module, name] = type.split(":");
  return name ? `${packageName}:${module?.split("/")[0]}:${name}` : type;
}

/** The package of a type or function token: `aws` of `aws:s3/bucket:Bucket`. */
export function packageOf(token: string): string {
  return token.slice(0, Math.max(token.indexOf(":"), 0)) || token;
}

const providerPrefix = "pulumi:providers:";

/** The package that a provider type provides; undefined for any other type. */
export function providedPackage(type: string): string | undefined {
  return type.startsWith(providerPrefix) ? type.slice(providerPrefix.length) : undefined;
}

export function providerType(packageName: string): string {
  return providerPrefix + packageName;
}

/** The URN in a provider's reference, `URN::ID`. */
export function providerUrn(reference: string): string {
  return reference.slice(0, Math.max(reference.lastIndexOf("::"), 0));
}
