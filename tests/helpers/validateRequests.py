"""Checks requests, as [[operation, parameters], …] on standard input, against botocore's models.

The argument names the service; an operation of another one has its name before it, as in `events:PutRule`. Prints one
mistake a line. botocore leaves enumerations to the service, so they are checked here.
"""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator

session = botocore.session.get_session()


def odd_choices(shape, value, path):
    if shape.type_name == "structure":
        for name, inner in value.items():
            if name in shape.members:
                yield from odd_choices(shape.members[name], inner, f"{path}.{name}")
    elif shape.type_name == "list":
        for index, inner in enumerate(value):
            yield from odd_choices(shape.member, inner, f"{path}[{index}]")
    elif getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{path} is {value!r}, not one of {shape.enum}"


for operation, parameters in json.load(sys.stdin):
    service, _, name = operation.rpartition(":")
    model = session.get_service_model(service or sys.argv[1])
    shape = model.operation_model(name).input_shape
    report = ParamValidator().validate(parameters, shape)
    if report.has_errors():
        print(f"{operation}: {report.generate_report()}")
    for mistake in odd_choices(shape, parameters, operation):
        print(mistake)
