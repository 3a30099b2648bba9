use model::Decision;
use tests::World;

const INIT: &str = "/application/saml/aws/sso/binding/init/";

const POLICIES: &str = "policies:
  - { name: 'yes', expression: return True }
  - { name: 'no', expression: return False }
  - { name: broken, expression: return user.nope }
";

/// Of Ada, who is in `aws-admins` and through it in `engineers`: the mode, the bindings, and whether she may.
const CASES: [(&str, &str, bool); 22] = [
    ("any", "{ group: aws-admins }", true),
    ("any", "{ group: engineers }", true),
    ("any", "{ group: aws-readers }", false),
    ("any", "{ group: aws-readers, negate: true }", true),
    ("any", "{ group: engineers, negate: true }", false),
    ("any", "{ user: ada }", true),
    ("any", "{ user: grace }", false),
    ("any", "{ user: grace, negate: true }", true),
    ("any", "{ policy: 'yes' }", true),
    ("any", "{ policy: 'no' }", false),
    ("any", "{ policy: 'no', negate: true }", true),
    ("any", "{ policy: broken }", false),
    // A policy that fails has no answer that could be turned round.
    ("any", "{ policy: broken, negate: true }", false),
    ("any", "{ policy: broken, failure_result: true }", true),
    ("any", "{ policy: broken, failure_result: true, negate: true }", true),
    ("any", "{ user: grace }, { group: engineers }", true),
    ("all", "{ user: grace }, { group: engineers }", false),
    ("all", "{ user: ada }, { group: engineers }, { policy: 'yes' }", true),
    ("all", "{ user: ada }, { policy: broken }", false),
    ("all", "{ user: ada }, { policy: broken, failure_result: true }", true),
    // One that is switched off is not asked; with none left, nobody may.
    ("all", "{ user: ada }, { policy: 'no', enabled: false }", true),
    ("any", "{ user: ada, enabled: false }", false),
];

#[tokio::test(flavor = "multi_thread")]
async fn who_may_open_an_application_follows_from_its_bindings_in_preview_and_sign_on_alike() {
    let world = World::new().await;
    world.apply(&format!("version: 1\n{POLICIES}")).await;
    let ada = world.signed_in("ada").await;
    for (mode, bindings, may) in CASES {
        let application = format!(
            "version: 1\napplications: [{{ slug: aws, name: AWS, saml_provider: aws-iam, policy_engine_mode: {mode}, bindings: [{bindings}] }}]"
        );
        world.apply(&application).await;
        let access = world.services.preview("aws", "ada", "").await.unwrap().access;
        let wanted = if may { Decision::Granted } else { Decision::Denied };
        assert_eq!(access.decision, wanted, "{mode} of {bindings}: {}", access.summary);
        let answer = ada.get(INIT).await;
        assert_eq!(answer.status, if may { 200 } else { 403 }, "{mode} of {bindings}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bindings_are_asked_in_their_order_and_the_trace_says_what_each_of_them_gave() {
    let world = World::new().await;
    let bindings =
        "[{ policy: 'no', order: 30 }, { user: grace, negate: true, order: 20 }, { group: engineers, order: 10 }]";
    world
        .apply(&format!(
            "version: 1\n{POLICIES}applications: [{{ slug: aws, name: AWS, saml_provider: aws-iam, policy_engine_mode: all, bindings: {bindings} }}]"
        ))
        .await;
    let access = world.services.preview("aws", "ada", "").await.unwrap().access;
    let steps: Vec<_> = access.steps.iter().map(|step| (step.binding.as_str(), step.passed)).collect();
    assert_eq!(steps, [("group engineers", true), ("not user grace", true), ("policy no", false)]);
    assert_eq!(access.steps[0].reason, "ada is a member through a nested group");
    assert_eq!(access.decision, Decision::Denied);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_portal_is_searched_without_javascript() {
    let world = World::new().await;
    let team = |n: usize| {
        format!(
            "  - {{ slug: team-{n}, name: Team {n}, launch_url: \"https://team-{n}.example/\", bindings: [{{ user: ada }}] }}\n"
        )
    };
    let text = format!("version: 1\napplications:\n{}", (0..7).map(team).collect::<String>());
    world.apply(&text).await;
    let ada = world.signed_in("ada").await;
    let all = ada.get("/").await.body;
    let form = tests::forms(&all).into_iter().find(|form| form.field("q").is_some()).unwrap();
    assert!(["", "/"].contains(&form.action.as_str()), "{}", form.action);
    let found = ada.get("/?q=team+3").await.body;
    for n in 0..7 {
        let tile = format!("https://team-{n}.example/");
        assert!(all.contains(&tile), "{tile}");
        // What the browser goes on with has all of them; of the links there is one.
        assert_eq!(found.contains(&format!("href=\"{tile}\"")), n == 3, "{tile}");
    }
    assert!(found.contains("value=\"team 3\""), "{found}");
}
