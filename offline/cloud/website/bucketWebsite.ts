import { AwsError } from "../core/awsError";
import type { Objects } from "./objects";
import { errorPage } from "./pages";
import { keyIn, pathOf, type Site, type SiteAnswer, type SiteRequest } from "./site";

/** How a bucket is configured as a website. */
export interface Website {
  bucket: string;
  /** The name of the index document in each folder. */
  index?: string;
  /** The key of the error document. */
  error?: string;
  redirectAll?: Redirect;
  rules: RoutingRule[];
}

export interface RoutingRule {
  prefix?: string;
  /** The status that leads to the redirect. */
  errorCode?: string;
  redirect: Redirect;
}

export interface Redirect {
  host?: string;
  protocol?: string;
  code?: string;
  replaceKeyWith?: string;
  replacePrefixWith?: string;
}

/**
 * The website endpoint of a bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
 */
export class BucketWebsite implements Site {
  constructor(
    private readonly website: Website,
    private readonly objects: Objects,
  ) {}

  async answer(request: SiteRequest): Promise<SiteAnswer> {
    const { redirectAll, bucket } = this.website;
    const key = keyIn(request.path);
    if (key === undefined) return errorPage(new AwsError("InvalidURI", "Couldn't parse the specified URI.", 400));
    if (redirectAll) return redirectTo(redirectAll, key, "", request);
    if (request.method !== "GET" && request.method !== "HEAD") {
      const members = { Method: request.method, ResourceType: "OBJECT" };
      const message = "The specified method is not allowed against this resource.";
      return errorPage(new AwsError("MethodNotAllowed", message, 405, members));
    }
    const rule = this.rule(key, undefined);
    if (rule) return redirectTo(rule.redirect, key, rule.prefix ?? "", request);
    try {
      const answer = await this.objects.read("public", bucket, this.objectOf(key), request);
      return moved(answer) ?? answer;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return this.answerError(error, key, request);
    }
  }

  /** The key of the object for a key: in a folder, its index document. */
  private objectOf(key: string): string {
    return (key === "" || key.endsWith("/")) && this.website.index ? key + this.website.index : key;
  }

  /** Rules for a status apply to answers with it, all others to requests. */
  private rule(key: string, status: number | undefined): RoutingRule | undefined {
    return this.website.rules.find(
      ({ prefix = "", errorCode }) =>
        key.startsWith(prefix) && (errorCode === undefined ? status === undefined : Number(errorCode) === status),
    );
  }

  private async answerError(error: AwsError, key: string, request: SiteRequest): Promise<SiteAnswer> {
    const { bucket, index, error: document } = this.website;
    const rule = this.rule(key, error.status);
    if (rule) return redirectTo(rule.redirect, key, rule.prefix ?? "", request);
    const mayBeFolder = index !== undefined && error.code === "NoSuchKey" && !key.endsWith("/");
    if (mayBeFolder && (await this.objects.exists(bucket, `${key}/${index}`))) {
      return { status: 302, headers: { Location: pathOf(`${key}/`) } };
    }
    const explanation = this.explain(error, key);
    if (!document) return { ...errorPage(error), explanation };
    try {
      // The conditions and ranges of the request are about another object.
      const page = await this.objects.read("public", bucket, document, { ...request, headers: {} });
      const headers = { ...page.headers, "x-amz-error-code": error.code, "x-amz-error-message": error.message };
      return { ...page, headers, status: error.status ?? 400, explanation };
    } catch (second) {
      if (!(second instanceof AwsError)) throw second;
      return { ...errorPage(error, second), explanation };
    }
  }

  private explain({ code }: AwsError, key: string): string {
    if (code === "AccessDenied") return `no bucket policy or ACL lets everyone read ${this.website.bucket}/${key}`;
    return `${code}: ${this.website.bucket}/${this.objectOf(key)}`;
  }
}

/** An object may redirect to another one, or to a URL. */
function moved({ headers }: SiteAnswer): SiteAnswer | undefined {
  const location = headers["x-amz-website-redirect-location"];
  return location === undefined ? undefined : { status: 301, headers: { Location: location } };
}

function redirectTo(redirect: Redirect, key: string, prefix: string, { headers, query }: SiteRequest): SiteAnswer {
  const { replaceKeyWith, replacePrefixWith, protocol, code } = redirect;
  const next = replaceKeyWith ?? (replacePrefixWith === undefined ? key : replacePrefixWith + key.slice(prefix.length));
  const host = redirect.host ?? headers.host ?? "";
  const location = `${protocol ?? "http"}://${host}${pathOf(next)}${query}`;
  return { status: Number(code ?? 301), headers: { Location: location } };
}
