use std::{fmt::Write as _, path::Path, process::Command};

use crate::{Outcome, process::rolecall};

/// Groups that the people are spread over.
const GROUPS: usize = 100;
pub const PASSWORD: &str = "analytical-engine-1843";

/// Fills a store in `folder/data` with `people` people, `root`, who has a password, and two applications: the provider of
/// `aws` says nothing of the last responses, so ten are kept, and that of `aws-keeping-none` keeps none.
pub fn fill(folder: &Path, people: usize) -> Outcome<()> {
    let file = folder.join("people.yaml");
    std::fs::write(&file, text(people)).map_err(|e| e.to_string())?;
    let output = Command::new(rolecall()?)
        .arg("apply")
        .arg(&file)
        .arg("--data-dir")
        .arg(folder.join("data"))
        .output()
        .map_err(|e| e.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn text(people: usize) -> String {
    let mut text = String::from("version: 1\ngroups:\n");
    for group in 0..GROUPS {
        let _ = writeln!(text, "  - {{ name: group-{group:03}, attributes: {{ aws_role: Role{group} }} }}");
    }
    text.push_str("users:\n");
    let _ = writeln!(
        text,
        "  - {{ username: root, name: Root, email: root@example.com, password: {PASSWORD}, administrator: true, groups: [group-000] }}"
    );
    for person in 0..people {
        let group = person % GROUPS;
        let _ = writeln!(
            text,
            "  - {{ username: person{person:06}, name: Person {person}, given_name: Person, family_name: N{person}, \
             email: person{person}@example.com, groups: [group-{group:03}], attributes: {{ department: D{group} }} }}"
        );
    }
    text.push_str(
        r#"property_mappings:
  - name: role
    kind: saml
    saml_name: https://aws.amazon.com/SAML/Attributes/Role
    expression: |
      role_name = user.group_attributes().get("aws_role", "")
      return f"arn:aws:iam::123412341234:role/{role_name},arn:aws:iam::123412341234:saml-provider/rolecall"
  - name: session name
    kind: saml
    saml_name: https://aws.amazon.com/SAML/Attributes/RoleSessionName
    expression: return user.username
saml_providers:
  - { name: aws, acs_url: "https://signin.aws.amazon.com/saml", audience: "urn:amazon:webservices", property_mappings: [role, session name] }
  - { name: aws-keeping-none, acs_url: "https://signin.aws.amazon.com/saml", audience: "urn:amazon:webservices", property_mappings: [role, session name], keep_responses: 0 }
applications:
  - { slug: aws, name: AWS, saml_provider: aws, bindings: [{ group: group-000 }] }
  - { slug: aws-keeping-none, name: AWS, saml_provider: aws-keeping-none, bindings: [{ group: group-000 }] }
"#,
    );
    text
}
