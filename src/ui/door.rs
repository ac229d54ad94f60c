//! The front door: sign-in, set-up, joining by link. The workspace's colour, and a colonnade with the way in.

use leptos::prelude::*;

/// The house mark, in the colour of the text around it.
#[component]
pub fn HouseMark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            <path d="M1.75 6.25 8 2.25l6.25 4zM2 13.75h12M3.75 6.5v7M12.25 6.5v7M6.25 13.5v-3.25a1.75 1.75 0 0 1 3.5 0v3.25"></path>
        </svg>
    }
}

/// The colonnade behind everything on the front door.
#[component]
pub fn Colonnade() -> impl IntoView {
    view! {
        <svg class="colonnade" viewBox="0 0 1600 900" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
            <path fill="none" stroke="currentColor" stroke-width="1.5" d="M0 22h1600M0 34h1600M0 46h1600M470 900V470a330 330 0 0 1 660 0V900M486 900V470a314 314 0 0 1 628 0V900M192 900V560a128 128 0 0 1 256 0V900M206 900V560a114 114 0 0 1 228 0V900M-98 900V560a128 128 0 0 1 256 0V900M-84 900V560a114 114 0 0 1 228 0V900M-388 900V560a128 128 0 0 1 256 0V900M-374 900V560a114 114 0 0 1 228 0V900M1152 900V560a128 128 0 0 1 256 0V900M1166 900V560a114 114 0 0 1 228 0V900M1442 900V560a128 128 0 0 1 256 0V900M1456 900V560a114 114 0 0 1 228 0V900M1732 900V560a128 128 0 0 1 256 0V900M1746 900V560a114 114 0 0 1 228 0V900"></path>
        </svg>
    }
}

/// The page around a `.door-card`. It holds the `main` landmark itself; `footer` holds help and legal links.
#[component]
pub fn Door(
    /// The workspace's name.
    #[prop(into)]
    brand: String,
    #[prop(optional)] footer: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="door">
            <Colonnade/>
            <main id="main">
                <div class="brand"><HouseMark/><span>{brand}</span></div>
                {children()}
            </main>
            {footer.map(|footer| view! { <footer>{footer}</footer> })}
        </div>
    }
}
