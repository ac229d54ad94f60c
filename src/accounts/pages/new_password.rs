//! Whoever was given a password by somebody else chooses one of their own before anything.

use leptos::prelude::*;
use leptos_meta::Title;

use super::sign_in::DoorFooter;
use crate::{
    accounts::api::{ChoosePassword, SignOut},
    text::text,
    ui::{
        button::ButtonSize,
        door::Door,
        form::{Hidden, ServerForm, Submission, SubmitButton},
        password::NewPassword,
        shell::workspace_name,
    },
};

/// The page. The request layer lets whoever has to be here go nowhere else.
#[component]
pub fn NewPasswordPage() -> impl IntoView {
    let t = &text().imports;
    let choose = Submission::<ChoosePassword>::new();
    let sign_out = Submission::<SignOut>::new();
    let (password, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    view! {
        <Title text=t.password_title/>
        <Door brand=workspace_name() footer=view! { <DoorFooter/> }.into_any()>
            <div class="door-card">
                <div class="body stack">
                    <h1>{t.password_title}</h1>
                    <p class="muted">{t.password_body}</p>
                    <ServerForm submission=choose>
                        <NewPassword password again/>
                        <SubmitButton label=text().imports.password_save size=ButtonSize::Full/>
                    </ServerForm>
                    <ServerForm submission=sign_out class="">
                        <Hidden name="back" value=""/>
                        <button type="submit" class="btn link">{text().shell.sign_out}</button>
                    </ServerForm>
                </div>
            </div>
        </Door>
    }
}
