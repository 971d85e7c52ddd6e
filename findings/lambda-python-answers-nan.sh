#!/usr/bin/env bash
# A Python function on Lambda that returns a float that is not a number succeeds, with an answer that is not JSON.
#
# Version:  awslambdaric 4.2.2, AWS's runtime interface client for Python
# Expected: what JSON cannot express is an error, as the runtime treats a set or a date ("Unable to marshal response"),
#           or null, as JavaScript's runtimes answer NaN.
# Seen:     the runtime sends `NaN` and `Infinity` as they are, and reports no error. Python's json module reads them;
#           JSON.parse throws.
# Why it matters: one empty cell in pandas or a mean of no values is enough. The function's metrics and logs show a
#           success, and the failure appears in the caller: a SyntaxError of code in JavaScript, or a failed state in
#           Step Functions. A test that calls the handler, or reads the answer in Python, does not see it.
# Source:   https://github.com/nasa/cumulus-message-adapter/issues/105 shows a Step Functions execution that such a
#           value ended; https://github.com/aws/chalice/issues/926 has the same in Chalice
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: awslambdaric==4.2.2

cat > app.py <<'EOF'
from datetime import date


def handler(event, context):
    return {"mean": date.max if event == "date" else float(event)}
EOF
cat > runtime_api.py <<'EOF'
# Lambda's runtime API as far as a runtime needs it: hands out events, prints what comes back
import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

events = ["1.5", "nan", "inf", "date"]
finished = Event()


class RuntimeApi(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": len(body)}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if not events:
            finished.set()
            Event().wait()
        function = "arn:aws:lambda:eu-west-1:123456789012:function:f"
        invocation = {"Lambda_Runtime_Aws_Request_Id": events[0], "Lambda_Runtime_Deadline_Ms": 9999999999999}
        invocation.update(Lambda_Runtime_Invoked_Function_Arn=function, Content_Type="application/json")
        self.answer(200, json.dumps(events.pop(0)).encode(), **invocation)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        [*_, event, kind] = self.path.split("/")
        print(event, kind, body if kind == "response" else json.loads(body)["errorType"], flush=True)
        self.answer(202, b"")


server = ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi)
server.daemon_threads = True
Thread(target=server.serve_forever, daemon=True).start()
environment = {**os.environ, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}", "LAMBDA_TASK_ROOT": "."}
runtime = subprocess.Popen([sys.executable, "-m", "awslambdaric", "app.handler"], env=environment, stdout=subprocess.DEVNULL)
finished.wait(60)
runtime.kill()
EOF
seen=$(venv/bin/python runtime_api.py)
diff - <(echo "$seen") <<'EOF'
1.5 response {"mean": 1.5}
nan response {"mean": NaN}
inf response {"mean": Infinity}
date error Runtime.MarshalError
EOF
node -e 'try { JSON.parse(`{"mean": NaN}`) } catch (error) { console.log(error.name) }' | grep -qx SyntaxError
echo "as described"
