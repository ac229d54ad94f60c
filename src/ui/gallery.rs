//! Every component in every state, light beside dark; shown in development builds only. What looks wrong here is wrong
//! everywhere.

use leptos::prelude::*;

mod answers;
mod basics;
mod forms;
mod lists;
mod rights;

/// The page. It brings its own `main` landmark.
#[component]
pub fn Gallery() -> impl IntoView {
    view! {
        <main class="gallery" id="main">
            <header>
                <h1>"Components"</h1>
                <p class="muted">"Every component in its states, light on the left, dark on the right."</p>
            </header>
            <div class="sides"><Side theme="light"/><Side theme="dark"/></div>
        </main>
    }
}

/// All components under one theme; `theme` also parts the ids of the two sides.
#[component]
fn Side(theme: &'static str) -> impl IntoView {
    view! {
        <div class="theme" data-theme=theme>
            {basics::samples(theme)}
            {forms::samples(theme)}
            {lists::samples(theme)}
            {rights::samples(theme)}
            {answers::samples(theme)}
        </div>
    }
}

/// One group of samples under its name.
#[component]
fn Demo(title: &'static str, children: Children) -> impl IntoView {
    view! { <section class="demo"><h2>{title}</h2>{children()}</section> }
}
