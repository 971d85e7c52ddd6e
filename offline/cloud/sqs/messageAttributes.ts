import { asMap } from "../core/resources";
import { invalidParameter } from "./errors";
import { type MessageAttribute, type MessageAttributes, md5OfAttributes } from "./message";

const MAX_ATTRIBUTES = 10;
const MAX_NAME_LENGTH = 256;

/**
 * The attributes that a sender gives to a message, as they are kept.
 * @throws AwsError for attributes that are not allowed
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-message-attributes
 */
export function checkMessageAttributes(given: MessageAttributes = {}): MessageAttributes {
  const names = Object.keys(given);
  if (names.length > MAX_ATTRIBUTES) {
    throw invalidParameter(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`,
    );
  }
  for (const [name, attribute] of Object.entries(given)) {
    const problem = problemOfName(name) ?? problemOfValue(name, attribute);
    if (problem) throw invalidParameter(problem);
  }
  return given;
}

function problemOfName(name: string): string | undefined {
  if (!/^[\w.-]+$/.test(name)) {
    return `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.`;
  }
  if (/^(aws|amazon)\./i.test(name)) {
    return `Message (user) attribute name '${name}' must not start with AWS-reserved prefixes, such as AWS. or Amazon.`;
  }
  if (/^\.|\.$|\.\./.test(name)) {
    return `Message (user) attribute name '${name}' must not start or end with a period, or have periods in succession.`;
  }
  if (name.length <= MAX_NAME_LENGTH) return undefined;
  return `Message (user) attribute name must be shorter than ${MAX_NAME_LENGTH} bytes.`;
}

function problemOfValue(name: string, attribute: MessageAttribute): string | undefined {
  const { DataType = "", StringValue, BinaryValue } = asMap(attribute) as Partial<MessageAttribute>;
  if (!DataType) return `Message (user) attribute '${name}' must contain a non-empty attribute type.`;
  const [type = ""] = DataType.split(".");
  if (!["String", "Number", "Binary"].includes(type)) {
    return `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`;
  }
  const value = type === "Binary" ? BinaryValue : StringValue;
  if (!value?.length) return `Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`;
  if (type !== "Number" || (String(value).trim() && Number.isFinite(Number(value)))) return undefined;
  return `Can't cast the value of message (user) attribute '${name}' to a number.`;
}

/** How many bytes attributes add to a message. */
export function bytesOfAttributes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType = "", StringValue = "", BinaryValue }]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + (BinaryValue ?? Buffer.from(StringValue)).length,
    0,
  );
}

/** The attributes that a receiver asks for, with their digest. @param names may end in `.*`; `All` means all */
export function chosenAttributes(
  all: MessageAttributes,
  names: string[] = [],
): { MessageAttributes?: MessageAttributes; MD5OfMessageAttributes?: string } {
  const isWanted = (name: string) =>
    names.some((one) => {
      if (one === "All" || one === "*" || one === ".*" || one === name) return true;
      return one.endsWith(".*") && name.startsWith(one.slice(0, -2));
    });
  const chosen = Object.fromEntries(Object.entries(all).filter(([name]) => isWanted(name)));
  if (Object.keys(chosen).length === 0) return {};
  return { MessageAttributes: chosen, MD5OfMessageAttributes: md5OfAttributes(chosen) };
}
