import type { Service } from "../types";
import type { Buckets } from "./buckets";

/** S3, loaded with the first request: many a program starts without one. */
export function createS3(buckets: Buckets): Service {
  let service: Service | undefined;
  return (request, response, scope) => {
    service ??= load(buckets);
    return service(request, response, scope);
  };
}

function load(buckets: Buckets): Service {
  const { speakS3 } = require("./protocol") as typeof import("./protocol");
  return speakS3(buckets);
}
