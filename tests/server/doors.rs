//! Every door of the server, and who it lets in: each page and each server function that exists is asked for by somebody who has
//! everything but the one right that it needs, and refuses. A new one that is not listed fails the test.

use std::collections::{BTreeMap, BTreeSet};

use portico::{
    access::{Action, BuiltIn, Feature},
    app::App,
    platform::http::addresses,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    doors_listed::{
        ADDRESSES, FUNCTIONS,
        Lets::{Holders, HoldersOfAll, HoldersOfSome, Keys, Strangers, Themselves},
        NIL, PAGES, THINGS,
    },
    support::{PASSWORD, Site, TestApp},
};

/// The cookies of those who lack some rights.
type Known = BTreeMap<Vec<(Action, Feature)>, String>;

/// A teammate with every right but these.
async fn all_but(app: &TestApp, site: &Site, known: &mut Known, lacking: &[(Action, Feature)]) -> String {
    if let Some(cookie) = known.get(lacking) {
        return cookie.clone();
    }
    let lacks: Vec<_> =
        lacking.iter().map(|(action, feature)| format!("{}-{}", action.slug(), feature.slug())).collect();
    let name = format!("without-{}", lacks.join("-"));
    app.user(&name, BuiltIn::Member).await;
    let permissions: serde_json::Map<String, serde_json::Value> = Feature::ALL
        .iter()
        .map(|of| {
            let actions: Vec<_> =
                of.actions().iter().filter(|it| !lacking.contains(&(*it, *of))).map(Action::slug).collect();
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
    let cookie = site.sign_in(&format!("{name}@kestrel.test"), PASSWORD).await.unwrap();
    known.insert(lacking.to_vec(), cookie.clone());
    cookie
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_refuses_who_has_everything_else() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    app.execute(THINGS).await;
    let site = app.serve().await;
    let owner = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let there: BTreeSet<String> =
        leptos_axum::generate_route_list(App).iter().map(|route| route.path().to_owned()).collect();
    let listed: BTreeSet<String> = PAGES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(there, listed, "every page says here whom it lets in");
    let mut known = Known::new();
    for (path, lets) in PAGES {
        let address = path.replace("{id}", NIL).replace("{token}", "x").replace("{*any}", "none");
        let stranger = site.get(&address, "").await.status();
        let holder = site.get(&address, &owner).await.status();
        match lets {
            Strangers => assert_ne!(stranger, 403, "{path}"),
            Themselves => assert_eq!((stranger.as_u16(), holder == 403), (303, false), "{path}"),
            _ => {
                assert_eq!((stranger.as_u16(), holder == 403), (303, false), "{path}");
                for lacking in lets.needs() {
                    if lacking.len() > 1 {
                        let one = all_but(&app, &site, &mut known, &lacking[..1]).await;
                        assert_ne!(site.get(&address, &one).await.status(), 403, "{path}: the other is enough");
                    }
                    let without = all_but(&app, &site, &mut known, &lacking).await;
                    let answer = site.get(&address, &without).await;
                    assert_eq!(answer.status(), 403, "{path}");
                    let page = answer.text().await.unwrap();
                    assert!(page.contains("Sorry, you don't have permission to use this feature."), "{path}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_beside_the_pages_refuses_who_has_everything_else() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let owner = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let there: BTreeSet<&str> = addresses().into_iter().collect();
    let listed: BTreeSet<&str> = ADDRESSES.iter().map(|(path, _)| *path).collect();
    assert_eq!(there, listed, "every address says here whom it lets in");
    let mut known = Known::new();
    for (path, lets) in ADDRESSES {
        let address = path.replace("{id}", NIL).replace("{*path}", "x");
        let status = async |cookie: &str| site.get(&address, cookie).await.status().as_u16();
        match lets {
            Strangers => assert!(![401, 403].contains(&status("").await), "{path}"),
            Keys => {
                // No session is a key.
                let asked = site.client.post(site.url(&address)).header("cookie", &owner).json(&json!({}));
                assert_eq!(asked.send().await.unwrap().status(), 401, "{path}");
            }
            Themselves | Holders(..) | HoldersOfAll(_) | HoldersOfSome(_) => {
                assert!([303, 401].contains(&status("").await), "{path}");
                assert!(![303, 401, 403].contains(&status(&owner).await), "{path}");
                for lacking in lets.needs() {
                    let without = all_but(&app, &site, &mut known, &lacking).await;
                    assert_eq!(status(&without).await, 403, "{path} without {lacking:?}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_function_refuses_who_has_everything_else() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    app.execute(THINGS).await;
    let site = app.serve().await;
    let owner = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let there: BTreeSet<&str> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.trim_start_matches("/api/")).collect();
    let listed: BTreeSet<&str> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(there, listed, "every server function says here whom it lets in");
    let mut known = Known::new();
    let mut wrong = Vec::new();
    for (name, lets, fields) in FUNCTIONS {
        let status = async |cookie: &str| site.call(name, cookie, fields).await.status().as_u16();
        if matches!(lets, Strangers) {
            continue;
        }
        for lacking in lets.needs() {
            let without = status(&all_but(&app, &site, &mut known, &lacking).await).await;
            if without != 403 {
                wrong.push(format!("{name}: who lacks {lacking:?} gets {without}"));
            }
        }
        // With it, it is another matter: the fields are understood, and what they name is looked for.
        let (stranger, holder) = (status("").await, status(&owner).await);
        if stranger != 401 || [400, 401, 403].contains(&holder) {
            wrong.push(format!("{name}: a stranger gets {stranger}, an owner {holder}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
