use axum::{Json, http::StatusCode};
use domain::{Arrival, SignOn};
use model::{SamlCredential, SignedIn, Tile, VerdictStatus};

use super::{
    bearer::Bearer,
    given::Named,
    operation::{Least::Member, Operation},
};
use crate::http::problem::Problem;

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/me", Member, me)
            .named("read_me", "Who the token acts as, and with which role")
            .gives::<SignedIn>(200),
        Operation::get("/me/applications", Member, applications)
            .named("list_my_applications", "The applications that the owner of the token may open")
            .gives::<Vec<Tile>>(200),
        Operation::post("/me/sign-ons/{slug}", Member, sign_on)
            .named(
                "sign_on",
                "Sign the owner of the token on to an application: the very response that a browser would post",
            )
            .gives::<SamlCredential>(200),
    ]
}

async fn me(Bearer(caller): Bearer) -> Json<SignedIn> {
    Json(caller.signed_in())
}

async fn applications(Bearer(caller): Bearer) -> Result<Json<Vec<Tile>>, Problem> {
    Ok(Json(caller.member().tiles().await?))
}

async fn sign_on(Bearer(caller): Bearer, Named(slug): Named<String>) -> Result<Json<SamlCredential>, Problem> {
    match caller.sign_on(&slug, Arrival::IdpInitiated { role: None }).await? {
        SignOn::Issued(issued) => Ok(Json(issued)),
        SignOn::Denied { application, .. } => {
            let detail = format!("you may not open {application}; ask an administrator for access");
            Err(Problem::new(StatusCode::FORBIDDEN, "denied", detail))
        }
        SignOn::Withheld { application, failures, verdicts, .. } => {
            let failed = verdicts.iter().filter(|v| v.status == VerdictStatus::Failed);
            let why = failed.map(|v| format!("{}: {}", v.rule, v.found));
            let why: Vec<String> =
                why.chain(failures.iter().map(|f| format!("the mapping {} failed", f.mapping))).collect();
            let detail = format!("nothing was issued for {application}: {}", why.join("; "));
            Err(Problem::new(StatusCode::CONFLICT, "withheld", detail))
        }
        SignOn::NotOffered { application, role } => {
            let detail = format!("{application} does not offer you the role {role}; ask an administrator for it");
            Err(Problem::new(StatusCode::FORBIDDEN, "denied", detail))
        }
        SignOn::Answered(_) => Err(Problem::new(StatusCode::CONFLICT, "withheld", "the application was told no")),
    }
}
