/** An error of a service's API: the caller gets the code and the message. */
export class AwsError extends Error {
  constructor(
    /** The error's name in the API. */
    readonly code: string,
    message: string,
    /** The HTTP status. */
    readonly status = 400,
    /** Further members of the error's document. */
    readonly members: object = {},
  ) {
    super(message);
    this.name = code;
  }
}

/**
 * The error for what AWS has and is not emulated.
 * @param service its signing name
 * @param what the service, or one of its operations
 * @param note what to add, such as the operations that are emulated
 */
export function notEmulated(service: string, what = service, note = ""): AwsError {
  const message = `${what} is not emulated offline${note}. Point ${service} elsewhere with --endpoint ${service}=http://HOST:PORT`;
  return new AwsError("NotEmulated", message, 501);
}
