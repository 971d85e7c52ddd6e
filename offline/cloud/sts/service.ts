import { account, callerArn } from "../../engine/context";
import { defineService } from "../core/defineService";

/** The part of STS that tells programs who they are. */
export const sts = defineService("sts", {
  GetCallerIdentity: (_, __, { scope: { region, accessKeyId } }) => ({
    Account: account,
    Arn: callerArn(region),
    UserId: accessKeyId,
  }),
});
