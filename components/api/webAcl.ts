import type * as apigateway from "@pulumi/aws/apigateway";
import * as wafv2 from "@pulumi/aws/wafv2";
import type * as pulumi from "@pulumi/pulumi";
import type { ServerlessApiArgs } from "./args";
import type { WebAclArgs } from "./edgeArgs";

const commonRules = "AWSManagedRulesCommonRuleSet";
const usualGroups = [commonRules, "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesAmazonIpReputationList"];

/** Puts a web ACL in front of a stage: the one that is given, or a new one. */
export function createWebAcl(
  name: string,
  waf: WebAclArgs,
  tags: ServerlessApiArgs["tags"],
  stage: apigateway.Stage,
  parent: pulumi.Resource,
): void {
  const webAclArn = waf.webAclArn ?? createRules(name, waf, tags, parent).arn;
  new wafv2.WebAclAssociation(name, { resourceArn: stage.arn, webAclArn }, { parent });
}

function createRules(
  name: string,
  { managedRuleGroups, rateLimit }: WebAclArgs,
  tags: ServerlessApiArgs["tags"],
  parent: pulumi.Resource,
): wafv2.WebAcl {
  const groups = (managedRuleGroups ?? usualGroups).map((group) => ({
    name: group,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name: group,
        // The usual groups must not refuse what API Gateway itself accepts: bodies of more than 8 KB.
        ruleActionOverrides: managedRuleGroups === undefined && group === commonRules ? [allowLargeBodies] : undefined,
      },
    },
  }));
  const rate = { name: "rate", action: { block: {} }, statement: rateStatement(rateLimit ?? 0) };
  const rules = [...(rateLimit === undefined ? [] : [rate]), ...groups];
  return new wafv2.WebAcl(
    name,
    {
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rules: rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visible(rule.name) })),
      visibilityConfig: visible(name),
      tags,
    },
    { parent },
  );
}

const allowLargeBodies = { name: "SizeRestrictions_BODY", actionToUse: { count: {} } };

function rateStatement(limit: number) {
  return { rateBasedStatement: { limit, aggregateKeyType: "IP" } };
}

function visible(metricName: string) {
  return { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
