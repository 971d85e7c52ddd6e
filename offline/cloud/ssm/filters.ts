import { AwsError } from "../core/awsError";
import type { Parameter } from "./parameters";

export type Filter = { Key: string; Option?: string; Values?: string[] };

/** The options of a filter's key, the default first. */
const OPTIONS: Record<string, string[]> = {
  Name: ["Equals", "BeginsWith", "Contains"],
  Path: ["OneLevel", "Recursive"],
};

/**
 * Whether a parameter fits every filter.
 * @throws AwsError for an option that the key does not have, or values that it requires
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
 */
export function fitting(filters: Filter[] = []): (parameter: Parameter) => boolean {
  const tests = filters.map(({ Key, Option, Values = [] }) => {
    const known = OPTIONS[Key] ?? ["Equals", "BeginsWith"];
    const [option = ""] = Option === undefined ? known : known.filter((one) => one === Option);
    if (option === "") {
      const message = `The following filter option is not valid: ${Option}. Valid options include: [${known.join(", ")}].`;
      throw new AwsError("InvalidFilterOption", message);
    }
    if (Values.length === 0 && !Key.startsWith("tag:")) {
      throw new AwsError("InvalidFilterValue", `The following filter values are missing : null for filter key ${Key}`);
    }
    return (parameter: Parameter) => {
      const text = textOf(parameter, Key);
      return text !== undefined && (Values.length === 0 || Values.some((value) => compare(text, option, value)));
    };
  });
  return (parameter) => tests.every((test) => test(parameter));
}

function compare(text: string, option: string, value: string): boolean {
  switch (option) {
    case "BeginsWith":
      return text.startsWith(value);
    case "Contains":
      return text.includes(value);
    case "OneLevel":
    case "Recursive":
      return isBelow(text, value, option === "Recursive");
    default:
      return text === value;
  }
}

/** Whether a parameter's name is in a hierarchy, or directly below its path. */
export function isBelow(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith("/") ? path : `${path}/`;
  const rest = name.startsWith("/") || prefix !== "/" ? name : `/${name}`;
  return rest.startsWith(prefix) && (recursive || !rest.slice(prefix.length).includes("/"));
}

function textOf({ name, type, keyId, tier, dataType, tags }: Parameter, key: string): string | undefined {
  if (key.startsWith("tag:")) return tags[key.slice("tag:".length)];
  return { Name: name, Path: name, Type: type, KeyId: keyId, Tier: tier, DataType: dataType }[key];
}
