"""What the logging module writes. See https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html"""

import json
import logging
import os
import sys
import time
import traceback

from . import channel

#: Lambda's names for levels, where Python has others.
LEVELS = {"TRACE": "DEBUG", "WARN": "WARNING", "FATAL": "CRITICAL"}


class JsonFormatter(logging.Formatter):
    standard = set(vars(logging.makeLogRecord({})))

    def format(self, record):
        message = record.msg if isinstance(record.msg, dict) and not record.args else record.getMessage()
        line = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "message": message,
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0]:
            kind, error, frames = record.exc_info
            line["stackTrace"] = traceback.format_tb(frames)
            line["errorType"] = kind.__name__
            line["errorMessage"] = str(error)
            line["location"] = "{}:{}:{}".format(record.pathname, record.funcName, record.lineno)
        line["requestId"] = channel.current_request
        extra = {name: value for name, value in vars(record).items() if name not in self.standard and name not in line}
        given = {name: value for name, value in {**line, **extra}.items() if value is not None}
        return json.dumps(given, ensure_ascii=False, default=str)


class TextHandler(logging.StreamHandler):
    """Lambda's text has the time and the request as well. Callers get them in the log tail, which adds them by the level."""

    def emit(self, record):
        channel.current_level = "[{}]".format(record.levelname)
        try:
            super().emit(record)
        finally:
            channel.current_level = None


def set_up():
    is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
    handler = (logging.StreamHandler if is_json else TextHandler)(sys.stdout)
    root = logging.getLogger()
    root.addHandler(handler)
    if is_json:
        handler.setFormatter(JsonFormatter())
        level = os.environ["AWS_LAMBDA_LOG_LEVEL"]
        root.setLevel(LEVELS.get(level, level))
    else:
        handler.setFormatter(logging.Formatter("[%(levelname)s] %(message)s"))
