//! The card of the sign-in screen: its colour, and how it looks with it.

use leptos::{html::Input, prelude::*};

use super::invitations::{Fields, SettingsCard};
use crate::{
    settings::api::SaveColour,
    text::text,
    ui::{
        colour::Colour,
        form::{FieldNotes, ServerForm, Submission, described_by, form_scope, input_name},
        shell::workspace_name,
        when::mounted,
    },
};

/// How many characters of a name the picture has room for.
const MOST_SHOWN: usize = 28;

#[component]
pub(super) fn SignInScreen(
    /// The colour that is kept.
    colour: String,
) -> impl IntoView {
    let t = &text().invitation_settings;
    let save = Submission::<SaveColour>::new();
    view! {
        <SettingsCard id="screen" title=t.screen lead=t.screen_lead>
            <ServerForm submission=save class="fill">
                <Fields><ColourField colour/></Fields>
            </ServerForm>
        </SettingsCard>
    }
}

/// The colour as text, with the browser's own picker where script runs, and the picture of the screen.
#[component]
fn ColourField(colour: String) -> impl IntoView {
    let t = &text().invitation_settings;
    let scope = form_scope();
    let problem = scope.problem("colour");
    let kept = Colour::read(&colour).unwrap_or(Colour::BLACK);
    let typed = RwSignal::new(scope.typed("colour").unwrap_or(colour));
    // While what is typed is no colour yet, the last one that was stays.
    let shown = Memo::new(move |last: Option<&Colour>| {
        typed.with(|typed| Colour::read(typed)).unwrap_or(last.copied().unwrap_or(kept))
    });
    let input = NodeRef::<Input>::new();
    Effect::new(move |_| {
        // What was typed before script came is in the field, and not in the signal yet.
        if let Some(input) = input.get() {
            typed.set(input.value());
        }
    });
    view! {
        <div class="field">
            <label for="colour">{t.colour}</label>
            <span class="row">
                <input
                    class="input"
                    id="colour"
                    name=input_name("colour")
                    value=typed.get_untracked()
                    prop:value=move || typed.get()
                    autocomplete="off"
                    spellcheck="false"
                    aria-invalid=move || problem.get().is_some().then_some("true")
                    aria-describedby=move || described_by("colour", true, problem.get().is_some())
                    node_ref=input
                    on:input:target=move |event| typed.set(event.target().value())
                />
                {move || mounted().then(|| view! {
                    <input
                        type="color"
                        class="input pick"
                        aria-label=t.pick
                        prop:value=move || shown.get().to_string()
                        on:input:target=move |event| typed.set(event.target().value())
                    />
                })}
            </span>
            <FieldNotes name="colour" help=Some(t.colour_help.to_owned()) after_error=None/>
        </div>
        <Screen shown/>
    }
}

/// The screen in small.
#[component]
fn Screen(shown: Memo<Colour>) -> impl IntoView {
    let t = &text().invitation_settings;
    let ground = move || shown.get().to_string();
    let ink = move || shown.get().ink().to_string();
    let name: String = workspace_name().chars().take(MOST_SHOWN).collect();
    let contrast = move || {
        let (ground, ink) = (shown.get(), shown.get().ink());
        (t.contrast)(&format!("{:.1}", ground.contrast(ink)), ink == Colour::WHITE)
    };
    view! {
        <svg class="screen" viewBox="0 0 320 190" role="img" aria-label=t.preview_of_screen>
            <rect width="320" height="190" rx="6" fill=ground/>
            <path
                fill="none"
                stroke=ink
                opacity="0.16"
                d="M0 8h320M60 190v-82a100 100 0 0 1 200 0v82M66 190v-82a94 94 0 0 1 188 0v82M-40 190v-60a36 36 0 0 1 72 0v60M288 190v-60a36 36 0 0 1 72 0v60"
            ></path>
            <text x="160" y="38" text-anchor="middle" fill=ink>{name}</text>
            <rect class="paper" x="98" y="54" width="124" height="112" rx="6"></rect>
            <path class="rule" d="M98 74h124M110 92h34M110 104h100M110 124h34M110 136h100"></path>
            <rect class="act" x="110" y="146" width="100" height="12" rx="3"></rect>
        </svg>
        <p class="small muted" role="status">{contrast}</p>
    }
}
