/** The request cannot be done; the caller gets the reason. */
export class Refused extends Error {
  constructor(
    message: string,
    /** The name of the API's error. */
    readonly code: string,
    /** The HTTP status. */
    readonly status = 400,
  ) {
    super(message);
  }
}
