//! Instants. The server writes them in UTC; script turns them into the reader's own zone, so that both render alike.

use leptos::prelude::*;
use time::OffsetDateTime;

use crate::text::text;

/// Whether script runs, from after the first rendering on: what depends on the reader's clock and zone waits for it.
#[derive(Clone, Copy)]
pub struct Mounted(pub RwSignal<bool>);

/// Puts `Mounted` into the context.
pub fn provide_mounted() {
    let mounted = RwSignal::new(false);
    provide_context(Mounted(mounted));
    Effect::new(move |_| mounted.set(true));
}

/// Whether script runs.
pub fn mounted() -> bool {
    use_context::<Mounted>().is_some_and(|mounted| mounted.0.get())
}

/// An instant, as in "21 Nov, 18:04"; within a day of now "4 min ago", where `relative` asks for it.
#[component]
pub fn When(at: OffsetDateTime, #[prop(optional)] relative: bool) -> impl IntoView {
    let iso = iso(at);
    let shown = move || {
        if !mounted() {
            return moment(at, None);
        }
        let ago = (now_seconds() - at.unix_timestamp()).max(0);
        match ago {
            ..60 if relative => text().common.now.to_owned(),
            60..3600 if relative => (text().common.minutes_ago)(ago / 60),
            3600..86400 if relative => (text().common.hours_ago)(ago / 3600),
            _ => moment(local(at), Some(now_seconds())),
        }
    };
    let exact = move || if mounted() { exact(local(at), &zone()) } else { exact(at, "UTC") };
    view! { <time datetime=iso title=exact>{shown}</time> }
}

/// The exact instant with its zone, as in "24 Nov 2026, 15:12 UTC+1".
#[component]
pub fn Exactly(at: OffsetDateTime) -> impl IntoView {
    let shown = move || if mounted() { exact(local(at), &zone()) } else { exact(at, "UTC") };
    view! { <time datetime=iso(at)>{shown}</time> }
}

/// Which zone the times of a table are in.
#[component]
pub fn Zone() -> impl IntoView {
    let zone = move || (text().common.time_zone)(&if mounted() { zone() } else { "UTC".to_owned() });
    view! { <span>{zone}</span> }
}

/// Minutes from now until then; none while the reader's clock is not known.
pub fn minutes_until(at: OffsetDateTime) -> Option<i64> {
    mounted().then(|| (at.unix_timestamp() - now_seconds()) / 60)
}

fn iso(at: OffsetDateTime) -> String {
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

fn day(at: OffsetDateTime) -> String {
    let month = text().months[usize::from(u8::from(at.month()) - 1)];
    format!("{} {month}", at.day())
}

/// Without the year, unless it is known to differ from the reader's.
fn moment(at: OffsetDateTime, now: Option<i64>) -> String {
    let year_now = now.and_then(|now| OffsetDateTime::from_unix_timestamp(now).ok()).map(|now| now.year());
    if year_now.is_some_and(|year| year != at.year()) {
        format!("{} {}", day(at), at.year())
    } else {
        format!("{}, {:02}:{:02}", day(at), at.hour(), at.minute())
    }
}

fn exact(at: OffsetDateTime, zone: &str) -> String {
    format!("{} {}, {:02}:{:02} {zone}", day(at), at.year(), at.hour(), at.minute())
}

#[cfg(feature = "hydrate")]
fn now_seconds() -> i64 {
    (js_sys::Date::now() / 1000.0) as i64
}

#[cfg(not(feature = "hydrate"))]
fn now_seconds() -> i64 {
    0
}

/// The same instant with the figures of the reader's clock.
#[cfg(feature = "hydrate")]
fn local(at: OffsetDateTime) -> OffsetDateTime {
    at + time::Duration::minutes(offset(at))
}

#[cfg(not(feature = "hydrate"))]
fn local(at: OffsetDateTime) -> OffsetDateTime {
    at
}

/// Minutes that the reader's zone is ahead of UTC at that instant.
#[cfg(feature = "hydrate")]
fn offset(at: OffsetDateTime) -> i64 {
    let millis = js_sys::wasm_bindgen::JsValue::from_f64(at.unix_timestamp() as f64 * 1000.0);
    -js_sys::Date::new(&millis).get_timezone_offset() as i64
}

#[cfg(feature = "hydrate")]
fn zone() -> String {
    let Ok(now) = OffsetDateTime::from_unix_timestamp(now_seconds()) else {
        return "UTC".into();
    };
    let minutes = offset(now);
    let (sign, ahead) = if minutes < 0 { ('−', -minutes) } else { ('+', minutes) };
    match (ahead / 60, ahead % 60) {
        (0, 0) => "UTC".into(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

#[cfg(not(feature = "hydrate"))]
fn zone() -> String {
    "UTC".into()
}
