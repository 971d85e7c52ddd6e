"""The second argument of a handler."""

import os
import sys
import time


class Record:
    """Has the named attributes; those without a value are None."""

    def __init__(self, names, values):
        for name in names.split():
            setattr(self, name, values.get(name))

    def __repr__(self):
        return "{}({})".format(type(self).__name__, vars(self))


class Context:
    """See https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, invocation):
        self.aws_request_id = invocation["requestId"]
        self.invoked_function_arn = invocation["invokedFunctionArn"]
        self.function_version = invocation["functionVersion"]
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        # A text, as in Lambda.
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.tenant_id = invocation.get("tenantId")
        self.identity = Record("cognito_identity_id cognito_identity_pool_id", {})
        self.client_context = read_client_context(invocation.get("clientContext"))
        self._deadline = invocation["deadline"]

    def get_remaining_time_in_millis(self):
        return max(0, int(self._deadline - time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


def read_client_context(given):
    if given is None:
        return None
    context = Record("custom env client", given)
    if context.client is not None:
        names = "installation_id app_title app_version_name app_version_code app_package_name"
        context.client = Record(names, context.client)
    return context
