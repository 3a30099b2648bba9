"""Whether scim2-models takes what Rolecall sends, by the rules of RFC 7643 and RFC 7644."""

import copy

from scim2_models import Context, EnterpriseUser, Group, PatchOp, User

KINDS = {"Users": User[EnterpriseUser], "Groups": Group}
PATCHES = {"Users": PatchOp[User[EnterpriseUser]], "Groups": PatchOp[Group]}


def as_the_standard(dialect, body):
    """AWS takes members out by `path: members` and a list of values, which the standard has no word for: each value
    becomes the path that the standard has. Nothing else may differ, and nobody else may be sent it."""
    body = copy.deepcopy(body)
    if dialect != "aws":
        return body
    operations = []
    for operation in body["Operations"]:
        if operation["op"] == "remove" and operation.get("path") == "members" and operation.get("value"):
            for member in operation["value"]:
                assert list(member) == ["value"], member
                operations.append({"op": "remove", "path": f'members[value eq "{member["value"]}"]'})
        else:
            operations.append(operation)
    return body | {"Operations": operations}


def fault_of(dialect, method, path, body):
    """What is wrong with a request, or nothing."""
    endpoint = path.split("?")[0].strip("/").split("/")[0]
    if body is None or endpoint not in KINDS:
        return None
    try:
        if method == "POST":
            KINDS[endpoint].model_validate(body, scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        elif method == "PUT":
            KINDS[endpoint].model_validate(body, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
        elif method == "PATCH":
            PATCHES[endpoint].model_validate(as_the_standard(dialect, body), scim_ctx=Context.RESOURCE_PATCH_REQUEST)
    except (ValueError, AssertionError) as error:
        return str(error).replace("\n", " ")
    return None
