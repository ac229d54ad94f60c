//! What the forms of requests send, and what they have to be.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Asked, MOST_DAYS, MOST_REASON, PERIODS};
use crate::{
    error::{AppError, Problem, Problems},
    rights::model::read_end,
};

/// What the form that asks sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestForm {
    /// The action.
    pub action: String,
    /// The feature's slug.
    pub feature: String,
    /// The region's slug; empty for all.
    #[serde(default)]
    pub region: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// `none`, one of `PERIODS`, or `other`.
    #[serde(default)]
    pub days: String,
    /// The other number of days.
    #[serde(default)]
    pub other: String,
}

/// The checked form of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest {
    /// What is asked for.
    pub asked: Asked,
    /// Why.
    pub reason: String,
    /// For how many days; none until it is taken away.
    pub days: Option<i32>,
}

impl RequestForm {
    /// Checks every field and reports all mistakes at once.
    ///
    /// # Errors
    /// `Invalid`; `NotFound` where what is asked for is no right.
    pub fn check(&self) -> Result<NewRequest, AppError> {
        let asked = Asked::read(&self.action, &self.feature, &self.region).ok_or(AppError::NotFound)?;
        let mut problems = Problems::default();
        let reason = problems.take("reason", check_reason(&self.reason));
        let days = match self.days.as_str() {
            "none" => Some(None),
            "other" => problems.take("other", check_days(&self.other)).map(Some),
            days => {
                let offered = days.parse().ok().filter(|days| PERIODS.contains(days));
                problems.take("days", offered.ok_or(Problem::Choice)).map(Some)
            }
        };
        match (reason, days, problems.error()) {
            (Some(reason), Some(days), None) => Ok(NewRequest { asked, reason, days }),
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

fn check_days(text: &str) -> Result<i32, Problem> {
    text.trim().parse().ok().filter(|days| (1..=MOST_DAYS).contains(days)).ok_or(Problem::Days)
}

/// Text of several lines that has to be there. A browser sends its line breaks as CR LF.
fn check_reason(text: &str) -> Result<String, Problem> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.is_empty() {
        Err(Problem::Missing)
    } else if text.chars().count() > MOST_REASON {
        Err(Problem::TooLong)
    } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        Err(Problem::Forbidden)
    } else {
        Ok(text)
    }
}

/// What **Approve** sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApproveForm {
    /// The request.
    pub id: Uuid,
    /// The region to give it in; empty for all.
    #[serde(default)]
    pub region: String,
    /// The organization to give it for, of an organization user; may be empty where there is one.
    #[serde(default)]
    pub organization: String,
    /// `asked`, or `date`.
    #[serde(default)]
    pub lasts: String,
    /// The last day, as `2026-11-21`.
    #[serde(default)]
    pub date: String,
}

/// How long it is given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasts {
    /// As long as was asked, from now on.
    AsAsked,
    /// Until then.
    Until(OffsetDateTime),
}

/// The checked form of an approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The region; none for all.
    pub region: Option<String>,
    /// The organization, where one was chosen.
    pub organization: Option<Uuid>,
    /// For how long.
    pub lasts: Lasts,
}

impl ApproveForm {
    /// Checks every field and reports all mistakes at once. `at` is now, in Unix seconds.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self, at: i64) -> Result<Approval, AppError> {
        let mut problems = Problems::default();
        let organization = match self.organization.as_str() {
            "" => Some(None),
            id => problems.take("organization", id.parse().map(Some).map_err(|_| Problem::Choice)),
        };
        let lasts = match self.lasts.as_str() {
            "asked" => Some(Lasts::AsAsked),
            "date" => problems.take("date", read_until(&self.date, at)).map(Lasts::Until),
            _ => problems.take("lasts", Err(Problem::Choice)),
        };
        match (organization, lasts, problems.error()) {
            (Some(organization), Some(lasts), None) => {
                Ok(Approval { region: (!self.region.is_empty()).then(|| self.region.clone()), organization, lasts })
            }
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

/// The end of a day that has to be there and is not too far.
fn read_until(day: &str, at: i64) -> Result<OffsetDateTime, Problem> {
    let end = read_end(day, at)?.ok_or(Problem::Missing)?;
    let most = Duration::days(i64::from(MOST_DAYS) + 1).whole_seconds();
    if end.unix_timestamp() - at > most { Err(Problem::Days) } else { Ok(end) }
}

/// What **Deny** sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DenyForm {
    /// The request.
    pub id: Uuid,
    /// Why.
    #[serde(default)]
    pub answer: String,
}

impl DenyForm {
    /// Checks the reason.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<String, AppError> {
        check_reason(&self.answer).map_err(|problem| AppError::field("answer", problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(reason: &str, days: &str, other: &str) -> RequestForm {
        RequestForm {
            action: "view".into(),
            feature: "team".into(),
            reason: reason.into(),
            days: days.into(),
            other: other.into(),
            ..RequestForm::default()
        }
    }

    #[test]
    fn a_request_says_why_and_for_how_long() {
        let days = |days: &str, other: &str| form("x", days, other).check().map(|new| new.days);
        assert_eq!(days("none", ""), Ok(None));
        assert_eq!(days("30", "nonsense that nobody reads"), Ok(Some(30)));
        assert_eq!(days("other", " 12 "), Ok(Some(12)));
        for other in ["", "0", "-1", "3651", "1.5", "many"] {
            assert_eq!(days("other", other), Err(AppError::field("other", Problem::Days)), "{other}");
        }
        assert_eq!(days("31", ""), Err(AppError::field("days", Problem::Choice)));
        let reason = |reason: &str| form(reason, "none", "").check().map(|new| new.reason);
        assert_eq!(reason(" a\r\nb "), Ok("a\nb".into()));
        assert_eq!(reason(" \r\n "), Err(AppError::field("reason", Problem::Missing)));
        assert_eq!(reason("a\0b"), Err(AppError::field("reason", Problem::Forbidden)));
        assert_eq!(reason(&"ü".repeat(1_000)).map(|it| it.chars().count()), Ok(1_000));
        assert_eq!(reason(&"ü".repeat(1_001)), Err(AppError::field("reason", Problem::TooLong)));
    }

    #[test]
    fn a_last_day_is_there_and_not_too_far() {
        // 21 November 2026, 18:00 UTC.
        let now = 1_795_284_000;
        let end = |day: &str| read_until(day, now).map(OffsetDateTime::unix_timestamp);
        assert_eq!(end("2026-11-21"), Ok(1_795_305_600), "today still has six hours");
        assert_eq!(end("2026-11-20"), Err(Problem::Past));
        assert_eq!(end(""), Err(Problem::Missing));
        assert_eq!(end("2026-02-30"), Err(Problem::Choice));
        for day in ["9998-12-31", "2099-01-01"] {
            assert_eq!(end(day), Err(Problem::Days), "{day}");
        }
    }
}
