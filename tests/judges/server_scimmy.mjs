// A SCIM server made of scimmy and scimmy-routers, with its objects in memory: server_scimmy PORT TOKEN
// It prints one line when it listens. What the packages leave to their user is done here as RFC 7643 and RFC 7644 say.
import { randomUUID } from "node:crypto";
import { load } from "./common.mjs";

const [port, token] = process.argv.slice(2);
const SCIMMY = load("scimmy");
const Routers = load("scimmy-routers").default;
const express = load("express");
const { User, Group } = SCIMMY.Resources;

/** One kind of object: `name` is the attribute that is unique where `unique` says so. */
function keep(Resource, name, unique) {
  const objects = new Map();
  const found = (id) => {
    if (!objects.has(id)) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
    return objects.get(id);
  };
  Resource.ingress((resource, data) => {
    const id = resource.id ?? randomUUID();
    if (resource.id) found(id);
    const same = (other) => other.id !== id && other[name].toLowerCase() === data[name].toLowerCase();
    if (unique && [...objects.values()].some(same)) throw new SCIMMY.Types.Error(409, "uniqueness", `${data[name]} is taken`);
    const now = new Date();
    const meta = { created: objects.get(id)?.meta.created ?? now, lastModified: now };
    const object = { ...JSON.parse(JSON.stringify(data)), id, meta };
    objects.set(id, object);
    return object;
  });
  Resource.egress((resource) => {
    if (resource.id) return found(resource.id);
    const all = [...objects.values()];
    return resource.filter?.match(all) ?? all;
  });
  Resource.degress((resource) => {
    found(resource.id);
    objects.delete(resource.id);
  });
  return objects;
}

SCIMMY.Resources.declare(User.extend(SCIMMY.Schemas.EnterpriseUser, false));
SCIMMY.Resources.declare(Group);
keep(User, "userName", true);
keep(Group, "displayName", false);

const routers = new Routers({
  type: "bearer",
  handler: (request) => {
    if (request.header("Authorization") !== `Bearer ${token}`) throw new Error("the token is not known");
    return "rolecall";
  },
});
const app = express();
// The routers make numbers of these two, which Express 5 forgets: without it, each page would be the first one.
app.set("query parser", (text) => {
  const query = Object.fromEntries(new URLSearchParams(text));
  for (const name of ["startIndex", "count"]) if (query[name]) query[name] = Number(query[name]);
  return query;
});
app.use("/scim", routers).listen(Number(port), "127.0.0.1", () => console.log("listening"));
