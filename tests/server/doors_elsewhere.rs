//! The same doors, asked by somebody who has every right and differs in nothing but where: on another API, in another region,
//! for another organization, or as a customer or a user of an organization. What a door names, in the table of doors, decides
//! who is sent to it, so that a new one is asked too.

use portico::access::{Action, BuiltIn, Feature};

use super::{
    doors_listed::{API, CUSTOMER, FUNCTIONS, Fields, GRANT, GROUP, NIL, ORGANIZATION, OTHER_API, PAGES, THINGS},
    support::{PASSWORD, TestApp},
};

/// Their organization, who have another one.
const LUMEN: &str = "00000000-0000-0000-0000-0000000000b3";

/// What is theirs, who are elsewhere.
const ELSEWHERE: &str = "
    with ws as (select id as workspace_id from workspaces),
    region as (insert into regions (workspace_id, slug, name) select workspace_id, 'eu', 'EU' from ws),
    member as (insert into group_members (workspace_id, group_id, user_id)
        select workspace_id, '00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000a5' from ws),
    company as (insert into organizations select workspace_id, '00000000-0000-0000-0000-0000000000b3', 'lumen', 'Lumen' from ws),
    api as (insert into apis select workspace_id, '00000000-0000-0000-0000-0000000000b1', 'fogs', 'Fogs' from ws returning *)
    insert into api_regions select workspace_id, id, 'global' from api";

/// Gives whoever has this name a role that permits everything, there alone.
async fn everything(app: &TestApp, name: &str, there: &str) {
    let permissions: serde_json::Map<String, serde_json::Value> = Feature::ALL
        .iter()
        .map(|of| (of.slug().to_owned(), of.actions().iter().map(Action::slug).collect::<Vec<_>>().into()))
        .collect();
    let sql = format!(
        "with made as (insert into roles (workspace_id, id, category, name, permissions)
            select workspace_id, gen_random_uuid(), kind, full_name, $2 from users where full_name = $1 returning *),
         held as (update assignments set role_id = made.id, {there} from made, users
            where users.full_name = $1 and assignments.user_id = users.id returning assignments.*)
         insert into assignment_apis select workspace_id, id, '00000000-0000-0000-0000-0000000000b1' from held where not all_apis"
    );
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(name).bind(serde_json::Value::Object(permissions));
    query.execute(&app.app.pool).await.unwrap();
}

/// Somebody who has every right, elsewhere.
struct Elsewhere {
    who: &'static str,
    built_in: BuiltIn,
    /// What their assignment is limited to.
    there: &'static str,
    /// What they send along with their session.
    looks_at: &'static str,
    /// Whether a door has to be shut to them: by its name, its rights and what it names.
    shut: fn(&str, &[(Action, Feature)], Fields) -> bool,
}

/// Whether one of these things is named.
fn names(fields: Fields, things: &[&str]) -> bool {
    fields.iter().any(|(_, value)| things.contains(value))
}

/// Groups are the whole team's to see, without the APIs that one does not see.
const SEEN_BY_THE_TEAM: [&str; 5] =
    ["find-group", "list-group-members", "list-group-apis", "preview-group", "/groups/{id}"];
/// Whoever may give an API of theirs looks for somebody to give it to.
const SEARCHES: [&str; 3] = ["search-access-people", "search-access-groups", "search-access-apis"];
/// Each shows what is theirs.
const ORGANIZATIONS: [&str; 3] = ["list-organizations", "search-organizations", "/organizations"];
/// Those of their own organizations are listed; any other one is not there.
const INVITATIONS: [&str; 3] = ["list-invitations", "/invitations", "/invitations/{id}"];
const APIS: [&str; 2] = ["list-apis", "/apis"];

fn another_api(name: &str, _: &[(Action, Feature)], fields: Fields) -> bool {
    names(fields, &[API, OTHER_API, GRANT, GROUP]) && !SEEN_BY_THE_TEAM.contains(&name)
}

/// What is the whole workspace's is seen in a region, and changed in all.
fn another_region(name: &str, needs: &[(Action, Feature)], fields: Fields) -> bool {
    let changes = needs.iter().any(|(action, _)| !action.reads());
    (changes && !SEARCHES.contains(&name)) || names(fields, &[API, OTHER_API])
}

