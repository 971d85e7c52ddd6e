import { NotServable } from "../definition/document";

/** What an integration calls. */
export interface AwsUri {
  region: string;
  /** The service as the URI names it, which is the first label of its host name, such as `sqs`. */
  service: string;
  /** What comes before the service, such as the bucket in `my-bucket.s3`. @default nothing */
  subdomain?: string;
  /** An operation, such as `SendMessage`. Either this or a path is given. */
  action?: string;
  /** Begins with a slash, and has `{name}` for what is mapped. */
  path?: string;
}

/**
 * Reads `arn:aws:apigateway:{region}:{subdomain.service}:{path|action}/{what}`.
 * @throws NotServable for what AWS refuses. Recorded from AWS by localstack, 2024-06
 */
export function readAwsUri(uri: string): AwsUri {
  if (!uri.startsWith("arn:")) {
    throw new NotServable(`its integration's uri ${uri} is not an ARN, which AWS refuses; ${REMEDY}`);
  }
  const [, region, subdomain, service, kind, what] =
    /^arn:[\w-]+:apigateway:([\w-]+):(?:([\w.-]+)\.)?([\w-]+):(path|action)\/(.*)$/s.exec(uri) ?? [];
  if (region === undefined || service === undefined || what === undefined) {
    throw new NotServable(
      `its integration's uri ${uri} has neither a path nor an action, which AWS refuses; ${REMEDY}`,
    );
  }
  return { region, subdomain, service, ...(kind === "action" ? { action: what } : { path: `/${what}` }) };
}

const REMEDY =
  "write arn:aws:apigateway:REGION:SERVICE:action/OPERATION or arn:aws:apigateway:REGION:SERVICE:path/PATH";
