/** An error of a service's API: the caller gets the code and the message. */
export class AwsError extends Error {
  constructor(
    /** The error's name in the API. */
    readonly code: string,
    message: string,
    /** The HTTP status. @default the model's, or 400 */
    readonly status?: number,
    /** Further members of the error's document. */
    readonly members: object = {},
  ) {
    super(message);
    this.name = code;
  }
}

/**
 * The error for a part of AWS that is not emulated.
 * @param service its signing name
 * @param what the service, or one of its operations
 * @param note an addition, such as the emulated operations
 */
export function notEmulated(service: string, what: string = service, note = ""): AwsError {
  const message = `${what} is not emulated offline${note}. Point ${service} elsewhere with --endpoint ${service}=http://HOST:PORT`;
  return new AwsError("NotEmulated", message, 501);
}
