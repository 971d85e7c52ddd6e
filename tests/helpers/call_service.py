"""Calls operations of a service, as {"service", "endpoint", "calls": [[operation, parameters], …]} on standard input.

Prints the answers as a JSON list. botocore checks the parameters against its model of the API before it sends them, but
for enumerations, which are checked here.
"""

import json
import sys

import botocore.config
import botocore.session


def odd_choices(shape, value, path):
    if shape.type_name == "structure":
        for name, inner in value.items():
            if name in shape.members:
                yield from odd_choices(shape.members[name], inner, f"{path}.{name}")
    elif shape.type_name == "list":
        for index, inner in enumerate(value):
            yield from odd_choices(shape.member, inner, f"{path}[{index}]")
    elif shape.type_name == "map":
        for name, inner in value.items():
            yield from odd_choices(shape.value, inner, f"{path}.{name}")
    elif getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{path} is {value!r}, not one of {shape.enum}"


task = json.load(sys.stdin)
client = botocore.session.get_session().create_client(
    task["service"],
    region_name="eu-west-1",
    endpoint_url=task["endpoint"],
    aws_access_key_id="test",
    aws_secret_access_key="test",
    config=botocore.config.Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
)
methods = {operation: method for method, operation in client.meta.method_to_api_mapping.items()}
answers = []
for operation, parameters in task["calls"]:
    mistakes = list(odd_choices(client.meta.service_model.operation_model(operation).input_shape, parameters, operation))
    if mistakes:
        sys.exit("\n".join(mistakes))
    try:
        answer = getattr(client, methods[operation])(**parameters)
    except Exception as error:
        sys.exit(f"{operation}: {error}")
    if "Body" in answer:
        answer["Body"] = answer["Body"].read().decode()
    answer.pop("ResponseMetadata")
    answers.append(answer)
json.dump(answers, sys.stdout, default=str)
