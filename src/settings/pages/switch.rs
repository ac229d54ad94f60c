//! The region switch. It is there only where there are several regions.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    access::RegionFacts,
    settings::{
        api::ChooseRegion,
        model::{ALL_REGIONS, sees_all_regions},
    },
    text::text,
    ui::{
        form::{Hidden, ServerForm, Submission},
        icon::{Icon, IconSize},
        menu::Menu,
        shell::me,
    },
};

/// What the switch shows.
#[derive(Clone, PartialEq)]
struct Shown {
    regions: Vec<RegionFacts>,
    /// The slug of the one that is looked at; none for all.
    region: Option<String>,
    /// Whether all can be looked at together.
    all: bool,
}

impl Shown {
    fn name(&self) -> String {
        let chosen = self.region.as_ref().and_then(|slug| self.regions.iter().find(|it| it.slug == *slug));
        chosen.map_or_else(|| text().settings.all_regions.to_owned(), |it| it.name.clone())
    }
}

/// None where there is nothing to choose. What has ended is not among what the server sent.
fn shown() -> Memo<Option<Shown>> {
    Memo::new(|_| {
        let me = me().filter(|me| me.workspace.regions.len() > 1)?;
        Some(Shown {
            all: sees_all_regions(&me.rights.assignments, 0),
            regions: me.workspace.regions,
            region: me.region,
        })
    })
}

/// The switch, for the navigation.
#[component]
pub fn RegionSwitch() -> impl IntoView {
    let shown = shown();
    move || shown.get().map(|shown| view! { <Switch shown/> })
}

/// The region that is looked at, for the bar of narrow screens.
#[component]
pub fn RegionNow() -> impl IntoView {
    let shown = shown();
    move || shown.get().map(|shown| view! { <span class="small muted push clip"><bdi>{shown.name()}</bdi></span> })
}

#[component]
fn Switch(shown: Shown) -> impl IntoView {
    let t = &text().settings;
    let choose = Submission::<ChooseRegion>::new();
    let name = shown.name();
    let all = (ALL_REGIONS.to_owned(), t.all_regions.to_owned(), shown.region.is_none(), shown.all);
    let each = shown.regions.iter().map(|it| {
        let now = shown.region.as_ref() == Some(&it.slug);
        (it.slug.clone(), it.name.clone(), now, true)
    });
    let choices = std::iter::once(all)
        .chain(each)
        .map(|(value, label, now, open)| view! { <Choice choose value label now open/> })
        .collect_view();
    let button = view! {
        <Icon name="globe"/>
        <span class="t"><bdi class="medium clip">{name.clone()}</bdi></span>
        <Icon name="down" size=IconSize::Small/>
    };
    view! {
        <Menu id="region-menu" label=(t.choose_region)(&name) button=button.into_any() button_class="ws" start=true>
            {choices}
            {(!shown.all).then(|| view! { <p class="cap">{t.not_all_regions}</p> })}
        </Menu>
    }
}

/// One region, as a form of one button: it needs no script.
#[component]
fn Choice(
    choose: Submission<ChooseRegion>,
    value: String,
    label: String,
    /// It is the one that is looked at.
    now: bool,
    /// It can be chosen.
    open: bool,
) -> impl IntoView {
    let location = use_location();
    let back = move || format!("{}{}", location.pathname.get(), search(&location.search.get()));
    view! {
        <ServerForm submission=choose class="">
            <Hidden name="region" value/>
            <input type="hidden" name="form[back]" value=back/>
            <button type="submit" aria-current=now.then_some("true") disabled=!open>
                {if now { view! { <Icon name="check"/> }.into_any() } else { view! { <span class="gap"></span> }.into_any() }}
                <bdi class="clip">{label}</bdi>
            </button>
        </ServerForm>
    }
}

fn search(query: &str) -> String {
    if query.is_empty() { String::new() } else { format!("?{query}") }
}
