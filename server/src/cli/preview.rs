use domain::Services;
use model::{Decision, VerdictStatus};

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
        let why = if preview.access.decision == Decision::Denied { "access is denied" } else { "AWS would refuse it" };
        return Err(Failure::refused(format!("nothing would be issued: {why}")));
    }
    println!("{}", preview.xml);
    Ok(())
}
