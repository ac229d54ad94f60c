//! The number of requests that wait, in the navigation.

use leptos::prelude::*;

use crate::{
    requests::api::count_open_requests,
    text::text,
    ui::{
        live::{Topic, live},
        load::resource,
        page::grouped,
    },
};

/// The number; nothing where none waits.
#[component]
pub fn OpenRequests() -> impl IntoView {
    let open = resource(|| live().version(Topic::Requests), |_| count_open_requests());
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let open = open.await.ok().filter(|open| *open > 0)?;
                let number = grouped(u64::try_from(open).unwrap_or(0));
                Some(view! {
                    <span class="n ask" aria-hidden="true">{number}</span>
                    <span class="sr">" "{(text().requests.open)(open)}</span>
                })
            })}
        </Transition>
    }
}
