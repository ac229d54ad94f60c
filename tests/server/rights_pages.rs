//! The pages of what users hold, as a browser without script has them.

use portico::{
    access::{Action, ApiScope, BuiltIn},
    rights::model::Change,
};

use super::{
    rights_support::{api, areas, furnish, id, in_region, may, put},
    support::{PASSWORD, TestApp},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_users_page_shows_what_they_hold_and_answers_why() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let address = format!("/users/{}", id(&lars));
    let page = site.get(&address, &cookie).await.text().await.unwrap().replace("<!>", "");
    assert!(page.contains("<h2 id=\"held-title\">Rights</h2>"), "one region is not spoken of");
    assert!(!page.contains("All regions") && !page.contains("name=\"region\""));
    furnish(&app).await;
    let theirs = app.assignment(&lars).await;
    let change = Change { apis: Some(ApiScope::Chosen(vec![api(&app, "tides").await])), ..areas(&["apis"], &[]) };
    put(&amara, &lars, Some(theirs), &in_region(change, "eu")).await.unwrap();
    let page = site.get(&address, &cookie).await.text().await.unwrap().replace("<!>", "");
    for said in [
        "Rights per region",
        "EU",
        "Areas: API management",
        "Edit Member in EU",
        "Remove Member in EU",
        "Chosen for Member",
        "Add role",
        "<datalist id=\"why-apis\"",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let asked = format!("{address}?feature=apis&action=view&api=tides&region=eu");
    let page = site.get(&asked, &cookie).await.text().await.unwrap().replace("<!>", "");
    for said in [
        "Allowed",
        "Member with the area API management permits View",
        "Tides is reachable",
        "It is in the scope of the role",
        "Given by Amara on ",
        "Copy link",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let page =
        site.get(&asked.replace("region=eu", "region=us"), &cookie).await.text().await.unwrap().replace("<!>", "");
    for said in
        ["Denied", "at gate 3 of 4", "Scope does not cover this in US", "The smallest changes that would allow it"]
    {
        assert!(page.contains(said), "{said}");
    }
    assert_eq!(site.get(&format!("{address}?feature=apis&action=fly"), &cookie).await.status(), 422);
    // Whose own page it is sees it, and no button on it.
    let own = site.get(&format!("/users/{}", id(&amara)), &cookie).await.text().await.unwrap().replace("<!>", "");
    assert!(own.contains("This is your own account.") && !own.contains("Add role"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_the_form_shows_what_changes_and_keeps_what_was_typed() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Visitor).await;
    furnish(&app).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let (user, theirs) = (id(&lars).to_string(), app.assignment(&lars).await.to_string());
    let address = format!("/users/{user}?rights={theirs}");
    let page = site.get(&address, &cookie).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap().replace("<!>", "");
    for said in ["Rights of Lars", "Show what changes", "All current and future APIs", "All regions"] {
        assert!(page.contains(said), "{said}");
    }
    let was =
        page.split("name=\"form[was]\" value=\"").nth(1).unwrap().split('"').next().unwrap().replace("&quot;", "\"");
    let fields = [
        ("form[user]", user.as_str()),
        ("form[id]", theirs.as_str()),
        ("form[was]", was.as_str()),
        ("form[role]", "member"),
        ("form[areas][]", "billing"),
        ("form[areas][]", "analytics"),
        ("form[region]", "eu"),
        ("form[until]", "2099-12-31"),
    ];
    let shown: Vec<_> = fields.into_iter().chain([("form[show]", "true")]).collect();
    let answer = site.post(&address, "save-rights", &cookie, &shown).await;
    let page = answer.text().await.unwrap().replace("<!>", "");
    assert!(page.contains("Create, Update, Delete, Download on Billing in EU"), "who gains is told");
    assert!(page.contains("View on Team management"), "who loses is told");
    assert!(page.contains("Areas that concern APIs: Analytics and usage reports"), "the area shows what it concerns");
    assert!(page.contains("value=\"2099-12-31\""), "what was typed stays");
    assert!(!may(&app, &lars, Action::Update, "billing", Some("eu")).await, "nothing is saved");

    let past: Vec<_> = fields
        .into_iter()
        .map(|(name, value)| if name == "form[until]" { (name, "2001-01-01") } else { (name, value) })
        .collect();
    let answer = site.post(&address, "save-rights", &cookie, &past).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap().replace("<!>", "");
    assert!(page.contains("This day has passed.") && page.contains("value=\"2001-01-01\""));

    let answer = site.post(&address, "save-rights", &cookie, &fields).await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()),
        (303, format!("/users/{user}").as_str())
    );
    assert!(may(&app, &lars, Action::Update, "billing", Some("eu")).await);
    let page = site.get(&format!("/users/{user}"), &cookie).await.text().await.unwrap().replace("<!>", "");
    assert!(page.contains("31 Dec 2099"), "the last day is told");

    let take = [("form[user]", user.as_str()), ("form[id]", theirs.as_str())];
    let page =
        site.get(&format!("/users/{user}?take={theirs}"), &cookie).await.text().await.unwrap().replace("<!>", "");
    assert!(page.contains("Remove Member in EU from Lars?"));
    let answer = site.post(&format!("/users/{user}?take={theirs}"), "take-rights", &cookie, &take).await;
    assert_eq!(answer.status(), 303);
    let page = site.get(&format!("/users/{user}"), &cookie).await.text().await.unwrap().replace("<!>", "");
    assert!(page.contains("No rights yet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_hides_and_explains_what_role_and_plan_withhold() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    let lars = app.user("Lars", BuiltIn::Visitor).await;
    furnish(&app).await;
    app.execute("update workspaces set plan = 'pro'").await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let page = async |of: &portico::platform::context::Context| {
        let address = format!("/users/{}?rights={}", id(of), app.assignment(of).await);
        site.get(&address, &cookie).await.text().await.unwrap().replace("<!>", "")
    };
    let fieldset = |page: &str, field: &str| {
        let before = page.split(&format!("name=\"form[{field}]")).next().unwrap().to_owned();
        // The nearest around it: what is hidden is a fieldset of its own.
        let around = before.split("<fieldset").map(|rest| rest.split('>').next().unwrap());
        around.filter(|tag| tag.contains("class=\"stack\"")).last().unwrap().to_owned()
    };
    let admin = page(&adam).await;
    assert!(admin.contains("Administrator gives every area and all current and future APIs"));
    assert!(fieldset(&admin, "areas").contains("hidden") && fieldset(&admin, "scope").contains("disabled"));
    assert!(!fieldset(&admin, "until").contains("hidden"));
    let visitor = page(&lars).await;
    assert!(fieldset(&visitor, "areas").contains("hidden") && !fieldset(&visitor, "scope").contains("hidden"));
    assert!(visitor.contains("Choosing single APIs comes with the Enterprise plan."));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lists_have_their_tabs_and_the_only_manager_is_noticed() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    for path in ["/", "/users"] {
        let page = site.get(path, &cookie).await.text().await.unwrap().replace("<!>", "");
        assert!(page.contains("Only you can manage the team."), "{path}");
    }
    let page = site.get("/users?kind=organization", &cookie).await.text().await.unwrap().replace("<!>", "");
    assert!(page.contains("No organization users yet"));
    assert!(page.contains("name=\"kind\" value=\"organization\""), "a search stays on its tab");
    app.user("Adam", BuiltIn::Administrator).await;
    for path in ["/", "/users"] {
        assert!(
            !site.get(path, &cookie).await.text().await.unwrap().replace("<!>", "").contains("can manage the team."),
            "{path}"
        );
    }
}
