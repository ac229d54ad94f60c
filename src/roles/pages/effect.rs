//! Who gains and who loses by what is chosen and not saved: counted while one chooses, and without script on a button.

use std::{future::Future, time::Duration};

use leptos::prelude::*;

use crate::{
    error::AppError,
    rights::{model::Preview, pages::preview::WhoGains},
    text::text,
    ui::{
        form::{form_scope, input_name},
        load::{Load, resource, sentence},
        when::mounted,
    },
};

/// How long one stops choosing before it is counted.
const PAUSE: Duration = Duration::from_millis(300);

/// Counts the effect of a choice, anew when it changes; `None` where there is nothing to count.
#[component]
pub fn Effects<T, F>(
    /// What is chosen now.
    choice: Memo<Option<T>>,
    /// Counts it.
    count: impl Fn(T) -> F + Clone + Send + Sync + 'static,
    /// Said where nothing is chosen.
    nothing: &'static str,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<Preview, AppError>> + Send + 'static,
{
    let asked = RwSignal::new(choice.get_untracked());
    let pending = StoredValue::new(None::<leptos::leptos_dom::helpers::TimeoutHandle>);
    Effect::new(move |_| {
        let now = choice.get();
        if let Some(timer) = pending.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        if asked.with_untracked(|asked| *asked != now) {
            let ask = move || drop(asked.try_set(now));
            pending.set_value(set_timeout(ask, PAUSE).ok());
        }
    });
    let effect = resource(
        move || asked.get(),
        move |choice| {
            let count = count.clone();
            async move {
                let Some(choice) = choice else { return Ok(None) };
                // What is wrong with the choice is told by its form, and is no page of its own.
                Ok(Some(count(choice).await))
            }
        },
    );
    let show = move |effect: Option<Result<Preview, AppError>>| match effect {
        None => view! { <p class="small muted">{nothing}</p> }.into_any(),
        Some(Ok(preview)) => view! { <WhoGains preview/> }.into_any(),
        Some(Err(error)) => view! { <p class="small muted">{sentence(&error)}</p> }.into_any(),
    };
    view! { <Load from=effect show/> }
}

/// Without script: sends the form to show its effect, and saves nothing.
#[component]
pub fn ShowEffect() -> impl IntoView {
    let _ = form_scope();
    move || {
        (!mounted()).then(|| {
            view! {
                <button class="btn" type="submit" name=input_name("preview") value="true">{text().roles.show_effect}</button>
            }
        })
    }
}
