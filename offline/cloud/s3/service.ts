import type { Service } from "../core/types";
import type { Buckets } from "./buckets";
import type * as protocol from "./protocol";

/** S3, loaded with the first request: many a program starts without one. */
export function createS3(buckets: Buckets): Service {
  let service: Service | undefined;
  return (request, response, scope) => {
    service ??= (require("./protocol") as typeof protocol).speakS3(buckets);
    return service(request, response, scope);
  };
}
