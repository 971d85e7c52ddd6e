import type { ParameterTypes } from "dynalite/validations";
import { checkMembers } from "./definitions";
import { validationError } from "./errors";
import { withTableName } from "./names";

/**
 * Checks an operation's parameters, and leaves out those that it does not have.
 * @param custom says why parameters of the right types are not valid
 * @throws AwsError SerializationException or ValidationException
 */
export function checkParameters<Input extends object>(
  input: object,
  types: ParameterTypes,
  custom?: (input: Input) => string | undefined,
): Input {
  const parameters = checkMembers<Input>(types, withTableName(input));
  const refusal = custom?.(parameters);
  if (refusal) throw validationError(refusal);
  return parameters;
}
