import { PolicyPack } from "@pulumi/policy";
import { createPolicies } from "./policies";

new PolicyPack("pulumi-graviton", { policies: createPolicies() });
