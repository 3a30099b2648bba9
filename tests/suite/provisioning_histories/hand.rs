use std::collections::BTreeSet;

use aws_sandbox::IdentityCenter;
use reqwest::Method;
use serde_json::{Value, json};

use super::chance::Chance;

/// Somebody who works at the service itself, past Rolecall.
pub struct Hand {
    client: reqwest::Client,
    endpoint: String,
    token: String,
    /// The identifier of a user who is nobody of ours.
    pub stranger: String,
    /// What was there before anything of ours, as it was.
    pub foreign: Vec<Value>,
    /// Groups of ours, by their identifier there, that the stranger was put into.
    pub guest_in: BTreeSet<String>,
    pub requests: usize,
}

/// What was done by hand.
pub struct Done {
    pub told: String,
    /// The kind and `externalId` of what is not there any more.
    pub gone: Option<(String, String)>,
}

/// Rows of ours, in an order that does not depend on which request was faster.
fn ours(rows: &Value, name: &str) -> Vec<Value> {
    let rows = rows.as_array().unwrap().iter().filter(|row| row["externalId"].is_string());
    let mut rows: Vec<Value> = rows.cloned().collect();
    rows.sort_by_key(|row| text(row, name));
    rows
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}

impl Hand {
    /// Makes a user and a group that have nothing to do with us.
    pub async fn settle(center: &IdentityCenter, token: &str) -> Self {
        let mut this = Self {
            client: reqwest::Client::new(),
            endpoint: center.scim_endpoint(),
            token: token.to_owned(),
            stranger: String::new(),
            foreign: Vec::new(),
            guest_in: BTreeSet::new(),
            requests: 0,
        };
        let user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "stranger@example.com",
            "displayName": "By hand", "name": { "givenName": "By", "familyName": "Hand" }, "active": true,
            "emails": [{ "value": "stranger@example.com", "primary": true }],
        });
        let user = this.send(Method::POST, "/Users", Some(user)).await;
        this.stranger = text(&user, "id");
        let group = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Wardens",
            "members": [{ "value": this.stranger }],
        });
        this.send(Method::POST, "/Groups", Some(group)).await;
        let directory = center.directory();
        for kind in ["users", "groups"] {
            this.foreign.extend(directory[kind].as_array().unwrap().iter().cloned());
        }
        this
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self.client.request(method, format!("{}{path}", self.endpoint)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.requests += 1;
        let answer = request.send().await.unwrap();
        let (status, body) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{status} {body}");
        serde_json::from_str(&body).unwrap_or_default()
    }

    async fn patch(&mut self, path: &str, operation: Value) {
        let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation] });
        self.send(Method::PATCH, path, Some(body)).await;
    }

    /// Changes something of ours; None: there is nothing that could be changed so.
    pub async fn act(&mut self, directory: &Value, chance: &mut Chance) -> Option<Done> {
        let users = ours(&directory["users"], "userName");
        let groups = ours(&directory["groups"], "displayName");
        let (kind, user, group) = (chance.below(8), chance.pick(&users)?, chance.pick(&groups)?);
        let (user_path, group_path) =
            (format!("/Users/{}", text(&user, "id")), format!("/Groups/{}", text(&group, "id")));
        let (user_name, group_name) = (text(&user, "userName"), text(&group, "displayName"));
        let mut gone = None;
        let told = match kind {
            0 => {
                let value = format!("By Hand{}", self.requests);
                self.patch(&user_path, json!({ "op": "replace", "path": "displayName", "value": value })).await;
                format!("the display name of {user_name}")
            }
            1 => {
                let value = user["active"] != true;
                self.patch(&user_path, json!({ "op": "replace", "path": "active", "value": value })).await;
                format!("{user_name} is active: {value}")
            }
            2 => {
                self.send(Method::DELETE, &user_path, None).await;
                gone = Some(("users".to_owned(), text(&user, "externalId")));
                format!("{user_name} is deleted")
            }
            3 => {
                self.send(Method::DELETE, &group_path, None).await;
                gone = Some(("groups".to_owned(), text(&group, "externalId")));
                format!("{group_name} is deleted")
            }
            4 => {
                let value = format!("by hand {}", self.requests);
                self.patch(&group_path, json!({ "op": "replace", "path": "displayName", "value": value })).await;
                format!("{group_name} is called {value}")
            }
            5 => {
                let member = json!([{ "value": self.stranger }]);
                self.patch(&group_path, json!({ "op": "add", "path": "members", "value": member })).await;
                self.guest_in.insert(text(&group, "id"));
                format!("the stranger joins {group_name}")
            }
            _ => {
                let is_in = group["members"].as_array().unwrap().contains(&user["id"]);
                let (op, member) = (if is_in { "remove" } else { "add" }, json!([{ "value": user["id"] }]));
                self.patch(&group_path, json!({ "op": op, "path": "members", "value": member })).await;
                format!("{op} {user_name}, {group_name}")
            }
        };
        Some(Done { told: format!("by hand: {told}"), gone })
    }
}
