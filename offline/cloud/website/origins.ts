import * as http from "node:http";
import { AwsError } from "../core/awsError";
import type { Objects } from "./objects";
import { cloudFrontPage, errorDocument } from "./pages";
import { keyIn, type Site, type SiteAnswer, type SiteRequest } from "./site";

/** The REST endpoint of a bucket, as CloudFront reads it: no index documents, and errors as XML. */
export class BucketOrigin implements Site {
  constructor(
    private readonly bucket: string,
    private readonly objects: Objects,
  ) {}

  async answer(request: SiteRequest): Promise<SiteAnswer> {
    const key = keyIn(request.path);
    try {
      if (!key) throw new AwsError("AccessDenied", "Access Denied", 403);
      return await this.objects.read("cloudfront", this.bucket, key, request);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const explanation = `${error.code}: ${this.bucket}/${key ?? ""}${await this.explain(key ?? "")}`;
      return { ...errorDocument(error), explanation };
    }
  }

  /** Why an object that exists is refused, or one that does not is a 403. */
  private async explain(key: string): Promise<string> {
    const { access } = this.objects;
    if (key && (await this.objects.exists(this.bucket, key))) {
      return access.reads("cloudfront", this.bucket, key) ? "" : ", which no bucket policy lets CloudFront read";
    }
    return access.lists("cloudfront", this.bucket)
      ? ""
      : " does not exist, or is not named (a 403 without s3:ListBucket)";
  }
}

/** Passes requests on to a server of this machine. */
export class ServerOrigin implements Site {
  /** @param base its address, to which paths are appended; undefined while nothing serves it */
  constructor(private readonly base: () => string | undefined) {}

  answer({ method, path, query, headers, body }: SiteRequest): Promise<SiteAnswer> {
    const base = this.base();
    if (!base) return Promise.resolve(cloudFrontPage(502, "The origin is not served on this machine."));
    const { host: _, connection: __, ...passed } = headers;
    return new Promise((resolve) => {
      const outgoing = http.request(base + path + query, { method, headers: passed }, (answer) => {
        const { statusCode: status = 502, headers: given } = answer;
        const { connection: _, "keep-alive": __, "transfer-encoding": ___, ...kept } = given;
        resolve({ status, headers: kept as SiteAnswer["headers"], body: answer });
      });
      outgoing.on("error", ({ message }) => resolve(cloudFrontPage(502, message)));
      body.pipe(outgoing);
    });
  }
}

/** Refuses all requests. */
export class ForeignOrigin implements Site {
  constructor(private readonly host: string) {}

  async answer(): Promise<SiteAnswer> {
    return cloudFrontPage(502, `The origin ${this.host} is not served offline.`);
  }
}
