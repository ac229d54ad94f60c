//! Who gains and who loses by a change, before it is saved.

use leptos::prelude::*;

use super::{
    avatar::Avatar,
    icon::{Icon, IconSize},
};

/// One person, and what changes for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The person's id, for the hue.
    pub id: String,
    pub name: String,
    /// What they gain or lose, in words.
    pub what: String,
}

/// Those who gain, or those who lose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSide {
    pub gains: bool,
    /// How many, in words ("9 gain something").
    pub title: String,
    /// The first of them.
    pub people: Vec<Change>,
    /// Words ("6 more") and address of the rest; an empty address leads nowhere.
    pub more: Option<(String, String)>,
}

/// The sides of a change, one under the other; for the body of a card. What is `under` them stands under a line.
#[component]
pub fn ChangeList(
    /// What is counted, over whom.
    #[prop(optional, into)]
    lead: Option<String>,
    sides: Vec<ChangeSide>,
    /// Further words.
    #[prop(optional_no_strip)]
    under: Option<AnyView>,
) -> impl IntoView {
    let sides = sides.into_iter().map(side).collect_view();
    view! {
        <div class="changes">
            {lead.map(|lead| view! { <p class="small muted">{lead}</p> })}
            {sides}
            {under.map(|under| view! { <div class="small muted">{under}</div> })}
        </div>
    }
}

fn side(side: ChangeSide) -> impl IntoView {
    let (class, icon) = if side.gains { ("v-ok", "plus") } else { ("v-bad", "minus") };
    let people = side.people.into_iter().map(|change| {
        view! {
            <li>
                <Avatar name=change.name.clone() id=change.id/>
                <div><bdi class="medium">{change.name}</bdi><span class="muted">{change.what}</span></div>
            </li>
        }
    });
    let more = side.more.map(|(words, href)| match href.is_empty() {
        true => view! { <p class="small muted">{words}</p> }.into_any(),
        false => view! { <a class="small" href=href>{words}</a> }.into_any(),
    });
    view! {
        <section>
            <h3 class=format!("row snug small {class}")><Icon name=icon size=IconSize::Small/>{side.title}</h3>
            <ul>{people.collect_view()}</ul>
            {more}
        </section>
    }
}
