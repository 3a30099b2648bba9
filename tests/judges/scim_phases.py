"""What happens here, phase by phase, as declarative files; and what must then be there, worked out once more in Python."""

import json

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
NAMES = {"ada": 'Zoë "Ada" O\'Neil \\ 𝄞', "grace": "Grace Hopper"}
MAPPINGS = """
property_mappings:
  - name: person
    kind: scim_user
    expression: |
      more = user.attributes
      mails = [{"value": user.email, "type": "work", "primary": True}]
      if more.get("second"):
          mails.append({"value": more.get("second"), "type": "home"})
      result = {"userName": more.get("login", user.username), "externalId": user.uid, "displayName": user.name,
                "name": {"givenName": user.given_name, "familyName": user.family_name}, "active": user.is_active,
                "emails": mails, "title": more.get("title"), "nickName": None, "photos": None, "shoeSize": 43,
                "phoneNumbers": [{"value": "+44 1", "type": "work"}],
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": more.get("department")}}
      return result
  - name: team
    kind: scim_group
    expression: 'return {"displayName": group.attributes.get("title", group.name)}'
"""


class World:
    """People by name: groups, whether active, attributes; groups by name: the title."""

    def __init__(self, url, token, dialect):
        self.url, self.token, self.dialect = url, token, dialect
        self.people = {name: ({"crew", "sea"}, True, {"department": "Engines"}) for name in ["ada", "grace"]}
        for n in range(28):
            self.people[f"sailor{n:02}"] = ({"crew"}, True, {})
        self.groups = {"crew": "crew", "sea": "sea", "air": "air & more"}
        self.pushed = ["crew", "sea", "air"]
        self.settings = "deprovision: deactivate"

    def file(self):
        text = ["version: 1", "groups:"]
        text += [f"  - {{ name: {name}, attributes: {{ title: {json.dumps(title)} }} }}" for name, title in self.groups.items()]
        text.append("users:")
        for name, (groups, active, attributes) in self.people.items():
            full = json.dumps(NAMES.get(name, name.title()))
            text.append(
                f"  - {{ username: {name}, uid: uid-{name}, name: {full}, given_name: {name}, family_name: Kin,"
                f" email: {name}@example.com, active: {str(active).lower()}, groups: {json.dumps(sorted(groups))},"
                f" attributes: {json.dumps(attributes)} }}"
            )
        text.append(MAPPINGS)
        text.append(
            f"scim_providers: [{{ name: judge, url: {json.dumps(self.url)}, token: {json.dumps(self.token)}, dialect: {self.dialect},"
            f" user_mappings: [person], group_mappings: [team], groups: {json.dumps(self.pushed)}, {self.settings},"
            " removal_threshold: { count: 1000, percent: 100 }, writes_per_second: 1000 }]"
        )
        text.append("applications: [{ slug: app, name: App, backchannel_providers: [judge], bindings: [{ group: crew }] }]")
        return "\n".join(text) + "\n"

    def expected(self, before=()):
        """Users by `userName`, and groups by `displayName` with the `userName`s of their members. `before`: users who
        are there and left the scope."""
        users, groups = dict(before), {self.groups[name]: [] for name in self.pushed}
        for name, (memberships, active, more) in self.people.items():
            if "crew" not in memberships:
                continue
            mails = [{"value": f"{name}@example.com", "type": "work", "primary": True}]
            if "second" in more:
                mails.append({"value": more["second"], "type": "home"})
            user = {
                "userName": more.get("login", name),
                "externalId": f"uid-{name}",
                "displayName": NAMES.get(name, name.title()),
                "name": {"givenName": name, "familyName": "Kin"},
                "active": active,
                "emails": mails,
                "phoneNumbers": [{"value": "+44 1", "type": "work"}],
            }
            if "title" in more:
                user["title"] = more["title"]
            if "department" in more:
                user[ENTERPRISE] = {"department": more["department"]}
            users[user["userName"]] = user
            for group in memberships & set(self.pushed):
                groups[self.groups[group]].append(user["userName"])
        return users, {name: sorted(members) for name, members in groups.items()}


def phases(world):
    """(what, the writes that it takes at most, users who left and are still there); the world is changed between them."""
    yield "everybody is made", 30 + 3 + 2, {}
    groups, active, _ = world.people["ada"]
    world.people["ada"] = (groups, active, {"department": "Sea & <Air>", "title": "Captain", "second": "a@home.example"})
    yield "attributes change and one is new", 1, {}
    world.people["ada"] = (groups, active, {"department": "Sea & <Air>"})
    yield "two attributes go", 1, {}
    for name in ["sailor00", "sailor01", "sailor02"]:
        world.people[name] = ({"crew", "sea", "air"}, True, {})
    yield "members come", 2, {}
    world.people["ada"] = ({"crew"}, True, {"department": "Sea & <Air>"})
    world.people["sailor00"] = ({"crew", "air"}, True, {})
    yield "members go", 1, {}
    world.groups["sea"] = 'The "Sea"'
    world.people["sailor03"] = ({"crew"}, True, {"login": "captain@example.com"})
    yield "a group and a user are renamed", 2, {}
    world.people["sailor04"] = ({"crew"}, True, {"login": "sailor05"})
    world.people["sailor05"] = ({"crew"}, True, {"login": "sailor04"})
    yield "two users trade names", 3, {}
    world.people["grace"] = ({"crew", "sea"}, False, {"department": "Engines"})
    yield "somebody is deactivated", 1, {}
    left = world.expected()[0]["sailor06"] | {"active": False}
    world.people["sailor06"] = (set(), True, {})
    yield "somebody leaves the scope and keeps the account", 2, {"sailor06": left}
    world.settings = "deprovision: delete, group_deprovision: delete"
    world.people["sailor01"] = (set(), True, {})
    world.pushed = ["crew", "sea"]
    yield "leaving deletes, users and a group", 6, {}
