import { asList, asMap } from "../../core/resources";
import { covers } from "../../core/wildcards";

/** What the policy that an authorizer returns says of a call; undefined if it says nothing. */
export function effectOf(policyDocument: unknown, methodArn: string): "Allow" | "Deny" | undefined {
  const effects = asList([asMap(policyDocument).Statement ?? []].flat())
    .filter(({ Action, Resource }) => covers(Action, "execute-api:Invoke") && covers(Resource, methodArn))
    .map(({ Effect }) => Effect);
  if (effects.includes("Deny")) return "Deny";
  return effects.includes("Allow") ? "Allow" : undefined;
}
