import type { Service } from "../core/service";
import { Buckets } from "./buckets";
import type * as operations from "./operations";

/** S3, with the program's buckets. Its operations are loaded with the first request: many programs never make one. */
export class S3Service extends Buckets implements Service {
  readonly signingNames = ["s3"];

  handle: Service["handle"] = (call) => (require("./operations") as typeof operations).s3.serve(this).handle(call);
}
