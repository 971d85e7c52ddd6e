/** A site as it is served. */
export interface ServedSite {
  name: string;
  /** A bucket's website, a distribution of CloudFront, or a listener of a load balancer. */
  kind: "website" | "distribution" | "load balancer";
  /** With a slash at its end. */
  url: string;
}
