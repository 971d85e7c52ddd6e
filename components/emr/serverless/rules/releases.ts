/**
 * The first releases that EMR Serverless has, that accept custom images, that let job runs wait, and whose metrics also have the application's
 * name as a dimension; metrics without it are then no longer written.
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/release-versions.html
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/applications-concurrency-queuing.html
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-job-metrics.html
 */
export const firstRelease = { any: "6.6.0", image: "6.9.0", scheduler: "7.0.0", namedMetrics: "7.10.0" };
