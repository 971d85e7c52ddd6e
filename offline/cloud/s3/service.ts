import type { Service } from "../core/service";
import { Buckets } from "./buckets";
import type * as protocol from "./protocol";

/** S3: its part of the program is its buckets. The protocol is loaded with the first request: many a program starts without one. */
export class S3Service extends Buckets implements Service {
  readonly signingNames = ["s3"];
  private speak: Service["handle"];

  handle: Service["handle"] = (call) => {
    this.speak ??= (require("./protocol") as typeof protocol).speakS3(this);
    return this.speak?.(call);
  };
}
