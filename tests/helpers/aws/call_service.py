"""Checks calls against botocore's models, and makes them if an endpoint is given.

Standard input is {"service", "endpoint", "calls": [[operation, parameters], …]}. An operation of another service, which can
only be checked, is prefixed with the service, as in `events:PutRule`. The script prints the responses as a JSON list, or one
mistake per line. botocore leaves the check of enumerations to the service, so they are checked here.
"""

import json
import sys

import botocore.config
import botocore.session
from botocore.validate import ParamValidator

session = botocore.session.get_session()
task = json.load(sys.stdin)


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


def mistakes(operation, parameters):
    service, _, name = operation.rpartition(":")
    shape = session.get_service_model(service or task["service"]).operation_model(name).input_shape
    report = ParamValidator().validate(parameters, shape)
    if report.has_errors():
        yield f"{operation}: {report.generate_report()}"
    yield from odd_choices(shape, parameters, operation)


found = [mistake for call in task["calls"] for mistake in mistakes(*call)]
if found:
    sys.exit("\n".join(found))
if "endpoint" not in task:
    sys.exit()
client = session.create_client(
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
    try:
        answer = getattr(client, methods[operation])(**parameters)
    except Exception as error:
        sys.exit(f"{operation}: {error}")
    if "Body" in answer:
        answer["Body"] = answer["Body"].read().decode()
    answer.pop("ResponseMetadata")
    answers.append(answer)
json.dump(answers, sys.stdout, default=str)
