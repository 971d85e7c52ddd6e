#!/usr/bin/env bash
# moto's Batch takes a compute environment that mixes x86 and arm64, and refuses AWS's own name for Graviton.
#
# Versions: moto 5.2.5, botocore 1.44.5
# Expected: AWS's rules, as botocore's model states them: one compute environment does not mix x86 and ARM, and
#           `default_arm64` lets Batch choose among Graviton types.
# Seen:     `m7g.large` beside `m5.large`, or beside `optimal`, which is x86, is accepted, and the environment is VALID.
#           `default_arm64` "does not exist".
# Why it matters: a test against moto is green for a move to Graviton that forgot one type, which AWS refuses. It is red
#           for the one-word way to do it right.
# Source:   botocore's documentation of ComputeResource.instanceTypes, which the script quotes
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[batch,ec2,iam]==5.2.5' boto3==1.44.5 botocore==1.44.5

cat > try.py <<'EOF'
import re
import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

with mock_aws():
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "eu-west-1"}
    batch, ec2, iam = (boto3.client(service, **keys) for service in ("batch", "ec2", "iam"))
    text = batch.meta.service_model.shape_for("ComputeResource").members["instanceTypes"].documentation
    print(re.search(r"you can't mix [^.]*\.", text)[0], "default_arm64" in text)
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    resources = {
        "type": "EC2",
        "minvCpus": 0,
        "maxvCpus": 16,
        "instanceRole": iam.create_instance_profile(InstanceProfileName="p")["InstanceProfile"]["Arn"],
        "subnets": [ec2.describe_subnets()["Subnets"][0]["SubnetId"]],
        "securityGroupIds": [ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]],
    }
    for number, types in enumerate((["m7g.large", "m5.large"], ["m7g.large", "optimal"], ["default_arm64"])):
        name = f"environment-{number}"
        try:
            batch.create_compute_environment(
                computeEnvironmentName=name,
                type="MANAGED",
                serviceRole=role,
                computeResources={**resources, "instanceTypes": types},
            )
            [made] = batch.describe_compute_environments(computeEnvironments=[name])["computeEnvironments"]
            print(types, made["status"])
        except ClientError as error:
            print(types, error.response["Error"]["Message"])
EOF
seen=$(venv/bin/python try.py)
diff - <(echo "$seen") <<'EOF'
you can't mix x86 and ARM instances in the same compute environment. True
['m7g.large', 'm5.large'] VALID
['m7g.large', 'optimal'] VALID
['default_arm64'] Instance type default_arm64 does not exist
EOF
echo "as described"
