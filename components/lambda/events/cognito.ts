import * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import { arnParts } from "../../access";
import { type EventSource, permission } from "./source";

/**
 * The triggers of a Cognito user pool. This is the pool's permission only, as a pool owns the list of its triggers: write
 * the function's `functionArn` into the pool's `lambdaConfig`, such as `{ preSignUp: checkUser.functionArn }`.
 *
 * Cognito waits for the function's answer, whatever the function's timeout: for 5 seconds, up to three times. It does not
 * wait for custom senders, so failures of those are kept only if the function has `onFailure`.
 * @see Amazon Cognito Developer Guide, "Customizing user pool workflows with Lambda triggers"
 */
export interface CognitoEventArgs {
  /**
   * ARN of the user pool. A pool that is created in the same program needs the function first, so give its ARN as a
   * `pulumi.deferredOutput`. @default any user pool of the function's account and region
   */
  userPoolArn?: pulumi.Input<string>;
}

const service = "cognito-idp.amazonaws.com";

export const cognitoSource: EventSource<CognitoEventArgs> = {
  check(mistakes, { userPoolArn }, path) {
    if (typeof userPoolArn !== "string") return;
    const isPool = /^arn:[\w-]+:cognito-idp:[^:]*:[^:]*:userpool\/[\w-]+$/.test(userPoolArn);
    mistakes.check(isPool, `${path}.userPoolArn`, `is "${userPoolArn}"; write the ARN of a user pool`);
  },
  create(name, { userPoolArn }, wiring) {
    const parts = arnParts(wiring.functionArn);
    const sourceAccount = parts.apply(([, , , , account = ""]) => account);
    const anyPool = parts.apply(([, partition, , region, account]) => {
      return `arn:${partition}:cognito-idp:${region}:${account}:userpool/*`;
    });
    const permitted = { ...permission(service, userPoolArn ?? anyPool, wiring), sourceAccount };
    return {
      connect: (ready) => new lambda.Permission(name, permitted, { ...wiring.opts, dependsOn: ready }),
    };
  },
};
