import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handler(event, context):
    """Answers GET /notes and PUT /notes/{id}."""
    if event["httpMethod"] == "PUT":
        note = {"id": event["pathParameters"]["id"], "text": event["body"]}
        table.put_item(Item=note)
        return answer(note)
    return answer({"notes": table.scan(Limit=100)["Items"]})


def answer(content):
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(content),
    }