fn everything_there(_: &str, _: &[(Action, Feature)], _: Fields) -> bool {
    true
}

fn another_organization(name: &str, _: &[(Action, Feature)], _: Fields) -> bool {
    !ORGANIZATIONS.contains(&name) && !INVITATIONS.contains(&name)
}

/// Who has access to APIs is the team's to know and to say.
fn the_teams(name: &str, needs: &[(Action, Feature)], _: Fields) -> bool {
    needs.iter().any(|(_, feature)| *feature == Feature::Apis) && !APIS.contains(&name)
}

const EVERYBODY: [Elsewhere; 6] = [
    Elsewhere {
        who: "another api",
        built_in: BuiltIn::Visitor,
        there: "all_apis = false",
        looks_at: "",
        shut: another_api,
    },
    Elsewhere {
        who: "another region",
        built_in: BuiltIn::Visitor,
        there: "region = 'eu'",
        looks_at: "",
        shut: another_region,
    },
    Elsewhere {
        who: "another region, looking at this one",
        built_in: BuiltIn::Visitor,
        there: "region = 'eu'",
        looks_at: "; region=global",
        shut: everything_there,
    },
    Elsewhere {
        who: "another organization",
        built_in: BuiltIn::Visitor,
        there: "organization_id = '00000000-0000-0000-0000-0000000000b3'",
        looks_at: "",
        shut: another_organization,
    },
    Elsewhere {
        who: "a user of another organization",
        built_in: BuiltIn::OrgAdmin,
        there: "organization_id = '00000000-0000-0000-0000-0000000000b3'",
        looks_at: "",
        shut: another_organization,
    },
    Elsewhere {
        who: "a customer",
        built_in: BuiltIn::Customer,
        there: "all_apis = false",
        looks_at: "",
        shut: the_teams,
    },
];

/// The thing that a page's address names, so that it is there.
fn thing_of(path: &str) -> Fields {
    match path.strip_suffix("/{id}") {
        Some("/apis") => &[("id", API)],
        Some("/groups") => &[("id", GROUP)],
        Some("/organizations") => &[("id", ORGANIZATION)],
        Some("/customers") => &[("id", CUSTOMER)],
        Some(_) => &[("id", NIL)],
        None => &[],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_door_refuses_who_has_everything_elsewhere() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    app.execute(THINGS).await;
    app.execute(ELSEWHERE).await;
    let lumen = LUMEN.parse().unwrap();
    let site = app.serve().await;
    let rights = "select (select version from rights)";
    let mut wrong = Vec::new();
    for person in EVERYBODY {
        let Elsewhere { who, built_in, there, looks_at, shut } = person;
        let name = who.replace([' ', ','], "-");
        match built_in {
            BuiltIn::OrgAdmin => app.organization_user(&name, built_in, &[lumen]).await,
            _ => app.user(&name, built_in).await,
        };
        everything(&app, &name, there).await;
        let cookie = site.sign_in(&format!("{name}@kestrel.test"), PASSWORD).await.unwrap() + looks_at;
        let before = app.count(rights).await;
        let functions = FUNCTIONS.iter().map(|(name, lets, fields)| (*name, lets.needs().concat(), *fields));
        let pages = PAGES.iter().map(|(path, lets)| (*path, lets.needs().concat(), thing_of(path)));
        let mut asked = 0;
        for (door, needs, fields) in functions.chain(pages) {
            if needs.is_empty() || !shut(door, &needs, fields) {
                continue;
            }
            let answer = match door.starts_with('/') {
                true => site.get(&door.replace("{id}", fields.first().map_or("", |(_, id)| id)), &cookie).await,
                false => site.call(door, &cookie, fields).await,
            };
            let (status, body) = (answer.status().as_u16(), answer.text().await.unwrap());
            // What is not theirs is not there for them, where it is there; and a form that names it says so of the field.
            let refused = match status {
                403 => true,
                404 => !names(fields, &[NIL]),
                422 => ["Unknown", "AboveYou"].iter().any(|problem| body.contains(&format!("\"{problem}\""))),
                _ => false,
            };
            if !refused {
                wrong.push(format!("{door}: {who} gets {status}"));
            }
            asked += 1;
        }
        assert!(asked >= 10, "{who} was asked to {asked} doors");
        assert_eq!(app.count(rights).await, before, "{who} changed something");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
