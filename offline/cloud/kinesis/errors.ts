import { AwsError } from "../core/awsError";

export function invalid(message: string): AwsError {
  return new AwsError("InvalidArgumentException", message);
}

/** @throws AwsError DryRunOperationException if that is all that the caller wants to know */
export function refuseDryRun({ DryRun }: { DryRun?: boolean }): void {
  if (!DryRun) return;
  throw new AwsError("DryRunOperationException", "The request would have succeeded, but the DryRun flag is set.");
}
