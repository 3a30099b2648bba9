"""Exchanges a response for credentials with boto3, at endpoints that speak AWS's protocol.

Reads {endpoint_url, metadata_file, role_arn, principal_arn, response_base64} on standard input. Makes the SAML provider
(or gives an existing one the metadata) and the role, with the trust policy of AWS's guide, then calls AssumeRoleWithSAML.
Prints {accepted, result, error: {code, message}}.
"""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

case = json.load(sys.stdin)
settings = {
    "endpoint_url": case["endpoint_url"],
    "region_name": "us-east-1",
    "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key": "example",
    "config": Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=15),
}
iam, sts = boto3.client("iam", **settings), boto3.client("sts", **settings)
trust = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Federated": case["principal_arn"]},
            "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"],
            "Condition": {"StringEquals": {"SAML:aud": [case.get("acs_url") or case["endpoint_url"].rstrip("/") + "/saml"]}},
        }
    ],
}
verdict = {"accepted": False, "result": None, "error": None}
try:
    with open(case["metadata_file"], encoding="utf-8") as file:
        document = file.read()
    try:
        iam.create_saml_provider(Name=case["principal_arn"].rsplit("/", 1)[1], SAMLMetadataDocument=document)
    except iam.exceptions.EntityAlreadyExistsException:
        iam.update_saml_provider(SAMLProviderArn=case["principal_arn"], SAMLMetadataDocument=document)
    try:
        iam.create_role(RoleName=case["role_arn"].rsplit("/", 1)[1], AssumeRolePolicyDocument=json.dumps(trust))
    except iam.exceptions.EntityAlreadyExistsException:
        pass
    result = sts.assume_role_with_saml(
        RoleArn=case["role_arn"], PrincipalArn=case["principal_arn"], SAMLAssertion=case["response_base64"]
    )
    result.pop("ResponseMetadata", None)
    verdict.update(accepted=True, result=result)
except ClientError as error:
    verdict["error"] = {"code": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
except Exception as error:
    verdict["error"] = {"code": type(error).__name__, "message": str(error)}
json.dump(verdict, sys.stdout, default=str)
print()
