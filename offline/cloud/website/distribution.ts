import { Readable } from "node:stream";
import { matches } from "../core/wildcards";
import { cloudFrontPage } from "./pages";
import type { Site, SiteAnswer, SiteRequest } from "./site";

export interface Distribution {
  /** The key that the path `/` names. */
  root?: string;
  origins: Map<string, Origin>;
  /** In order of precedence; the last one is for all paths. */
  behaviors: Behavior[];
  errors: CustomError[];
}

/** Where a distribution gets its answers from. */
export interface Origin {
  /** Put before each path; without a slash at its end. */
  path: string;
  site: Site;
}

interface Behavior {
  /** Such as `/images/*.jpg`; absent for all paths. */
  pattern?: string;
  methods: string[];
  origin: string;
}

interface CustomError {
  code: number;
  /** The status of the answer instead. */
  status?: number;
  /** The path of its page. */
  page?: string;
}

/**
 * A CloudFront distribution, without its caches.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-values-specify.html
 */
export class DistributionSite implements Site {
  constructor(private readonly distribution: Distribution) {}

  async answer(request: SiteRequest): Promise<SiteAnswer> {
    const { root } = this.distribution;
    const path = request.path === "/" && root ? `/${root.replace(/^\//, "")}` : request.path;
    const behavior = this.behaviorOf(path);
    if (!behavior?.methods.includes(request.method)) {
      return cloudFrontPage(
        403,
        "This distribution is not configured to allow the HTTP request method that was used for this request.",
      );
    }
    const answer = await this.ask(behavior, { ...request, path });
    const custom = this.distribution.errors.find(({ code }) => code === answer.status);
    return custom ? this.customize(answer, custom, request) : answer;
  }

  /** As CloudFront does, it matches the path as sent, case included, whether or not the pattern begins with a slash. */
  private behaviorOf(path: string): Behavior | undefined {
    return this.distribution.behaviors.find(
      ({ pattern }) => pattern === undefined || matches(`/${pattern.replace(/^\//, "")}`, path),
    );
  }

  private async ask({ origin: id }: Behavior, request: SiteRequest): Promise<SiteAnswer> {
    const origin = this.distribution.origins.get(id);
    if (!origin) return cloudFrontPage(502, `The distribution has no origin "${id}".`);
    return origin.site.answer({ ...request, path: origin.path + request.path });
  }

  private async customize(answer: SiteAnswer, { status, page }: CustomError, { method: asked }: SiteRequest) {
    if (!page) return answer;
    const behavior = this.behaviorOf(page);
    const method = asked === "HEAD" ? "HEAD" : "GET";
    const found =
      behavior && (await this.ask(behavior, { method, path: page, query: "", headers: {}, body: Readable.from([]) }));
    // Without the page, CloudFront answers as the origin did.
    if (!found || found.status >= 400) return answer;
    if (typeof answer.body === "object") answer.body.destroy();
    return { ...found, status: status ?? answer.status, explanation: answer.explanation };
  }
}
