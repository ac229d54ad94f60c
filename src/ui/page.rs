//! What a page is made of: its head, tabs, banners, the empty list, progress.

use leptos::prelude::*;

use super::badge::StatusKind;
use super::icon::{Icon, StatusShape};

/// The head of a page: where it is, what it is called, what it is for, and its actions (`children`).
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    /// One line of purpose under the title.
    #[prop(optional, into)]
    lead: Option<String>,
    /// The pages above this one, as label and address; the page itself is not among them.
    #[prop(optional)]
    crumbs: Vec<(String, String)>,
    /// The name of the breadcrumb for a screen reader; needed with `crumbs`.
    #[prop(optional, into)]
    crumbs_label: String,
    /// Stands before the title: an avatar.
    #[prop(optional)]
    before: Option<AnyView>,
    /// Stands behind the title: a status or a badge.
    #[prop(optional)]
    beside: Option<AnyView>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let crumbs = (!crumbs.is_empty()).then(|| {
        let above = crumbs.into_iter().map(|(label, href)| view! { <li><a href=href>{label}</a></li> }).collect_view();
        view! {
            <nav class="crumbs" aria-label=crumbs_label>
                <ol>{above}<li aria-current="page">{title.clone()}</li></ol>
            </nav>
        }
    });
    let named = before.is_some();
    let heading = match beside {
        Some(beside) => view! { <h1 class="row wrap"><span>{title}</span>{beside}</h1> }.into_any(),
        None => view! { <h1>{title}</h1> }.into_any(),
    };
    let title = match before {
        Some(before) => view! {
            <div class="who">{before}<div>{heading}{lead.map(|lead| view! { <span class="sub">{lead}</span> })}</div></div>
        }
        .into_any(),
        None => view! { {heading}{lead.map(|lead| view! { <p class="lead">{lead}</p> })} }.into_any(),
    };
    view! {
        <header class=if named { "page-head mid" } else { "page-head" }>
            <div>{crumbs}{title}</div>
            {children.map(|children| view! { <div class="btns">{children()}</div> })}
        </header>
    }
}

/// One tab or segment: a link, since the address is the state.
#[derive(Clone, Debug, Default)]
pub struct TabItem {
    pub label: String,
    pub href: String,
    /// How many rows stand behind it.
    pub count: Option<u64>,
    /// It is the one that is shown.
    pub current: bool,
    /// The status that it lists.
    pub shape: Option<StatusKind>,
    pub icon: Option<&'static str>,
    /// Has a dot, which says this to a screen reader ("differs").
    pub marked: Option<String>,
}

/// Tabs that are links. `label` names the set for a screen reader ("Kind of user").
#[component]
pub fn Tabs(#[prop(into)] label: String, items: Vec<TabItem>) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|item| {
            view! {
                <a href=item.href aria-current=item.current.then_some("page")>
                    {item.shape.map(|kind| view! { <StatusShape name=kind.shape()/> })}
                    {item.icon.map(|name| view! { <Icon name/> })}
                    {item.label}
                    {item.count.map(|count| view! { " "<span class="n">{grouped(count)}</span> })}
                    {item.marked.map(dot)}
                </a>
            }
        })
        .collect_view();
    view! { <nav class="tabs below" aria-label=label>{items}</nav> }
}

/// The dot of a tab or segment that is marked.
pub(super) fn dot(words: String) -> impl IntoView {
    view! { " "<span class="dot accent"></span><span class="sr">{words}</span> }
}

/// A number with its thousands parted by commas, as the English catalogue writes them.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What a banner says about itself before it is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BannerKind {
    #[default]
    Info,
    Success,
    Warning,
    Danger,
    Plain,
}

/// A message that belongs to the page and stays: a bold title, more text in `children`, and what can be done about it.
#[component]
pub fn Banner(
    #[prop(optional)] kind: BannerKind,
    #[prop(optional, into)] title: Option<String>,
    /// Read out as soon as it appears: for the summary of a form that was refused.
    #[prop(optional)]
    alert: bool,
    #[prop(optional)] actions: Option<AnyView>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let (class, icon) = match kind {
        BannerKind::Info => ("banner", "info"),
        BannerKind::Success => ("banner success", "check"),
        BannerKind::Warning => ("banner warning", "alert"),
        BannerKind::Danger => ("banner danger", "alert"),
        BannerKind::Plain => ("banner plain", "info"),
    };
    view! {
        <div class=class role=alert.then_some("alert")>
            <Icon name=icon/>
            <div>
                {title.map(|title| view! { <b>{title}</b>" " })}
                {children.map(|children| children())}
            </div>
            {actions.map(|actions| view! { <div class="btns">{actions}</div> })}
        </div>
    }
}

/// A list with nothing in it: what is missing, why, and in `children` the buttons that help.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(into)] body: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <svg class="art" viewBox="0 0 88 56" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" aria-hidden="true">
                <path d="M2 54h84M10 54V28a14 14 0 0 1 28 0v26M50 54V28a14 14 0 0 1 28 0v26M16 54V29a8 8 0 0 1 16 0v25M56 54V29a8 8 0 0 1 16 0v25M6 6h76M6 10h76"></path>
            </svg>
            <h2>{title}</h2>
            <p>{body}</p>
            {children.map(|children| view! { <div class="btns">{children()}</div> })}
        </div>
    }
}

/// Grey rows in the place of a list that loads for the first time; `label` says so to a screen reader.
#[component]
pub fn Skeleton(rows: usize, #[prop(into)] label: String) -> impl IntoView {
    let widths = ["skel w50", "skel w70", "skel w30", "skel w90"];
    let rows = (0..rows)
        .map(|row| {
            view! {
                <div class="who">
                    <span class="skel o"></span>
                    <div class="grow stack tight">
                        <span class=widths[row % 4]></span>
                        <span class=widths[(row + 1) % 4]></span>
                    </div>
                </div>
            }
        })
        .collect_view();
    view! { <div class="stack" role="status" aria-busy="true"><span class="sr">{label}</span>{rows}</div> }
}

/// How far a piece of long work has come.
#[component]
pub fn Progress(
    #[prop(into)] value: Signal<u64>,
    #[prop(into)] max: Signal<u64>,
    /// What is under way ("Import of iberia-carriers.csv").
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <progress
            aria-label=label
            max=move || max.get().max(1).to_string()
            value=move || value.get().min(max.get()).to_string()
        ></progress>
    }
}

/// A list of names and values; its `children` are [`Pair`]s.
#[component]
pub fn KeyValue(children: Children) -> impl IntoView {
    view! { <dl class="kv">{children()}</dl> }
}

/// One name and its value.
#[component]
pub fn Pair(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <dt>{label}</dt><dd>{children()}</dd> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        for (number, text) in [(0, "0"), (999, "999"), (1_284, "1,284"), (100_000, "100,000"), (1_000_000, "1,000,000")]
        {
            assert_eq!(grouped(number), text);
        }
    }
}
