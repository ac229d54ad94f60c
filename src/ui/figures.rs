//! Figures: a number under its name, and how much of something is used.

use leptos::prelude::*;

/// Figures side by side; its `children` are [`Stat`]s.
#[component]
pub fn Stats(children: Children) -> impl IntoView {
    view! { <dl class="stats">{children()}</dl> }
}

/// One figure.
#[component]
pub fn Stat(
    #[prop(into)] label: String,
    /// The figure as it is shown.
    #[prop(into)]
    value: String,
    /// What it is out of ("of 50"), shown quieter.
    #[prop(optional, into)]
    of: Option<String>,
    #[prop(optional, into)] detail: Option<String>,
) -> impl IntoView {
    view! {
        <div class="stat">
            <dt>{label}</dt>
            <dd>{value}{of.map(|of| view! { " "<span class="of">{of}</span> })}</dd>
            {detail.map(|detail| view! { <dd class="d">{detail}</dd> })}
        </div>
    }
}

/// How much of a limit is used. It asks for attention from nine tenths on.
#[component]
pub fn Meter(
    #[prop(into)] label: String,
    used: u64,
    /// The limit. Without one nothing can run short, and no bar is drawn.
    total: Option<u64>,
    /// Both in words ("46 of 50 seats").
    #[prop(into)]
    words: String,
    #[prop(optional, into)] detail: Option<String>,
) -> impl IntoView {
    let bar = total.map(|total| {
        let (share, class) = fill(used, total);
        view! {
            <svg
                class="bar"
                viewBox="0 0 100 8"
                preserveAspectRatio="none"
                role="meter"
                aria-label=label.clone()
                aria-valuemin="0"
                aria-valuemax=total.to_string()
                aria-valuenow=used.min(total).to_string()
                aria-valuetext=words.clone()
            >
                <rect class=class width=share.to_string() height="8"></rect>
            </svg>
        }
    });
    view! {
        <div class="meter">
            <div class="row between small"><span class="medium">{label}</span><span class="num">{words}</span></div>
            {bar}
            {detail.map(|detail| view! { <p class="small faint">{detail}</p> })}
        </div>
    }
}

/// How wide the bar is, of 100, and its colour. What is used at all is seen.
fn fill(used: u64, total: u64) -> (u64, &'static str) {
    let share = used.saturating_mul(100).checked_div(total).unwrap_or(100).min(100);
    let class = match share {
        _ if used >= total => "k-bad",
        90.. => "k-warn",
        _ => "k1",
    };
    (if used > 0 { share.max(1) } else { share }, class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_warns_before_it_is_full() {
        for (used, total, expected) in [
            (0, 50, (0, "k1")),
            (1, 5_000, (1, "k1")),
            (44, 50, (88, "k1")),
            (45, 50, (90, "k-warn")),
            (50, 50, (100, "k-bad")),
            (60, 50, (100, "k-bad")),
            (0, 0, (100, "k-bad")),
        ] {
            assert_eq!(fill(used, total), expected, "{used} of {total}");
        }
    }
}
