"""Loads a function and calls it, and describes its failures as Lambda's own runtime does."""

import importlib
import json
import os
import re
import sys
import traceback
import uuid
from decimal import Decimal

from .context import Context

RUNTIME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
#: The largest response to a synchronous invocation: 6 MB and the envelope.
MAX_RESPONSE_BYTES = 6_291_556
TOO_LARGE = {
    "errorType": "Function.ResponseSizeTooLarge",
    "errorMessage": "Response payload size exceeded maximum allowed payload size ({} bytes).".format(MAX_RESPONSE_BYTES),
}
#: Marks numbers that must keep each of their digits.
DIGITS = uuid.uuid4().hex


class Fault(Exception):
    """A failure that the runtime itself names."""

    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.trace = list(trace)


class Encoder(json.JSONEncoder):
    def default(self, value):
        if not isinstance(value, Decimal):
            return super().default(value)
        return float("nan") if value.is_nan() else DIGITS + str(value)


def load(name):
    """Returns the function that a handler name such as `src/app.handler` stands for."""
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '{}': {}".format(name, error))
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = "Cannot use built-in module {} as a handler module".format(module_name)
        raise Fault("Runtime.BuiltInModuleConflict", message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        explain_missing(error)
        raise Fault("Runtime.ImportModuleError", "Unable to import module '{}': {}".format(module_name, error))
    except SyntaxError as error:
        trace = ['  File "{}" Line {}\n    {}'.format(error.filename, error.lineno, error.text)]
        message = "Syntax error in module '{}': {}".format(module_name, error)
        raise Fault("Runtime.UserCodeSyntaxError", message, trace)
    try:
        return getattr(module, function_name)
    except AttributeError:
        message = "Handler '{}' missing on module '{}'".format(function_name, module_name)
        raise Fault("Runtime.HandlerNotFound", message)


def call(handler, invocation):
    """Returns the outcome of an invocation."""
    try:
        payload = encode(handler(json.loads(invocation["payload"]), Context(invocation)))
    except Exception as error:
        return {"error": describe(error, invocation["requestId"])}
    return {"payload": payload} if len(payload.encode("utf-8", "replace")) <= MAX_RESPONSE_BYTES else {"error": TOO_LARGE}


def encode(result):
    if isinstance(result, bytes):
        return result.decode("utf-8", "replace")
    try:
        text = json.dumps(result, cls=Encoder, ensure_ascii=False)
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: {}".format(error))
    return re.sub('"{}([^"]*)"'.format(DIGITS), r"\1", text)


def describe(error, request_id):
    """The payload that the caller of a failed function gets."""
    if isinstance(error, Fault):
        error_type, trace = error.error_type, error.trace
    else:
        explain_missing(error)
        frames = [(one.filename, one.lineno, one.name, one.line) for one in traceback.extract_tb(error.__traceback__)]
        # Frames of the runtime tell the author of a handler nothing.
        while frames and frames[0][0].startswith(RUNTIME):
            frames.pop(0)
        error_type, trace = type(error).__name__, traceback.format_list(frames)
    return {"errorMessage": str(error), "errorType": error_type, "requestId": request_id, "stackTrace": trace}


def explain_missing(error):
    """boto3 is part of Lambda's runtimes, so that functions rarely bring it along."""
    if isinstance(error, ImportError) and (error.name or "").split(".")[0] in ("boto3", "botocore"):
        install = "{} -m pip install boto3".format(sys.executable)
        sys.stderr.write("Lambda's runtime has {}, but this Python does not: run {}\n".format(error.name, install))
