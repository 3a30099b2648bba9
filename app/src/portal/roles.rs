use leptos::prelude::*;
use model::RoleArn;

use crate::list::segment;

/// A role of AWS as a person reads it, in the order of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offer {
    /// Empty where the role is no ARN of IAM.
    account: String,
    name: String,
    arn: String,
}

impl Offer {
    /// What a mapping gives need not be an ARN; signing on says so then.
    fn read(arn: String) -> Self {
        match arn.parse::<RoleArn>() {
            Ok(role) => Self { account: role.account().to_owned(), name: role.name().to_owned(), arn },
            Err(_) => Self { account: String::new(), name: arn.clone(), arn },
        }
    }
}

/// The roles by account and name, each once.
pub fn offers(roles: Vec<String>) -> Vec<Offer> {
    let mut offers: Vec<Offer> = roles.into_iter().map(Offer::read).collect();
    offers.sort();
    offers.dedup();
    offers
}

/// The choice of a role before AWS. All of them go on to AWS's own chooser, as the tile does. Only links, which need no
/// JavaScript; the server answers them, not the router.
#[component]
pub fn RoleChooser(slug: String, href: String, offers: Vec<Offer>) -> impl IntoView {
    let title = format!("Choose one of {} AWS roles", offers.len());
    let rows = offers.into_iter().map(|Offer { account, name, arn }| {
        let to = address(&slug, &href, &arn);
        let account = (!account.is_empty()).then(|| view! { <span>{format!(" account {account}")}</span> });
        view! { <li><a href=to rel="external"><strong>{name}</strong>{account}</a></li> }
    });
    let rows: Vec<_> = rows.collect();
    view! {
        <details>
            <summary>{title}</summary>
            <ul class="plain">{rows}<li><a href=href rel="external">"All of them, to choose at AWS"</a></li></ul>
        </details>
    }
}

/// Where signing on with one role begins. A page of AWS's console that the tile leads to is kept; another launch address has
/// no place for a role.
fn address(slug: &str, href: &str, role: &str) -> String {
    let init = format!("/application/saml/{}/sso/binding/init/", segment(slug));
    let deep = href.strip_prefix(&init).filter(|rest| rest.starts_with("?RelayState=") && !rest.contains(['&', '#']));
    let (start, mark) = if deep.is_some() { (href, '&') } else { (init.as_str(), '?') };
    format!("{start}{mark}role={}", segment(role))
}

#[cfg(test)]
mod tests {
    use super::{address, offers};

    #[test]
    fn roles_stand_by_account_and_name_and_each_once() {
        let arn = |account: &str, name: &str| format!("arn:aws:iam::{account}:role/{name}");
        let (one, two) = ("111111111111", "222222222222");
        let given =
            vec![arn(two, "Admin"), arn(one, "team/Reader"), arn(one, "Admin"), arn(two, "Admin"), "odd".into()];
        let offers = offers(given);
        let read: Vec<_> = offers.iter().map(|offer| (offer.account.as_str(), offer.name.as_str())).collect();
        assert_eq!(read, [("", "odd"), (one, "Admin"), (one, "Reader"), (two, "Admin")]);
        assert_eq!(offers.get(2).map(|offer| offer.arn.clone()), Some(arn(one, "team/Reader")));
    }

    #[test]
    fn a_role_is_chosen_at_the_sign_on_of_the_application_whatever_the_tile_leads_to() {
        let init = "/application/saml/aws/sso/binding/init/";
        let narrowed = format!("{init}?role=a%3Ab%2Fc%2Bd%26e");
        for href in [
            init,
            "https://elsewhere.example/",
            "/application/saml/aws/sso/binding/init/?role=x",
            "/application/saml/aws/sso/binding/init/?RelayState=x&role=y",
            "/application/saml/aws/sso/binding/init/?RelayState=x#y",
        ] {
            assert_eq!(address("aws", href, "a:b/c+d&e"), narrowed, "{href}");
        }
        let deep = format!("{init}?RelayState=https%3A%2F%2Fconsole.aws.amazon.com%2Fec2%2F");
        assert_eq!(address("aws", &deep, "a:b"), format!("{deep}&role=a%3Ab"));
    }
}
