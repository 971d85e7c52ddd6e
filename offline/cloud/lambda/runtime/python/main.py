"""The Lambda runtime inside a process: loads a function and runs one event at a time."""

import os
import queue
import re
import sys
import threading

from pulumi_offline import channel, function, logs


def main():
    os.set_inheritable(channel.CHANNEL, False)
    sys.stdout = channel.open_output(1)
    sys.stderr = channel.open_output(2)
    invocations = queue.SimpleQueue()
    threading.Thread(target=channel.receive, args=(invocations.put,), daemon=True).start()
    # Until now, the runtime's own folder.
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    logs.set_up()
    try:
        handler = function.load(os.environ["_HANDLER"])
    except Exception as error:
        return channel.send({"type": "crashed", "error": function.describe(error, "")})
    check_boto()
    channel.send({"type": "ready"})
    while True:
        invocation = invocations.get()
        channel.current_request = invocation["requestId"]
        os.environ["_X_AMZN_TRACE_ID"] = invocation["trace"]
        outcome = function.call(handler, invocation)
        check_boto()
        channel.send({"type": "done", "outcome": {**outcome, "heapBytes": used_bytes()}})


def check_boto():
    """Says so if the function has loaded a botocore that does not know AWS_ENDPOINT_URL."""
    version = getattr(sys.modules.get("botocore"), "__version__", None)
    if version is None or tuple(map(int, version.split(".")[:2])) >= (1, 31):
        return
    problem = "calls AWS itself, which does not know the function's keys: use boto3 1.28 or later"
    sys.stderr.write("botocore {} {}\n".format(version, problem))


def used_bytes():
    """The most memory that the process has had. What getrusage says begins, on Linux, with the memory of the parent."""
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) * 1024
    except OSError:
        return None


main()
