//! What an API is.

use std::{collections::BTreeSet, str::FromStr};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    accounts::model::check_name,
    error::{AppError, Problem, Problems},
    slug::check_slug,
};

/// The orders that the list offers, as the address names them; the list's own first.
pub const ORDERS: [&str; 2] = ["name", "-created"];

/// How many are counted for one API at most: what is more, says so.
pub const MOST_COUNTED: i64 = 1_000;

/// Customer IDs of one API at most: a form carries them all.
pub const MOST_CUSTOMER_IDS: usize = 2_000;

/// Characters of a Customer ID at most.
const LONGEST_CUSTOMER_ID: usize = 100;

/// Characters of a category at most.
const LONGEST_CATEGORY: usize = 60;

/// What an API is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// By everybody, for real.
    #[default]
    Production,
    /// By those who try the next version.
    Staging,
    /// By those who build on it.
    Sandbox,
}

impl Environment {
    /// Every environment, in the order the console lists them.
    pub const ALL: [Self; 3] = [Self::Production, Self::Staging, Self::Sandbox];

    /// The name in the database, in addresses and in forms.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Sandbox => "sandbox",
        }
    }
}

impl FromStr for Environment {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|environment| environment.slug() == slug).ok_or(())
    }
}

/// An API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Api {
    /// Its id.
    pub id: Uuid,
    /// Its name in questions, which never changes.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// What it is used for.
    pub environment: Environment,
    /// What it is about, in the workspace's own words; may be empty.
    pub category: String,
    /// The slugs of the regions that it is in.
    pub regions: Vec<String>,
    /// How many have access; none where the reader is not of the team, whom it does not concern.
    pub counts: Option<Counts>,
    /// When it was made.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
}

/// How many have access to an API, each up to one more than `MOST_COUNTED`. What has ended counts for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Teammates and users of organizations that it is granted to.
    pub users: i64,
    /// Customers that it is granted to, or whose Customer ID is one of its own; each once.
    pub customers: i64,
    /// Groups that it is granted to.
    pub groups: i64,
}

/// One API, as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiDetail {
    /// The API.
    pub api: Api,
    /// The Customer IDs that it serves.
    pub customer_ids: Vec<String>,
    /// How many users hold rights for chosen APIs, this one among them.
    pub chosen_by: i64,
    /// Whether the reader may change it.
    pub may_update: bool,
    /// Whether the reader may delete it.
    pub may_delete: bool,
}

/// What New API and Edit send.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiForm {
    /// Which one; none for a new one.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// Its name for people.
    pub name: String,
    /// Its name in questions, of a new one; empty to take it from the name.
    #[serde(default)]
    pub slug: String,
    /// The slug of the environment.
    #[serde(default)]
    pub environment: String,
    /// What it is about, may be empty.
    #[serde(default)]
    pub category: String,
    /// The slugs of its regions; with one region, it is in that.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Customer IDs, one a line or parted by `;`.
    #[serde(default)]
    pub customer_ids: String,
}

/// The checked form of an API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApiDraft {
    /// Its name for people.
    pub name: String,
    /// What it is used for.
    pub environment: Environment,
    /// What it is about.
    pub category: String,
    /// The slugs of its regions, in order.
    pub regions: Vec<String>,
    /// The Customer IDs that it serves, in order.
    pub customer_ids: Vec<String>,
}

impl ApiForm {
    /// Checks every field and reports all mistakes at once. `known` are the slugs of the workspace's regions.
    pub fn check(&self, known: &[&str]) -> Result<ApiDraft, AppError> {
        let mut problems = Problems::default();
        let name = problems.take("name", check_name(&self.name));
        let environment = match self.environment.as_str() {
            "" => Ok(Environment::default()),
            slug => slug.parse().map_err(|()| Problem::Choice),
        };
        let environment = problems.take("environment", environment);
        let category = problems.take("category", check_category(&self.category));
        let regions = problems.take("regions", self.check_regions(known));
        let customer_ids = problems.take("customer_ids", read_customer_ids(&self.customer_ids));
        match (name, environment, category, regions, customer_ids, problems.error()) {
            (Some(name), Some(environment), Some(category), Some(regions), Some(customer_ids), None) => {
                Ok(ApiDraft { name, environment, category, regions, customer_ids })
            }
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }

    /// The slug of a new API.
    pub fn check_slug(&self) -> Result<String, AppError> {
        check_slug(&self.slug, &self.name).map_err(|problem| AppError::field("slug", problem))
    }

    fn check_regions(&self, known: &[&str]) -> Result<Vec<String>, Problem> {
        if let [only] = known {
            return Ok(vec![(*only).to_owned()]);
        }
        let chosen: BTreeSet<&str> = self.regions.iter().map(String::as_str).collect();
        match chosen.iter().all(|slug| known.contains(slug)) {
            _ if chosen.is_empty() => Err(Problem::Missing),
            true => Ok(chosen.into_iter().map(str::to_owned).collect()),
            false => Err(Problem::Choice),
        }
    }
}

fn check_category(typed: &str) -> Result<String, Problem> {
    match check_name(typed) {
        Err(Problem::Missing) => Ok(String::new()),
        Ok(category) if category.chars().count() > LONGEST_CATEGORY => Err(Problem::TooLong),
        checked => checked,
    }
}

/// Customer IDs, one a line or parted by `;`: white space at the ends is dropped, the rest is taken exactly as it is, since
/// they are compared exactly (seed 002).
pub fn read_customer_ids(typed: &str) -> Result<Vec<String>, Problem> {
    let ids: BTreeSet<&str> = typed.split(['\n', ';']).map(str::trim).filter(|id| !id.is_empty()).collect();
    if ids.len() > MOST_CUSTOMER_IDS || ids.iter().any(|id| id.chars().count() > LONGEST_CUSTOMER_ID) {
        return Err(Problem::TooLong);
    }
    if ids.iter().any(|id| id.chars().any(char::is_control)) {
        return Err(Problem::Forbidden);
    }
    Ok(ids.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_002_customer_ids_are_taken_exactly_as_they_are() {
        let ids = read_customer_ids(" PL-1;pl-1\r\nNO 2 ; ;PL-1").unwrap();
        assert_eq!(ids, ["NO 2", "PL-1", "pl-1"]);
        assert_eq!(read_customer_ids(&"x".repeat(101)), Err(Problem::TooLong));
        assert_eq!(read_customer_ids(&"x".repeat(100)).unwrap().len(), 1);
        assert_eq!(read_customer_ids("a\tb"), Err(Problem::Forbidden));
        assert_eq!(read_customer_ids("\n;\n"), Ok(vec![]));
    }

    #[test]
    fn regions_are_chosen_where_there_are_several() {
        let form = |regions: &[&str]| ApiForm {
            name: "X".into(),
            regions: regions.iter().map(|it| (*it).to_owned()).collect(),
            ..Default::default()
        };
        assert_eq!(form(&[]).check(&["global"]).unwrap().regions, ["global"], "one region is not asked about");
        let wrong = |form: ApiForm| form.check(&["eu", "us"]).unwrap_err().problem("regions");
        assert_eq!(wrong(form(&[])), Some(Problem::Missing));
        assert_eq!(wrong(form(&["mars"])), Some(Problem::Choice));
        assert_eq!(form(&["us", "eu", "us"]).check(&["eu", "us"]).unwrap().regions, ["eu", "us"]);
    }
}
