/**
 * The first releases that EMR Serverless has, that take images of one's own, and whose metrics have the application's
 * name as a dimension too, those without it being no longer written.
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/release-versions.html
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-job-metrics.html
 */
export const firstRelease = { any: "6.6.0", image: "6.9.0", namedMetrics: "7.10.0" };
