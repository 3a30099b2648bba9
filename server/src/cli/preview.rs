use domain::Services;
use model::{Decision, Preview, VerdictStatus};

use super::failure::Failure;

/// Prints the assertion a person would get and AWS's verdicts. Exit code 2 where nothing would be issued.
pub async fn preview(services: &Services, application: &str, user: &str) -> Result<(), Failure> {
    let preview = services.preview(application, user, "127.0.0.1").await?;
    println!("access: {}", preview.access.summary);
    for step in &preview.access.steps {
        println!("  {} {}: {}", if step.passed { "passed" } else { "failed" }, step.binding, step.reason);
    }
    println!("NameID: {} ({})", preview.name_id, preview.name_id_format);
    for attribute in &preview.attributes {
        for value in &attribute.values {
            println!("{} = {value}    [{}]", attribute.name, attribute.source);
        }
    }
    for (mapping, message) in &preview.mapping_errors {
        println!("mapping `{mapping}` failed: {message}");
    }
    for verdict in &preview.verdicts {
        let mark = match verdict.status {
            VerdictStatus::Passed => "ok     ",
            VerdictStatus::Warning => "warning",
            VerdictStatus::Failed => "REFUSED",
        };
        println!("{mark} {}: {}", verdict.rule, verdict.found);
        if !verdict.aws_message.is_empty() && verdict.status == VerdictStatus::Failed {
            println!("        AWS would say: {}", verdict.aws_message);
        }
    }
    if preview.xml.is_empty() {
        return Err(Failure::refused(format!("nothing would be issued: {}", why_nothing(&preview))));
    }
    println!("{}", preview.xml);
    Ok(())
}

/// Why there is no response. A service that is not AWS has no verdicts.
fn why_nothing(preview: &Preview) -> &'static str {
    if preview.access.decision == Decision::Denied {
        "access is denied"
    } else if preview.verdicts.iter().any(|verdict| verdict.status == VerdictStatus::Failed) {
        "AWS would refuse it"
    } else {
        "a mapping that it needs failed"
    }
}

#[cfg(test)]
mod tests {
    use model::{AccessTrace, Verdict};

    use super::*;

    #[test]
    fn aws_is_blamed_for_its_own_rules_only() {
        let preview = |decision, verdicts| Preview {
            application: "wiki".to_owned(),
            username: "ada".to_owned(),
            access: AccessTrace { decision, summary: String::new(), steps: Vec::new() },
            name_id: String::new(),
            name_id_format: String::new(),
            attributes: Vec::new(),
            verdicts,
            mapping_errors: vec![("NameID".to_owned(), "the user ada has no email address".to_owned())],
            xml: String::new(),
        };
        let verdict = |status| Verdict {
            rule: "NameID".to_owned(),
            status,
            found: String::new(),
            aws_message: String::new(),
            source: String::new(),
        };
        for (decision, verdicts, why) in [
            (Decision::Denied, vec![verdict(VerdictStatus::Failed)], "access is denied"),
            (Decision::Granted, vec![verdict(VerdictStatus::Failed)], "AWS would refuse it"),
            (Decision::Granted, vec![verdict(VerdictStatus::Warning)], "a mapping that it needs failed"),
            (Decision::Granted, Vec::new(), "a mapping that it needs failed"),
        ] {
            assert_eq!(why_nothing(&preview(decision, verdicts)), why);
        }
    }
}
