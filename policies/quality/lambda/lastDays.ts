// Written by `npm run refresh` from botocore 1.44.8 (2026-11-20) and cfn-lint 1.58.0 (2026-10-20).

/**
 * The last day on which AWS supports each runtime. Unsupported runtimes are not listed, because their list would only
 * grow; neither are those whose last day AWS has not published.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
export const lastDays: Record<string, string> = {
  "nodejs22.x": "2027-04-30",
  "nodejs24.x": "2028-04-30",
  "java8.al2": "2027-06-30",
  "java11": "2027-06-30",
  "java17": "2027-06-30",
  "java21": "2029-06-30",
  "java25": "2029-06-30",
  "python3.11": "2027-06-30",
  "python3.12": "2028-10-31",
  "python3.13": "2029-06-30",
  "python3.14": "2029-06-30",
  "dotnet10": "2028-11-14",
  "ruby3.3": "2027-03-31",
  "ruby3.4": "2028-03-31",
  "ruby4.0": "2029-03-31",
  "provided.al2023": "2029-06-30",
  "java8.al2023": "2029-06-30",
  "java11.al2023": "2029-06-30",
  "java17.al2023": "2029-06-30",
};
