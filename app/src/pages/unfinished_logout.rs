use leptos::prelude::*;

use super::document::document;

/// A logout that waits for a service, which did not send the browser back. Applications by name.
#[derive(Debug, Clone, Default)]
pub struct UnfinishedLogoutPage {
    pub ended: Vec<String>,
    /// They said no, or could not be asked.
    pub failed: Vec<String>,
    /// Gone on without their answer.
    pub unanswered: Vec<String>,
    /// Asked last.
    pub waiting: Option<String>,
    /// Not asked yet.
    pub left: Vec<String>,
    /// The request that is out, which the buttons go on from.
    pub asked: String,
    /// How long one can go on.
    pub minutes: i64,
    /// Somebody has signed in again since.
    pub signed_in: bool,
    /// Whom an administrator signs out. None: whoever looks.
    pub whose: Option<String>,
    pub theme: String,
}

/// What is done, what did not answer, what is left, and how to go on. Plain forms, whose addresses are fixed: nothing here
/// comes from whoever was asked.
pub fn unfinished_logout(page: UnfinishedLogoutPage) -> String {
    let UnfinishedLogoutPage { ended, failed, unanswered, waiting, left, asked, minutes, signed_in, whose, theme } =
        page;
    let here = if let Some(username) = &whose {
        format!("{username} is signed out here, in every browser.")
    } else if signed_in {
        "This is about your last sign-out. You have signed in here again since.".to_owned()
    } else {
        "You are signed out here.".to_owned()
    };
    let still =
        if whose.is_some() { "There may still be a session there." } else { "You may still be signed in there." };
    let onward = if left.is_empty() { "Finish without it" } else { "Go on with the others" };
    let onward = if waiting.is_none() { "Go on" } else { onward };
    let again = waiting.clone().map(|name| {
        view! { <button type="submit" name="what" value="again">{format!("Ask {name} again")}</button> }
    });
    let silent = [waiting.into_iter().collect(), unanswered].concat();
    let facts = [
        ("Signed out of", ended, ""),
        ("No answer from", silent, still),
        ("Not signed out of", failed, "They said so, or could not be asked."),
        ("Not asked yet", left, ""),
    ];
    let facts = facts.into_iter().filter(|(_, names, _)| !names.is_empty()).map(|(label, names, help)| {
        let help = (!help.is_empty()).then(|| view! { <p class="help">{help}</p> });
        view! { <div><dt>{label}</dt><dd>{names.join(", ")}{help}</dd></div> }
    });
    let body = view! {
        <main class="card wide">
            <h1>"Signing out is not finished"</h1>
            <p>{here}</p>
            <dl class="facts">{facts.collect_view()}</dl>
            <form method="post" action="/logout/continue">
                <input type="hidden" name="asked" value=asked />
                <p class="actions">
                    <button type="submit" class="primary" name="what" value="others">{onward}</button>
                    {again}
                </p>
            </form>
            <p class="help">{format!("You can go on in this browser for {}.", lasting(minutes))}</p>
            <p><a href="/">"Go to your applications"</a></p>
        </main>
    };
    document("Signing out is not finished", &theme, body.into_any())
}

fn lasting(minutes: i64) -> String {
    if minutes == 1 { "another minute".to_owned() } else { format!("another {minutes} minutes") }
}

#[cfg(test)]
mod tests {
    use super::{UnfinishedLogoutPage, unfinished_logout};

    #[test]
    fn a_name_adds_no_markup_and_the_one_form_leads_nowhere_else() {
        let hostile = "\"><script>alert(1)</script><form action=\"https://evil.example\">".to_owned();
        let html = unfinished_logout(UnfinishedLogoutPage {
            waiting: Some(hostile.clone()),
            left: vec![hostile.clone()],
            ended: vec![hostile.clone()],
            asked: hostile,
            ..UnfinishedLogoutPage::default()
        });
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("<form").count(), 1, "{html}");
        assert!(html.contains("action=\"/logout/continue\""), "{html}");
    }

    #[test]
    fn the_button_says_what_it_does() {
        let page = |left: &[&str]| UnfinishedLogoutPage {
            waiting: Some("Wiki".into()),
            left: left.iter().map(|name| (*name).into()).collect(),
            ..UnfinishedLogoutPage::default()
        };
        assert!(unfinished_logout(page(&["Shop"])).contains("Go on with the others"));
        assert!(unfinished_logout(page(&[])).contains("Finish without it"));
        let asked_nobody = UnfinishedLogoutPage { waiting: None, ..page(&["Shop"]) };
        assert!(!unfinished_logout(asked_nobody).contains("again"));
    }
}
