"""A table, a Python function that may use it, and an API that calls the function."""

import pulumi
import pulumi_graviton as graviton

notes = graviton.ItemsTable("notes", ttl_attribute="expiresAt")

handler = graviton.LambdaFunction(
    "notes",
    runtime="python3.13",
    code=pulumi.FileArchive("app"),
    handler="notes.handler",
    access=[notes.crud_access],
)
target = {"function_name": handler.function_name, "invoke_arn": handler.invoke_arn}

api = graviton.ServerlessApi(
    "api",
    title="Notes",
    routes={
        "GET /notes": {"operation_id": "listNotes", "auth": graviton.ApiAuth.NONE, "function": target},
        "PUT /notes/{id}": {"operation_id": "writeNote", "function": target},
    },
)

pulumi.export("url", api.url)
