//! The days on which rights end, as forms send them: `2026-11-21`. A right lasts through its last day, in UTC.

use time::{Date, Month, OffsetDateTime};

use crate::error::Problem;

/// The day that a form sends; none where the field is empty.
///
/// # Errors
/// `Choice` for what is no day.
pub fn read_day(typed: &str) -> Result<Option<Date>, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let mut parts = typed.splitn(3, '-');
    let mut next = || parts.next().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let day = || {
        let year = next()?.parse().ok().filter(|year| (1970..=9998).contains(year))?;
        let month = Month::try_from(next()?.parse::<u8>().ok()?).ok()?;
        Date::from_calendar_date(year, month, next()?.parse().ok()?).ok()
    };
    let mut day = day;
    day().map(Some).ok_or(Problem::Choice)
}

/// The instant at which a right ends that lasts through this day.
pub fn end_of(day: Date) -> OffsetDateTime {
    day.next_day().unwrap_or(Date::MAX).midnight().assume_utc()
}

/// The last day of a right that ends at this instant, as forms send it.
pub fn last_day(until: OffsetDateTime) -> String {
    day_of(until - time::Duration::SECOND)
}

/// The day of an instant in UTC, as forms send it.
pub fn day_of(at: OffsetDateTime) -> String {
    let day = at.to_offset(time::UtcOffset::UTC).date();
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_lasts_through_its_last_day() {
        for typed in ["2026-12-31", "2028-02-29", "1970-01-01"] {
            let day = read_day(typed).unwrap().unwrap();
            assert_eq!(last_day(end_of(day)), typed);
            assert_eq!(end_of(day).unix_timestamp() % 86_400, 0);
        }
        assert_eq!(read_day(" "), Ok(None));
        for wrong in ["31.12.2026", "2026-02-30", "2026-13-01", "2026-1", "tomorrow", "-1-1-1", "10000-01-01"] {
            assert_eq!(read_day(wrong), Err(Problem::Choice), "{wrong}");
        }
    }
}
