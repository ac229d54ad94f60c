//! The fields that "New customer" and Edit Customer share: Customer ID with what it matches, and groups.

use leptos::prelude::*;

use crate::{
    customers::{
        api::{count_matching_apis, search_groups},
        model::GroupRef,
    },
    error::AppError,
    text::text,
    ui::{
        form::TextField,
        search_pick::{Picked, SearchPick},
    },
};

/// How long a pause in typing is before the server is asked.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// What is typed, once typing has paused.
pub fn settled<T: Clone + Default + PartialEq + Send + Sync + 'static>(typed: RwSignal<T>) -> Signal<T> {
    let settled = RwSignal::new(T::default());
    let pending = StoredValue::new(None::<leptos::leptos_dom::helpers::TimeoutHandle>);
    Effect::new(move |_| {
        let now = typed.get();
        if let Some(timer) = pending.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        let settle = move || {
            let _ = settled.try_maybe_update(|known| {
                let changed = *known != now;
                known.clone_from(&now);
                (changed, ())
            });
        };
        pending.set_value(set_timeout(settle, PAUSE).ok());
    });
    settled.into()
}

/// The Customer ID, with how many APIs match what is typed.
#[component]
pub fn CustomerIdField(
    value: String,
    typed: RwSignal<String>,
    /// The field's name in the form.
    #[prop(default = "customer_id")]
    name: &'static str,
) -> impl IntoView {
    let t = &text().customers;
    let asked = settled(typed);
    let matching = RwSignal::new(None::<u32>);
    Effect::new(move |_| {
        let id = asked.get();
        matching.set(None);
        if id.trim().is_empty() {
            return;
        }
        leptos::task::spawn_local(async move {
            // Somebody may have gone on typing meanwhile.
            if let Ok(count) = count_matching_apis(id.clone()).await
                && asked.try_get_untracked() == Some(id)
            {
                matching.set(Some(count));
            }
        });
    });
    view! {
        <TextField name label=t.customer_id value autocomplete="off" help=t.exactly typed/>
        <p class="help">{t.automatically}" "<span class="medium" role="status">{move || matching.get().map(t.matching)}</span></p>
    }
}

/// The groups.
#[component]
pub fn GroupsField(chosen: RwSignal<Vec<Picked>>) -> impl IntoView {
    let t = &text().customers;
    view! {
        <SearchPick
            name="groups"
            text_name="more_groups"
            label=t.groups
            chosen_label=t.groups_chosen
            help=t.groups_help
            chosen
            search
        />
    }
}

/// A group as a chip.
pub fn picked(group: &GroupRef) -> Picked {
    Picked { id: group.id.to_string(), name: group.name.clone(), hint: String::new() }
}

async fn search(part: String) -> Result<Vec<Picked>, AppError> {
    Ok(search_groups(part).await?.iter().map(picked).collect())
}
