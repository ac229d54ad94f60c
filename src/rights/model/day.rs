//! The days on which rights, API access and what is given on request end, as forms send them: `2026-11-21`. What has a last day
//! lasts through it, in UTC, and ends at the first instant after it; wherever that end is shown, it is shown as the day itself.

use time::{Date, Month, OffsetDateTime};

use crate::error::Problem;

/// Seconds of a day; UTC has no others here.
const SECONDS: i64 = 86_400;

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

/// The end that a form's last day means; none where the field is empty. `at` is now, in Unix seconds.
///
/// # Errors
/// `Choice` for what is no day, `Past` for a day that is over.
pub fn read_end(typed: &str, at: i64) -> Result<Option<OffsetDateTime>, Problem> {
    match read_day(typed)?.map(end_of) {
        Some(end) if end.unix_timestamp() <= at => Err(Problem::Past),
        end => Ok(end),
    }
}

/// The first instant after a day: what lasts through the day ends there.
pub fn end_of(day: Date) -> OffsetDateTime {
    day.next_day().unwrap_or(Date::MAX).midnight().assume_utc()
}

/// The last day of a right that ends at this instant, as forms send it.
pub fn last_day(until: OffsetDateTime) -> String {
    day_of(until - time::Duration::SECOND)
}

/// The last day of what ends with a day; none of what ends within one.
pub fn whole_last_day(until: OffsetDateTime) -> Option<String> {
    (until.unix_timestamp() % SECONDS == 0).then(|| last_day(until))
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
            assert_eq!(end_of(day).unix_timestamp() % SECONDS, 0);
            assert_eq!(whole_last_day(end_of(day)).as_deref(), Some(typed));
            assert_eq!(whole_last_day(end_of(day) - time::Duration::SECOND), None);
        }
        assert_eq!(read_day(" "), Ok(None));
        for wrong in ["31.12.2026", "2026-02-30", "2026-13-01", "2026-1", "tomorrow", "-1-1-1", "10000-01-01"] {
            assert_eq!(read_day(wrong), Err(Problem::Choice), "{wrong}");
        }
    }
    #[test]
    fn a_day_is_there_until_the_first_instant_after_it() {
        // Midnight before 22 November 2026, in UTC.
        let midnight = 1_795_305_600;
        let end = |at| read_end("2026-11-21", at).map(|end| end.map(OffsetDateTime::unix_timestamp));
        assert_eq!(end(midnight - 1), Ok(Some(midnight)), "its last second counts");
        assert_eq!(end(midnight), Err(Problem::Past));
        assert_eq!(read_end("2026-11-22", midnight).unwrap().map(last_day).as_deref(), Some("2026-11-22"));
        assert_eq!(read_end(" ", midnight), Ok(None));
        assert_eq!(read_end("soon", midnight), Err(Problem::Choice));
    }
}
