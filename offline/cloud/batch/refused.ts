/** The request cannot be done; the caller gets the reason. */
export class Refused extends Error {
  constructor(
    message: string,
    /** AWS Batch has one code for all mistakes of the caller. */
    readonly code: "ClientException" | "NotEmulated" = "ClientException",
  ) {
    super(message);
  }
}
