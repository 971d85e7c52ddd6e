import type { ParameterTypes } from "dynalite/validations";
import * as validations from "dynalite/validations";
import { refusalOf } from "./errors";

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
  try {
    const parameters = validations.checkTypes(input, types);
    validations.checkValidations(parameters, types, custom);
    return parameters as Input;
  } catch (error) {
    throw refusalOf(error);
  }
}
