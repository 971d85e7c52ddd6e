/** Which Graviton families a managed service has, by the class that they replace; a `d` is for types with disks. */
export interface Service {
  prefix: string;
  suffix: string;
  families: Record<string, readonly string[]>;
  /** Present if only a part of the service runs on them. */
  caveat?: string;
}

/** Services that are not listed here, such as DAX and DMS, have no Graviton types that are known here. */
const services: Service[] = [
  {
    // RDS, Aurora, DocumentDB and Neptune. @see Amazon RDS User Guide, "Supported DB engines for DB instance classes"
    prefix: "db.",
    suffix: "",
    families: {
      m: ["m7g", "m8g"],
      md: ["m6gd", "m8gd"],
      r: ["r7g", "r8g"],
      rd: ["r6gd", "r8gd"],
      t: ["t4g"],
      x: ["x2g"],
    },
    caveat:
      "not for Oracle, SQL Server and Db2; check what the engine's version supports: DocumentDB, for one, has " +
      "r6g and r8g, but no r7g",
  },
  {
    // @see Amazon ElastiCache User Guide, "Supported node types"
    prefix: "cache.",
    suffix: "",
    families: { m: ["m7g"], r: ["r7g"], t: ["t4g"] },
  },
  {
    // @see Amazon MSK Developer Guide, "Amazon MSK broker types"
    prefix: "kafka.",
    suffix: "",
    families: { m: ["m7g"] },
  },
  {
    // @see Amazon MQ Developer Guide, "Upgrading an Amazon MQ broker instance type"
    prefix: "mq.",
    suffix: "",
    families: { m: ["m7g"] },
    caveat: "for RabbitMQ only; ActiveMQ has no Graviton brokers",
  },
  {
    // @see Amazon SageMaker API, ProductionVariantInstanceType
    prefix: "ml.",
    suffix: "",
    families: { m: ["m8g"], md: ["m6gd"], c: ["c8g"], cd: ["c6gd"], r: ["r8g"], rd: ["r7gd"] },
    caveat: "SageMaker runs endpoints on it, not notebooks, training or processing jobs",
  },
  {
    // @see Amazon OpenSearch Service Developer Guide, "EBS volume size quotas"
    prefix: "",
    suffix: ".search",
    families: { m: ["m7g"], c: ["c7g"], r: ["r7g"] },
    caveat: "needs OpenSearch, or Elasticsearch 7.9 or later",
  },
  {
    // The name that the service had before it was OpenSearch. @see AWS API, ESPartitionInstanceType
    prefix: "",
    suffix: ".elasticsearch",
    families: { m: ["m6g"], c: ["c6g"], r: ["r6g"] },
    caveat: "needs Elasticsearch 7.9 or later",
  },
];

/** The service whose types have this prefix and suffix, if it has Graviton types. */
export function serviceOf(prefix: string, suffix: string): Service | undefined {
  return services.find((service) => service.prefix === prefix && service.suffix === suffix);
}
