//! The words of the mails: which are the workspace's own, and the drawer where one is written.

use leptos::prelude::*;

use super::invitations::editable;
use crate::{
    mail::words::{MailKind, OwnWords},
    paths,
    settings::api::{SaveMailWords, SendTestMail},
    text::text,
    ui::{
        button::{ButtonSize, IconButton, LinkButton},
        drawer::Drawer,
        fields::TextArea,
        form::{Hidden, ServerForm, Submission, SubmitButton, TextField},
        list::parameter,
        shell::me,
    },
};

/// The name of the frame that a mail is shown in.
const FRAME: &str = "mail-preview";

/// Every mail, and the drawer of the one that the address names.
#[component]
pub(super) fn MailWords(words: Memo<OwnWords>) -> impl IntoView {
    let t = &text().invitation_settings;
    let mail = parameter("mail");
    // Of the address alone: what others change would take what is typed.
    let opened = Memo::new(move |_| mail.read().parse::<MailKind>().ok());
    let rows = MailKind::ALL.map(|kind| view! { <Row kind words/> }).collect_view();
    view! {
        <section class="stack tight mails" aria-labelledby="mail-words">
            <h2 id="mail-words">{t.words}</h2>
            <p class="muted small">{t.words_lead}</p>
            <div class="table-box">
                <table class="table fixed">
                    <caption class="sr">{t.words}</caption>
                    <thead><tr>
                        <th scope="col" class="c-name">{t.mail}</th>
                        <th scope="col" class="c2">{t.subject}</th>
                        <th scope="col" class="act w-6"><span class="sr">{text().common.actions}</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
        {move || opened.get().map(|kind| view! { <WordsDrawer kind words/> })}
    }
}

#[component]
fn Row(kind: MailKind, words: Memo<OwnWords>) -> impl IntoView {
    let t = &text().invitation_settings;
    let subject = move || {
        let own = words.with(|words| words.get(&kind).cloned()).unwrap_or_default();
        let own = [own.subject, own.body].into_iter().find(|part| !part.is_empty());
        match own {
            Some(own) => view! { <bdi class="clip block">{own}</bdi> }.into_any(),
            None => view! { <span class="faint">{t.built_in}</span> }.into_any(),
        }
    };
    let name = (t.kind)(kind);
    view! {
        <tr>
            <th scope="row">
                <span class="medium clip block">{name}</span>
                <span class="small faint clip block">{(t.kind_hint)(kind)}</span>
            </th>
            <td class="c2">{subject}</td>
            <td class="act">
                <IconButton icon="edit" label=(t.edit_of)(name) size=ButtonSize::Small href=paths::mail_words(kind.slug())/>
            </td>
        </tr>
    }
}

/// The form of one mail, and how it looks. What is typed is posted into the frame by the browser itself, with or without script.
#[component]
fn WordsDrawer(kind: MailKind, words: Memo<OwnWords>) -> impl IntoView {
    let t = &text().invitation_settings;
    let c = &text().common;
    let save = Submission::<SaveMailWords>::new();
    let test = Submission::<SendTestMail>::new();
    let own = words.with_untracked(|words| words.get(&kind).cloned()).unwrap_or_default();
    let names = kind.placeholders().iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ");
    // Shown anew whenever other words are kept.
    let frame = move || {
        words.track();
        view! { <iframe class="mail" name=FRAME title=t.preview_frame src=paths::mail_preview(kind.slug()) sandbox=""></iframe> }
    };
    let test_body = StoredValue::new((t.test_body)(&me().map(|me| me.email).unwrap_or_default()));
    view! {
        <Drawer id="mail" title=(t.kind)(kind) close_href=paths::INVITATION_SETTINGS close_label=c.close>
            <div class="body stack loose">
                <ServerForm submission=save>
                    <fieldset class="stack" disabled=move || !editable()>
                        <Hidden name="kind" value=kind.slug()/>
                        <TextField name="subject" label=t.subject value=own.subject autocomplete="off" help=t.subject_help optional=true/>
                        <TextArea name="body" label=t.body value=own.body help=(t.body_help)(&names) optional=true/>
                        <span class="btns">
                            {move || editable().then(|| view! { <SubmitButton label=c.save/> })}
                            <button
                                type="submit"
                                class="btn"
                                formaction=paths::mail_preview(kind.slug())
                                formtarget=FRAME
                            >
                                {t.preview}
                            </button>
                        </span>
                    </fieldset>
                </ServerForm>
                {frame}
                {move || editable().then(|| view! {
                    <ServerForm submission=test class="stack tight">
                        <Hidden name="kind" value=kind.slug()/>
                        <p class="small muted">{test_body.get_value()}</p>
                        <span class="btns"><TestButton/></span>
                    </ServerForm>
                })}
            </div>
            <footer><span class="btns push"><LinkButton href=paths::INVITATION_SETTINGS label=c.close/></span></footer>
        </Drawer>
    }
}

#[component]
fn TestButton() -> impl IntoView {
    view! { <SubmitButton label=text().invitation_settings.test kind=crate::ui::button::ButtonKind::Secondary/> }
}
