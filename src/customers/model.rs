//! What a customer is, and which APIs one reaches.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    access::{GroupFacts, RoleRef, SubjectFacts, WorkspaceFacts},
    accounts::model::{check_address, check_name},
    error::{AppError, Problem, Problems},
    people::model::{State, User},
};

/// How many of the APIs that a customer reaches are listed.
pub const MOST_LISTED: usize = 100;

/// A customer with everything that their page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Who.
    pub user: User,
    /// Their groups.
    pub groups: Vec<GroupRef>,
    /// The APIs that they reach and the reader may see, up to `MOST_LISTED`.
    pub apis: Vec<ReachedApi>,
    /// How many more of those that the reader sees.
    pub more_apis: u32,
    /// The roles that the reader may give them.
    pub roles: Vec<RoleRef>,
}

/// A group by its id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRef {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// An API that is reached, and every way that leads to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachedApi {
    /// Its id.
    pub id: Uuid,
    /// Its name in questions.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// How it is reached.
    pub ways: Vec<Way>,
}

/// One way to an API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// The Customer ID is, exactly, one of the API's.
    CustomerId,
    /// A group has access.
    Group {
        /// The group's name.
        name: String,
        /// When it ends, if it does.
        #[serde(with = "time::serde::timestamp::option")]
        until: Option<OffsetDateTime>,
    },
    /// Granted to the customer alone.
    Direct {
        /// When it ends, if it does.
        #[serde(with = "time::serde::timestamp::option")]
        until: Option<OffsetDateTime>,
    },
}

/// The APIs that a customer reaches at a moment (Unix seconds), in the order of the workspace's.
pub fn reached(workspace: &WorkspaceFacts, customer: &SubjectFacts, at: i64) -> Vec<ReachedApi> {
    let lasts = |until: Option<OffsetDateTime>| until.is_none_or(|until| until.unix_timestamp() > at);
    let groups: Vec<&GroupFacts> =
        workspace.groups.iter().filter(|group| customer.groups.contains(&group.id)).collect();
    let ways = |api: &crate::access::ApiFacts| {
        let matching = customer.customer_id.as_ref().is_some_and(|id| api.customer_ids.contains(id));
        let by_group = groups.iter().flat_map(|group| {
            let grants = group.grants.iter().filter(|grant| grant.api == api.id && lasts(grant.until));
            grants.map(|grant| Way::Group { name: group.name.clone(), until: grant.until })
        });
        let direct = customer.grants.iter().filter(|grant| grant.api == api.id && lasts(grant.until));
        let direct = direct.map(|grant| Way::Direct { until: grant.until });
        matching.then_some(Way::CustomerId).into_iter().chain(by_group).chain(direct).collect::<Vec<_>>()
    };
    let all = workspace.apis.iter().map(|api| ReachedApi {
        id: api.id,
        slug: api.slug.clone(),
        name: api.name.clone(),
        ways: ways(api),
    });
    all.filter(|api| !api.ways.is_empty()).collect()
}

/// What a Customer ID and groups newly lead to: each API, and until when. What led there before by the same way is not among it.
pub fn newly_led_to(
    workspace: &WorkspaceFacts,
    before: (Option<&str>, &[Uuid]),
    after: (Option<&str>, &[Uuid]),
) -> Vec<(Uuid, Option<OffsetDateTime>)> {
    let matches = |id: Option<&str>, api: &crate::access::ApiFacts| {
        id.is_some_and(|id| api.customer_ids.iter().any(|known| known == id))
    };
    let matching = workspace.apis.iter().filter(|api| matches(after.0, api) && !matches(before.0, api));
    let joined = workspace.groups.iter().filter(|it| after.1.contains(&it.id) && !before.1.contains(&it.id));
    let granted = joined.flat_map(|group| group.grants.iter().map(|grant| (grant.api, grant.until)));
    matching.map(|api| (api.id, None)).chain(granted).collect()
}

/// What "New customer" sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewForm {
    /// Full name.
    pub full_name: String,
    /// Address.
    #[serde(default)]
    pub email: String,
    /// The Customer ID, as the APIs have it.
    #[serde(default)]
    pub customer_id: String,
    /// Ids of groups.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Names of groups, parted by `;`.
    #[serde(default)]
    pub more_groups: String,
    /// Notify User: whether the activation mail is sent (seed 001).
    #[serde(default)]
    pub notify: bool,
}

/// What Edit Customer sends (seed 002: "Edit the Customer ID, role, or group membership").
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditForm {
    /// Whom it is about.
    pub id: Uuid,
    /// Full name.
    #[serde(default)]
    pub full_name: String,
    /// The Customer ID.
    #[serde(default)]
    pub customer_id: String,
    /// The role: a built-in one's slug, or a custom one's id. Nothing to leave roles as they are.
    #[serde(default)]
    pub role: String,
    /// Ids of groups.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Names of groups, parted by `;`.
    #[serde(default)]
    pub more_groups: String,
    /// The slug of the state.
    #[serde(default)]
    pub state: String,
}

/// The checked form of a new customer, its groups aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCustomer {
    /// Full name.
    pub full_name: String,
    /// Address as typed, shape checked.
    pub email: String,
    /// The Customer ID.
    pub customer_id: String,
}

