import { Refused as RefusedByApi } from "../core/refused";

/** AWS Batch has one code for all mistakes of the caller. */
export class Refused extends RefusedByApi {
  constructor(message: string, code: "ClientException" | "NotEmulated" = "ClientException") {
    super(message, code, code === "NotEmulated" ? 501 : 400);
  }
}
