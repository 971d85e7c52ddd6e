import type { Graph } from "../../engine/graph";
import { asList, asMap, asText, asTexts, isMap, ownResources, type Settings } from "../core/resources";
import { covers, matches } from "../core/wildcards";

/** Who reads: anyone on the Internet, or CloudFront for a distribution. */
export type Reader = "public" | "cloudfront";

/** Who may read the objects of buckets, as far as the program's bucket policies and ACLs say it. */
export class Access {
  private readonly statements = new Map<string, Settings[]>();
  /** Buckets with objects that an ACL lets everyone read. An ACL of the bucket itself does not. */
  private readonly open = new Set<string>();

  constructor(graph: Graph) {
    const settingsOf = (type: string) => ownResources(graph, type).map(({ settings }) => settings);
    for (const { bucket, policy } of settingsOf("aws:s3/bucketPolicy:BucketPolicy")) {
      const name = String(bucket);
      this.statements.set(name, [...(this.statements.get(name) ?? []), ...statementsOf(policy)]);
    }
    const objects = ["bucketObject:BucketObject", "bucketObjectv2:BucketObjectv2"];
    const acls = [
      ...objects.flatMap((type) => settingsOf(`aws:s3/${type}`)),
      ...settingsOf("synced-folder:index:S3BucketFolder").map(({ acl, bucketName }) => ({ acl, bucket: bucketName })),
    ];
    for (const { acl, bucket } of acls) if (/^public-read/.test(String(acl))) this.open.add(String(bucket));
  }

  /** Whether anything lets the reader read any object of a bucket. */
  readsAnything(reader: Reader, bucket: string): boolean {
    return this.open.has(bucket) || this.granted(reader, bucket).some(({ Action }) => covers(Action, "s3:GetObject"));
  }

  /** An ACL counts for all objects of its bucket, as the ACLs of objects that are written at runtime are not kept. */
  reads(reader: Reader, bucket: string, key: string): boolean {
    return this.open.has(bucket) || this.allows(reader, bucket, "s3:GetObject", `${bucket}/${key}`);
  }

  /** Whether the reader may know that an object does not exist. */
  lists(reader: Reader, bucket: string): boolean {
    return this.allows(reader, bucket, "s3:ListBucket", bucket);
  }

  private allows(reader: Reader, bucket: string, action: string, resource: string): boolean {
    return this.granted(reader, bucket).some(
      ({ Action, Resource }) =>
        covers(Action, action) &&
        asTexts([Resource].flat()).some((arn) => matches(arn.replace(/^.*:::/, ""), resource)),
    );
  }

  private granted(reader: Reader, bucket: string): Settings[] {
    const statements = this.statements.get(bucket) ?? [];
    return statements.filter(({ Effect, Principal }) => Effect === "Allow" && isReader(Principal, reader));
  }
}

function statementsOf(policy: unknown): Settings[] {
  try {
    const document = isMap(policy) ? policy : asMap(JSON.parse(asText(policy) ?? "{}"));
    return asList([document.Statement ?? []].flat());
  } catch {
    return [];
  }
}

/** CloudFront comes as the service (origin access control), or as a user of its own (origin access identity). */
function isReader(principal: unknown, reader: Reader): boolean {
  const names = isMap(principal) ? Object.values(principal).flatMap((value) => asTexts([value].flat())) : [principal];
  const isCloudFront = isMap(principal) && "CanonicalUser" in principal;
  return names.some(
    (name) => name === "*" || (reader === "cloudfront" && (isCloudFront || /cloudfront/i.test(String(name)))),
  );
}