/// The checked form of an edit, its groups aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Full name.
    pub full_name: String,
    /// The Customer ID.
    pub customer_id: String,
    /// The role, if it is to change.
    pub role: Option<Uuid>,
    /// Enabled or disabled.
    pub state: State,
}

/// A Customer ID: 1 to 120 characters of one line, white space at the ends dropped. Its letters stay as they are: it is compared
/// exactly (seed 002).
///
/// # Errors
/// What is wrong with it.
pub fn check_customer_id(typed: &str) -> Result<String, Problem> {
    let id = typed.trim();
    match id.chars().count() {
        0 => Err(Problem::Missing),
        _ if id.chars().any(char::is_control) => Err(Problem::Forbidden),
        1..=120 => Ok(id.to_owned()),
        _ => Err(Problem::TooLong),
    }
}

impl NewForm {
    /// Checks every field and reports all mistakes at once.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<NewCustomer, AppError> {
        let mut problems = Problems::default();
        let full_name = problems.take("full_name", check_name(&self.full_name));
        let email = problems.take("email", check_address(&self.email).map(str::to_owned));
        let customer_id = problems.take("customer_id", check_customer_id(&self.customer_id));
        match (full_name, email, customer_id, problems.error()) {
            (Some(full_name), Some(email), Some(customer_id), None) => {
                Ok(NewCustomer { full_name, email, customer_id })
            }
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

impl EditForm {
    /// Checks every field and reports all mistakes at once.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<Edit, AppError> {
        let mut problems = Problems::default();
        let full_name = problems.take("full_name", check_name(&self.full_name));
        let customer_id = problems.take("customer_id", check_customer_id(&self.customer_id));
        let role = match self.role.as_str() {
            "" => Ok(None),
            key => RoleRef::read_key(key).map(Some).ok_or(Problem::Choice),
        };
        let role = problems.take("role", role);
        let state = problems.take("state", self.state.parse().map_err(|()| Problem::Choice));
        match (full_name, customer_id, role, state, problems.error()) {
            (Some(full_name), Some(customer_id), Some(role), Some(state), None) => {
                Ok(Edit { full_name, customer_id, role, state })
            }
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{ApiFacts, GrantFacts};

    fn workspace() -> WorkspaceFacts {
        let api = |n: u128, ids: &[&str]| ApiFacts {
            id: Uuid::from_u128(n),
            slug: format!("api-{n}"),
            name: format!("API {n}"),
            customer_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        };
        let grant = |n, until: Option<i64>| GrantFacts {
            api: Uuid::from_u128(n),
            until: until.and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok()),
        };
        WorkspaceFacts {
            apis: vec![api(1, &["HANSA-7", "LUMEN"]), api(2, &["HANSA-7"]), api(3, &["hansa-7"]), api(4, &[])],
            groups: vec![GroupFacts {
                id: Uuid::from_u128(9),
                name: "Carriers".into(),
                grants: vec![grant(2, None), grant(4, Some(100))],
            }],
            ..WorkspaceFacts::default()
        }
    }

    /// Seed 002: "The Customer ID must exactly match the Customer ID used in your APIs"; "the customer will automatically gain
    /// access to all matching APIs".
    #[test]
    fn seed_002_every_way_to_every_api_is_told() {
        let customer = SubjectFacts {
            customer_id: Some("HANSA-7".into()),
            groups: vec![Uuid::from_u128(9)],
            grants: vec![GrantFacts { api: Uuid::from_u128(1), until: None }],
            assignments: Vec::new(),
            ..SubjectFacts::command_line()
        };
        let by_group = |until| Way::Group { name: "Carriers".into(), until };
        let told = |at| {
            let apis = reached(&workspace(), &customer, at);
            apis.into_iter().map(|api| (api.id.as_u128(), api.ways)).collect::<Vec<_>>()
        };
        let end = OffsetDateTime::from_unix_timestamp(100).ok();
        assert_eq!(
            told(99),
            [
                (1, vec![Way::CustomerId, Way::Direct { until: None }]),
                (2, vec![Way::CustomerId, by_group(None)]),
                (4, vec![by_group(end)]),
            ]
        );
        assert_eq!(told(100).len(), 2, "what has ended leads nowhere");
    }

    #[test]
    fn what_is_new_is_what_no_same_way_led_to() {
        let carriers = [Uuid::from_u128(9)];
        let new = |before, after| {
            let all = newly_led_to(&workspace(), before, after);
            all.into_iter().map(|(api, _)| api.as_u128()).collect::<Vec<_>>()
        };
        assert_eq!(new((None, &[]), (Some("HANSA-7"), &[])), [1, 2]);
        assert_eq!(new((Some("LUMEN"), &[]), (Some("HANSA-7"), &carriers)), [2, 2, 4]);
        assert!(new((Some("HANSA-7"), &carriers), (Some("LUMEN"), &[])).is_empty());
        assert!(new((None, &[]), (Some("hansa"), &[])).is_empty(), "a part is no match");
    }

    #[test]
    fn customer_ids_keep_their_letters() {
        assert_eq!(check_customer_id("  Hansa 7 "), Ok("Hansa 7".into()));
        assert_eq!(check_customer_id(" "), Err(Problem::Missing));
        assert_eq!(check_customer_id("a\nb"), Err(Problem::Forbidden));
        assert_eq!(check_customer_id(&"x".repeat(121)), Err(Problem::TooLong));
    }
}
