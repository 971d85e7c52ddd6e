#!/usr/bin/env bash
# moto's EMR never finishes a step, and a new step brings a terminated cluster back to life.
#
# Version:  moto 5.2.5
# Expected: steps go through PENDING and RUNNING to an end, as moto's Batch jobs do. Termination is final: it ends the
#           cluster's steps, and AddJobFlowSteps on a terminated cluster is an error.
# Seen:     the first step is RUNNING for ever and the others PENDING, also after the cluster is TERMINATED. A step added
#           then is accepted, and the cluster is RUNNING again.
# Why it matters: code that waits for a step ends in a timeout under moto, whatever it does. Code that forgets to ask
#           whether the cluster still lives passes, and so does a test that counts the clusters left running.
# Source:   "Understanding the cluster lifecycle" in the EMR Management Guide, emr-overview.html
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[emr]==5.2.5' boto3==1.44.5 botocore==1.44.5

cat > try.py <<'EOF'
import boto3
from botocore.exceptions import WaiterError
from moto import mock_aws


def step(name):
    return {"Name": name, "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["true"]}}


def states(emr, cluster):
    steps = emr.list_steps(ClusterId=cluster)["Steps"]
    state = emr.describe_cluster(ClusterId=cluster)["Cluster"]["Status"]["State"]
    print(state, *sorted(f"{one['Name']}={one['Status']['State']}" for one in steps))


with mock_aws():
    emr = boto3.client("emr", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    instances = {
        "KeepJobFlowAliveWhenNoSteps": True,
        "InstanceGroups": [{"InstanceRole": "MASTER", "InstanceType": "m7g.xlarge", "InstanceCount": 1}],
    }
    cluster = emr.run_job_flow(Name="c", ReleaseLabel="emr-7.1.0", Instances=instances, Steps=[step("a")])["JobFlowId"]
    [added] = emr.add_job_flow_steps(JobFlowId=cluster, Steps=[step("b")])["StepIds"]
    states(emr, cluster)
    try:
        emr.get_waiter("step_complete").wait(ClusterId=cluster, StepId=added, WaiterConfig={"Delay": 1, "MaxAttempts": 5})
    except WaiterError as error:
        print(error)
    emr.terminate_job_flows(JobFlowIds=[cluster])
    states(emr, cluster)
    emr.add_job_flow_steps(JobFlowId=cluster, Steps=[step("late")])
    states(emr, cluster)
EOF
seen=$(venv/bin/python try.py)
diff - <(echo "$seen") <<'EOF'
RUNNING a=RUNNING b=PENDING
Waiter StepComplete failed: Max attempts exceeded
TERMINATED a=RUNNING b=PENDING
RUNNING a=RUNNING b=PENDING late=PENDING
EOF
echo "as described"
