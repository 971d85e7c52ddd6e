import type * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../access";

/** How others may use a function. */
export type FunctionAccessLevel = "invoke";

/** Which environment variable `access()` sets. */
export interface FunctionAccessOptions {
  /** The environment variable that holds the ARN to call. @default "FUNCTION_ARN" */
  environmentName?: string;
}

/** Calling this function, or this alias of it, and no other version. @see SAM policy template LambdaInvokePolicy */
export function invokeAccess(
  functionArn: pulumi.Input<string>,
  { environmentName = "FUNCTION_ARN" }: FunctionAccessOptions,
): FunctionAccess {
  return {
    environment: { [environmentName]: functionArn },
    statements: [{ actions: ["lambda:InvokeFunction"], resources: [functionArn] }],
  };
}
