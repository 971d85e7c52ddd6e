import { account } from "../../engine/context";
import { defineService } from "../core/defineService";
import type { Identities } from "../core/iam/identities";
import type * as sessions from "./sessions";
import type { AssumeRoleInput } from "./sessions";

/** The part of STS that tells programs who they are, and lets them take on roles. */
export const sts = defineService<Identities>("sts", {
  GetCallerIdentity: (identities, _, { scope: { region, accessKeyId } }) => {
    const { arn, userId } = identities.callerOf(accessKeyId, region);
    return { Account: account, Arn: arn, UserId: userId };
  },
  AssumeRole: (identities, input: AssumeRoleInput, call) => {
    const { assumeRole } = require("./sessions") as typeof sessions;
    return assumeRole(identities, input, call);
  },
});
