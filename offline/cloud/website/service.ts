import type { Graph } from "../../engine/graph";
import { compare } from "../core/changes";
import { Listeners } from "../core/listeners";
import { asList, asMap, asNumber, asText, asTexts, type Settings } from "../core/resources";
import type { ServedSite } from "../core/served";
import type { Service } from "../core/service";
import type { Change } from "../core/types";
import type { Buckets } from "../s3/buckets";
import { Access } from "./access";
import { BucketWebsite } from "./bucketWebsite";
import { type Distribution, DistributionSite, type Origin } from "./distribution";
import { answerRequest, type HttpOptions, type NamedSite } from "./http";
import { Objects } from "./objects";
import { BucketOrigin, ForeignOrigin, ServerOrigin } from "./origins";
import { readSites, type SiteModel } from "./read";
import type { Site } from "./site";

export interface WebsitesOptions extends HttpOptions {
  /** The port of the APIs; sites take the ports from the second one after it. 0 picks free ones. */
  port: number;
  buckets: Buckets;
  /** Where the API behind a host name such as `ID.execute-api.eu-west-1.amazonaws.com` is served. */
  apiAt(host: string): string | undefined;
}

/** The first port after that of the APIs is the console's. */
const PORTS_APART = 2;

/** Serves the program's bucket websites and CloudFront distributions, each on a port of its own. */
export class Websites implements Service {
  problems: string[] = [];
  private sites: SiteModel[] = [];
  private readonly listeners: Listeners<NamedSite>;

  constructor(private readonly options: WebsitesOptions) {
    this.listeners = new Listeners(
      (site, request, response) => answerRequest(site, request, response, options),
      options.log,
    );
  }

  /** Switches to the sites of a graph. A site that stays keeps its port. */
  async reconcile(graph: Graph): Promise<Change[]> {
    const { port, buckets } = this.options;
    const access = new Access(graph);
    const { sites, problems } = readSites(graph, access);
    const builder = new Builder(sites, new Objects(buckets, access), this.options);
    const wanted = sites.map((model, index) => ({
      key: keyOf(model),
      site: { name: model.name, site: builder.build(model) },
      port: port === 0 ? 0 : port + PORTS_APART + index,
    }));
    await this.listeners.reconcile(wanted);
    const changes = compare("site", this.sites.map(describe), sites.map(describe));
    this.sites = sites;
    this.problems = [...problems, ...builder.problems];
    return changes;
  }

  get served(): ServedSite[] {
    return this.sites.flatMap((model) => {
      const url = this.listeners.urlOf(keyOf(model));
      return url ? { name: model.name, kind: model.kind, url } : [];
    });
  }

  close(): Promise<void> {
    return this.listeners.close();
  }
}

function keyOf({ kind, name }: SiteModel): string {
  return `${kind} ${name}`;
}

function describe(model: SiteModel) {
  return { name: model.name, arn: keyOf(model), fingerprint: JSON.stringify(model) };
}

/** Builds sites from their models. */
class Builder {
  readonly problems: string[] = [];

  constructor(
    private readonly models: SiteModel[],
    private readonly objects: Objects,
    private readonly options: Pick<WebsitesOptions, "buckets" | "apiAt">,
  ) {}

  build({ name, website, distribution = {} }: SiteModel): Site {
    return website
      ? new BucketWebsite(website, this.objects)
      : new DistributionSite(this.distribution(name, distribution));
  }

  private distribution(name: string, settings: Settings): Distribution {
    const { defaultRootObject, origins, originGroups, customErrorResponses } = settings;
    const made = new Map(asList(origins).map((origin) => [String(origin.originId), this.origin(name, origin)]));
    // The first member of a group answers; failing over to the others is not emulated.
    for (const { originId, members } of asList(originGroups)) {
      const first = made.get(String(asList(members)[0]?.originId));
      if (first) made.set(String(originId), first);
    }
    const behaviors = [
      ...asList(settings.orderedCacheBehaviors),
      { ...asMap(settings.defaultCacheBehavior), pathPattern: undefined },
    ];
    return {
      root: asText(defaultRootObject) || undefined,
      origins: made,
      behaviors: behaviors.map(({ pathPattern, allowedMethods, targetOriginId }: Settings) => ({
        pattern: asText(pathPattern),
        methods: asTexts(allowedMethods),
        origin: String(targetOriginId),
      })),
      errors: asList(customErrorResponses).map(({ errorCode, responseCode, responsePagePath }) => ({
        code: asNumber(errorCode) ?? 0,
        status: asNumber(responseCode) || undefined,
        page: asText(responsePagePath) || undefined,
      })),
    };
  }

  private origin(distribution: string, { domainName, originPath }: Settings): Origin {
    return { path: (asText(originPath) ?? "").replace(/\/$/, ""), site: this.siteAt(String(domainName), distribution) };
  }

  private siteAt(host: string, distribution: string): Site {
    const [, bucket = "", isWebsite] = /^(.+)\.s3(-website)?[.-].*amazonaws\.com(?:\.cn)?$/.exec(host) ?? [];
    const website = this.models.find((model) => model.website?.bucket === bucket)?.website;
    if (isWebsite && website) return new BucketWebsite(website, this.objects);
    if (bucket && !isWebsite && this.options.buckets.find(bucket)) return new BucketOrigin(bucket, this.objects);
    if (this.options.apiAt(host)) return new ServerOrigin(() => this.options.apiAt(host));
    this.problems.push(
      `distribution ${distribution} answers 502 for its origin ${host}: it is not a bucket, website or REST API of the program`,
    );
    return new ForeignOrigin(host);
  }
}
