use model::{ScimPreview, ScimRemark};

use crate::{
    cli::{failure::Failure, remote::Remote},
    config::ScimKind,
    http::component,
};

/// Prints what would be sent for one user or group. Exit code 2 where it cannot be sent.
pub async fn preview(remote: &Remote, path: &str, kind: ScimKind, name: &str) -> Result<(), Failure> {
    let kind = match kind {
        ScimKind::User => "users",
        ScimKind::Group => "groups",
    };
    let preview: ScimPreview = remote.read(&format!("{path}/preview/{kind}/{}", component(name))).await?;
    if !preview.in_scope {
        println!("{name} is not in scope, so nothing is sent");
    }
    for application in &preview.applications {
        println!("may open the application {application}");
    }
    for membership in &preview.memberships {
        println!("member of {}: {}", membership.group, membership.path.join(" → "));
    }
    preview.dropped.iter().for_each(|remark| told("left out:", remark));
    preview.refused.iter().for_each(|remark| told("REFUSED", remark));
    if !preview.json.is_empty() {
        println!("{}", preview.json);
    }
    if let Some(answer) = &preview.answer {
        println!("the service would answer {answer}");
    }
    match preview.failed {
        Some(why) => Err(Failure::refused(why)),
        None if preview.refused.is_empty() => Ok(()),
        None => Err(Failure::refused(format!("{name} cannot be sent as it is"))),
    }
}

fn told(mark: &str, remark: &ScimRemark) {
    println!("{mark} {remark}");
    if let Some(answer) = &remark.answer {
        println!("        sent as it is, the service would answer {answer}");
    }
}
