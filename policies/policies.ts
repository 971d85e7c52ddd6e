import type { Policies } from "@pulumi/policy";

/** The pack's rules, apart from the pack itself: making a `PolicyPack` starts a server, which a test must not. */
export const policies: Policies = [];
