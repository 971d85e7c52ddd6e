import type { Service } from "../core/service";
import { Buckets } from "./buckets";
import type * as protocol from "./protocol";

/** S3, with the program's buckets. The protocol is loaded on the first request: many programs never make one. */
export class S3Service extends Buckets implements Service {
  readonly signingNames = ["s3"];
  private speak: Service["handle"];

  handle: Service["handle"] = (call) => {
    this.speak ??= (require("./protocol") as typeof protocol).speakS3(this);
    return this.speak?.(call);
  };
}
