//! Every door of the server, and who it lets in: each page and each server function that exists is asked for by somebody who has
//! everything but the one right that it needs, and refuses. A new one that is not listed here fails the test.

use std::collections::BTreeSet;

use portico::{
    access::{
        Action::{self, Create, Delete, Update, View},
        Feature::{self, Settings, Team},
    },
    app::App,
};
use uuid::Uuid;

use super::support::{PASSWORD, Site, TestApp};
use portico::access::BuiltIn;

/// Whom a door lets in.
#[derive(Clone, Copy, Debug)]
enum Lets {
    /// Anybody: strangers have business here.
    Strangers,
    /// Whoever is signed in, for what is their own.
    Themselves,
    /// Who holds this.
    Holders(Action, Feature),
}
use Lets::{Holders, Strangers, Themselves};

/// Each page by its route.
const PAGES: &[(&str, Lets)] = &[
    ("/sign-in", Strangers),
    ("/setup/{token}", Strangers),
    ("/owner/{token}", Strangers),
    ("/gallery", Strangers),
    ("/", Themselves),
    ("/{*any}", Themselves),
    ("/users", Holders(View, Team)),
    ("/users/{id}", Holders(View, Team)),
    ("/invitations", Holders(View, Team)),
    ("/outbox", Holders(View, Settings)),
];

/// Each server function by its name, with enough fields to be understood; `{id}` stands for the id of nothing.
const FUNCTIONS: &[(&str, Lets, &[(&str, &str)])] = &[
    ("read-session", Strangers, &[]),
    ("sign-in", Strangers, &[]),
    ("sign-out", Strangers, &[]),
    ("open-owner-link", Strangers, &[]),
    ("set-up-owner", Strangers, &[]),
    ("open-invitation", Strangers, &[]),
    ("complete-setup", Strangers, &[]),
    ("read-dashboard", Themselves, &[]),
    ("list-users", Holders(View, Team), &[("query[q]", "")]),
    ("find-user", Holders(View, Team), &[("id", "{id}")]),
    ("edit-user", Holders(Update, Team), &[("form[id]", "{id}"), ("form[full_name]", "x"), ("form[state]", "enabled")]),
    ("remove-user", Holders(Delete, Team), &[("form[id]", "{id}")]),
    ("list-invitations", Holders(View, Team), &[("query[q]", "")]),
    ("invite-user", Holders(Create, Team), &[("form[email]", "x@y.test"), ("form[role]", "member")]),
    ("resend-invitation", Holders(Create, Team), &[("form[id]", "{id}")]),
    ("delete-invitation", Holders(Delete, Team), &[("form[id]", "{id}")]),
    ("list-role-choices", Holders(View, Team), &[("category", "teammate")]),
    ("list-outbox", Holders(View, Settings), &[("after", "")]),
    ("read-captured", Holders(View, Settings), &[("id", "{id}")]),
];

/// A teammate with every right but this one.
async fn all_but(app: &TestApp, site: &Site, action: Action, feature: Feature) -> String {
    let name = format!("without-{}-{}", action.slug(), feature.slug());
    let address = format!("{name}@kestrel.test");
    if let Some(cookie) = site.sign_in(&address, PASSWORD).await {
        return cookie;
    }
    app.user(&name, BuiltIn::Member).await;
    let permissions: serde_json::Map<String, serde_json::Value> = Feature::ALL
        .iter()
        .map(|of| {
            let actions: Vec<_> =
                of.actions().iter().filter(|it| !(*of == feature && *it == action)).map(Action::slug).collect();
            (of.slug().to_owned(), actions.into())
        })
        .collect();
    sqlx::query(
        "with made as (insert into roles (workspace_id, id, category, name, permissions) values ($1, $2, 'teammate', $3, $4))
         update assignments set role_id = $2 from users
         where users.id = user_id and assignments.workspace_id = $1 and users.full_name = $3",
    )
    .bind(app.workspace.id)
    .bind(Uuid::now_v7())
    .bind(&name)
    .bind(serde_json::Value::Object(permissions))
    .execute(&app.app.pool)
    .await
    .unwrap();
    site.sign_in(&address, PASSWORD).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_refuses_who_has_everything_else() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let owner = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let there: BTreeSet<String> =
        leptos_axum::generate_route_list(App).iter().map(|route| route.path().to_owned()).collect();
    let listed: BTreeSet<String> = PAGES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(there, listed, "every page says here whom it lets in");
    for (path, lets) in PAGES {
        let address = path.replace("{id}", &Uuid::nil().to_string()).replace("{token}", "x").replace("{*any}", "none");
        let stranger = site.get(&address, "").await.status();
        let holder = site.get(&address, &owner).await.status();
        match lets {
            Strangers => assert_ne!(stranger, 403, "{path}"),
            Themselves => assert_eq!((stranger.as_u16(), holder == 403), (303, false), "{path}"),
            Holders(action, feature) => {
                assert_eq!((stranger.as_u16(), holder == 403), (303, false), "{path}");
                let without = all_but(&app, &site, *action, *feature).await;
                let answer = site.get(&address, &without).await;
                assert_eq!(answer.status(), 403, "{path}");
                let page = answer.text().await.unwrap();
                assert!(page.contains("Sorry, you don't have permission to use this feature."), "{path}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_function_refuses_who_has_everything_else() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let owner = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let there: BTreeSet<&str> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.trim_start_matches("/api/")).collect();
    let listed: BTreeSet<&str> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(there, listed, "every server function says here whom it lets in");
    let nil = Uuid::nil().to_string();
    for (name, lets, fields) in FUNCTIONS {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(field, value)| (*field, if *value == "{id}" { nil.as_str() } else { *value }))
            .collect();
        match lets {
            Strangers => {}
            Themselves => {
                assert_eq!(site.call(name, "", &fields).await.status(), 401, "{name}");
                assert!(![400, 401, 403].contains(&site.call(name, &owner, &fields).await.status().as_u16()), "{name}");
            }
            Holders(action, feature) => {
                assert_eq!(site.call(name, "", &fields).await.status(), 401, "{name}");
                let without = all_but(&app, &site, *action, *feature).await;
                assert_eq!(site.call(name, &without, &fields).await.status(), 403, "{name}");
                // With it, it is another matter: the fields are understood, and what they name is looked for.
                let answer = site.call(name, &owner, &fields).await.status().as_u16();
                assert!(![400, 401, 403].contains(&answer), "{name}: {answer}");
            }
        }
    }
}
