//! "Who gains, who loses", beside what is being changed.

use leptos::prelude::*;

use crate::{
    access::{Changed, WorkspaceFacts},
    paths,
    rights::model::{MOST_NAMED, PersonChange, Preview},
    text::{
        rights::{sum_words, told_words},
        text,
    },
    ui::{
        changes::{self, ChangeList, ChangeSide},
        shell::me,
    },
};

/// The preview, for the body of a card.
#[component]
pub fn WhoGains(preview: Preview) -> impl IntoView {
    let t = &text().rights;
    if preview.gain == 0 && preview.lose == 0 {
        return view! { <p class="muted small">{t.no_difference}</p> }.into_any();
    }
    let workspace = me().map(|me| me.workspace).unwrap_or_default();
    // Of one person, the person's own line says it all.
    let summed = preview.looked_at > 1;
    let sums = preview.sums.iter().map(|sum| sum_words(sum, &workspace));
    let more = (preview.more_sums > 0).then(|| (t.more_changes)(preview.more_sums));
    let sums = summed.then(|| {
        let lines = sums.chain(more).map(|line| view! { <li>{line}</li> }).collect_view();
        view! { <ul class="stack tight">{lines}</ul> }
    });
    let sides = [(true, preview.gain), (false, preview.lose)]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(gains, count)| side(&preview, &workspace, gains, count))
        .collect();
    let same = preview.looked_at - preview.differ.min(preview.looked_at);
    let same = (same > 0).then(|| view! { <p>{(t.see_no_difference)(same)}</p> });
    let under = (sums.is_some() || same.is_some()).then(|| view! { {sums}{same} }.into_any());
    view! { <ChangeList lead=(t.counted)(preview.looked_at, preview.more) sides under/> }.into_any()
}

fn side(preview: &Preview, workspace: &WorkspaceFacts, gains: bool, count: u32) -> ChangeSide {
    let t = &text().rights;
    let of = |changed: &Changed| if gains { changed.gained.clone() } else { changed.lost.clone() };
    let people: Vec<changes::Change> = preview
        .people
        .iter()
        .filter(|person| !of(&person.changed).is_empty())
        .take(MOST_NAMED)
        .map(|PersonChange { id, full_name, changed }| changes::Change {
            id: id.to_string(),
            name: full_name.clone(),
            what: told_words(&of(changed), gains, workspace),
        })
        .collect();
    let rest = count - u32::try_from(people.len()).unwrap_or(count).min(count);
    ChangeSide {
        gains,
        title: if gains { (t.gain)(count) } else { (t.lose)(count) },
        people,
        more: (rest > 0).then(|| ((t.more)(rest), paths::USERS.to_owned())),
    }
}
