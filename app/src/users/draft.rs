use domain::Error;
use model::{Attributes, FieldError, Role, User};

use super::words::ROLES;
use crate::drawn::Asked;

/// A user as it is typed.
#[derive(Debug, Clone, Default)]
pub struct UserDraft {
    pub username: String,
    pub name: String,
    pub given_name: String,
    pub family_name: String,
    pub email: String,
    pub active: bool,
    pub role: Role,
    pub service_account: bool,
    pub groups: Vec<String>,
    /// JSON.
    pub attributes: String,
}

impl UserDraft {
    /// What a form sent.
    pub fn typed(asked: &Asked) -> Self {
        let code = asked.field("role");
        Self {
            username: asked.text("username"),
            name: asked.text("name"),
            given_name: asked.text("given_name"),
            family_name: asked.text("family_name"),
            email: asked.text("email"),
            active: asked.ticked("active"),
            role: ROLES.iter().find(|(_, c, _)| *c == code).map(|(role, ..)| *role).unwrap_or_default(),
            service_account: asked.ticked("service_account"),
            groups: asked.all("groups"),
            attributes: asked.field("attributes").to_owned(),
        }
    }

    /// The user, or why the attributes are none. The `uid` is left to whoever keeps it.
    pub fn user(&self) -> Result<User, Error> {
        Ok(User {
            username: self.username.clone(),
            uid: String::new(),
            name: self.name.clone(),
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            email: self.email.clone(),
            active: self.active,
            role: self.role,
            service_account: self.service_account,
            groups: self.groups.iter().cloned().collect(),
            attributes: attributes(&self.attributes)?,
        })
    }
}

/// Attributes as they are typed: a JSON object; nothing at all is none.
pub fn attributes(text: &str) -> Result<Attributes, Error> {
    if text.trim().is_empty() {
        return Ok(Attributes::new());
    }
    serde_json::from_str(text).map_err(|why| {
        let why = format!("attributes are a JSON object, such as {{\"department\": \"Engines\"}}: {why}");
        Error::Invalid(vec![FieldError::new("attributes", why)])
    })
}

/// How attributes are shown for editing.
pub fn written(attributes: &Attributes) -> String {
    if attributes.is_empty() { String::new() } else { serde_json::to_string_pretty(attributes).unwrap_or_default() }
}

impl From<&User> for UserDraft {
    fn from(user: &User) -> Self {
        Self {
            username: user.username.clone(),
            name: user.name.clone(),
            given_name: user.given_name.clone(),
            family_name: user.family_name.clone(),
            email: user.email.clone(),
            active: user.active,
            role: user.role,
            service_account: user.service_account,
            groups: user.groups.iter().cloned().collect(),
            attributes: written(&user.attributes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::attributes;

    #[test]
    fn attributes_are_an_object_or_nothing() {
        assert!(attributes("  ").unwrap().is_empty());
        assert_eq!(attributes("{\"a\": [1]}").unwrap()["a"][0], 1);
        for bad in ["[]", "7", "{", "null"] {
            assert!(attributes(bad).is_err(), "{bad}");
        }
    }
}
