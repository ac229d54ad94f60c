//! "Who gains, who loses", beside what is being changed.

use leptos::prelude::*;

use crate::{
    access::{Change, Changed},
    paths,
    rights::model::{MOST_NAMED, PersonChange, Preview},
    text::{rights::changes_words, text},
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
    let sums = preview
        .sums
        .iter()
        // Of one person, the person's own line says it all.
        .filter(|_| preview.looked_at > 1)
        .take(MOST_NAMED)
        .map(|(gained, change, people)| {
            let what = words(std::slice::from_ref(change));
            view! { <li>{if *gained { (t.people_gain)(*people, &what) } else { (t.people_lose)(*people, &what) }}</li> }
        })
        .collect_view();
    let sides = [(true, preview.gain), (false, preview.lose)]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(gains, count)| side(&preview, gains, count))
        .collect();
    let same = preview.looked_at - preview.people.len().min(preview.looked_at as usize) as u32;
    let same = same.min(preview.looked_at.saturating_sub(preview.gain.max(preview.lose)));
    view! {
        <ChangeList lead=(t.counted)(preview.looked_at, preview.more) sides>
            {(preview.looked_at > 1).then(|| view! { <ul class="stack tight">{sums}</ul> })}
            {(same > 0).then(|| view! { <p>{(t.see_no_difference)(same)}</p> })}
        </ChangeList>
    }
    .into_any()
}

fn side(preview: &Preview, gains: bool, count: u32) -> ChangeSide {
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
            what: words(&of(changed)),
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

/// Changes in words, with the names that the reader's session knows.
fn words(changes: &[Change]) -> String {
    let workspace = me().map(|me| me.workspace).unwrap_or_default();
    changes_words(changes, &workspace)
}
