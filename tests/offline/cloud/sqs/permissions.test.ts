import { INVALID, RECORDED, type SqsFact, testSqsFacts } from "../../../helpers/offline/sqs";

const LABEL = "crossaccountpermission";

const permissions: SqsFact[] = [
  {
    fact: "permissions are statements of the policy, each with a label of its own",
    run: async ({ make, call, refusal }) => {
      const QueueUrl = await make();
      const name = QueueUrl.split("/").pop() ?? "";
      const policy = async () => {
        const { Attributes } = await call("GetQueueAttributes", { QueueUrl, AttributeNames: ["Policy"] });
        return Attributes && JSON.parse(Attributes.Policy.replaceAll(name, "NAME"));
      };
      const permission = (Label: string, ...AWSAccountIds: string[]) => ({
        ...{ QueueUrl, Label, AWSAccountIds },
        Actions: ["ReceiveMessage"],
      });
      await call("AddPermission", permission(LABEL, "123456789012", "668614515564"));
      const answers = [await policy()];
      await call("RemovePermission", { QueueUrl, Label: LABEL });
      answers.push(await policy());
      await call("AddPermission", permission(LABEL, "123456789012"));
      answers.push(await policy(), await refusal("AddPermission", permission(LABEL, "668614515564")));
      await call("AddPermission", permission(`${LABEL}2`, "123456789012"));
      answers.push(await policy());
      for (const Label of [LABEL, `${LABEL}2`]) {
        await call("RemovePermission", { QueueUrl, Label });
        answers.push(await policy());
      }
      return [...answers, await refusal("RemovePermission", { QueueUrl, Label: LABEL })];
    },
    is: [
      policyOf(statement(LABEL, ["arn:aws:iam::123456789012:root", "arn:aws:iam::668614515564:root"])),
      undefined,
      policyOf(statement(LABEL)),
      `${INVALID}Value ${LABEL} for parameter Label is invalid. Reason: Already exists.`,
      policyOf(statement(LABEL), statement(`${LABEL}2`)),
      policyOf(statement(`${LABEL}2`)),
      undefined,
      `${INVALID}Value ${LABEL} for parameter Label is invalid. Reason: can't find label.`,
    ],
  },
];

function policyOf(...statements: object[]): object {
  const Id = "arn:aws:sqs:eu-west-1:123456789012:NAME/SQSDefaultPolicy";
  return { Version: "2008-10-17", Id, Statement: statements };
}

function statement(Sid: string, principals: string | string[] = "arn:aws:iam::123456789012:root"): object {
  const Resource = "arn:aws:sqs:eu-west-1:123456789012:NAME";
  return { Sid, Effect: "Allow", Principal: { AWS: principals }, Action: "SQS:ReceiveMessage", Resource };
}

describe("Permissions of queues", () => {
  testSqsFacts(RECORDED, permissions);
});
