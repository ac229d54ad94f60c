//! Settings > Invitations: one form on each card, kept apart from the others.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{SettingsHead, mail_words::MailWords, sign_in_screen::SignInScreen};
use crate::{
    access::{Action, Feature},
    invitations::model::Status,
    paths,
    settings::{
        api::{SaveMailDomains, SaveRegistration, SaveSender, SaveValidity, read_invitation_settings},
        model::{InvitationSettings, RegistrationRules, Unit, Validity},
    },
    text::text,
    ui::{
        choices::CheckField,
        fields::TextArea,
        form::{SelectField, ServerForm, Submission, SubmitButton, TextField},
        live::{Topic, live},
        load::{Load, resource},
        page::{Banner, BannerKind, Skeleton},
        shell::{may, workspace_name},
    },
};

/// The page.
#[component]
pub fn InvitationSettingsPage() -> impl IntoView {
    let t = &text().invitation_settings;
    let first = resource(|| (), |()| read_invitation_settings());
    let cards = |settings: InvitationSettings| view! { <Cards settings/> };
    view! {
        <Title text=t.title/>
        <SettingsHead section=paths::INVITATION_SETTINGS/>
        <Load from=first skeleton=move || view! { <Skeleton rows=6 label=t.title/> } show=cards/>
    }
}

/// Whether the reader may change what is on the cards.
pub(super) fn editable() -> bool {
    may(Action::Update, Feature::Settings)
}

/// The cards. What others change appears on the card that it is on, and nothing that is typed on another one is lost.
#[component]
fn Cards(settings: InvitationSettings) -> impl IntoView {
    let t = &text().invitation_settings;
    let live = live();
    let now = RwSignal::new(settings);
    Effect::new(move |before: Option<(u32, u32)>| {
        let version = (live.version(Topic::Settings), live.version(Topic::Invitations));
        if before.is_some_and(|before| before != version) {
            leptos::task::spawn_local(async move {
                if let Ok(settings) = read_invitation_settings().await {
                    // The page may be gone by now.
                    let _ = now.try_set(settings);
                }
            });
        }
        version
    });
    let validity = Memo::new(move |_| now.with(|it| it.validity));
    let rules = Memo::new(move |_| now.with(|it| (it.registration.auto_approval, it.registration.mobile_required)));
    let waiting = Memo::new(move |_| now.with(|it| it.registration.waiting));
    let domains = Memo::new(move |_| now.with(|it| it.domains.join("\n")));
    let sender = Memo::new(move |_| now.with(|it| it.sender_name.clone()));
    let colour = Memo::new(move |_| now.with(|it| it.colour.clone()));
    let words = Memo::new(move |_| now.with(|it| it.words.clone()));
    let registration = move || {
        let (auto_approval, mobile_required) = rules.get();
        let rules = RegistrationRules { auto_approval, mobile_required, waiting: 0 };
        view! { <RegistrationCard rules waiting/> }
    };
    view! {
        {move || (!editable()).then(|| view! { <Banner kind=BannerKind::Plain>{t.read_only}</Banner> })}
        <div class="cols-2 settings">
            {move || view! { <ValidityCard validity=validity.get()/> }}
            {registration}
            {move || view! { <DomainsCard domains=domains.get()/> }}
            {move || view! { <SenderCard name=sender.get()/> }}
            {move || view! { <SignInScreen colour=colour.get()/> }}
        </div>
        <MailWords words/>
    }
}

/// A card of the settings, with its heading.
#[component]
pub(super) fn SettingsCard(
    id: &'static str,
    title: &'static str,
    #[prop(default = "")] lead: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby=id>
            <header><h2 id=id>{title}</h2></header>
            {(!lead.is_empty()).then(|| view! { <p class="card-lead small muted">{lead}</p> })}
            {children()}
        </section>
    }
}

/// The fields of a card, and the button that keeps them.
#[component]
pub(super) fn Fields(children: Children) -> impl IntoView {
    view! {
        <fieldset disabled=move || !editable()>
            <div class="body stack">{children()}</div>
            {move || editable().then(|| view! {
                <footer><span class="btns"><SubmitButton label=text().common.save/></span></footer>
            })}
        </fieldset>
    }
}

#[component]
fn ValidityCard(validity: Validity) -> impl IntoView {
    let t = &text().invitation_settings;
    let save = Submission::<SaveValidity>::new();
    let units = || {
        let name = |unit| match unit {
            Unit::Hours => t.hours,
            Unit::Days => t.days,
        };
        Unit::ALL.map(|unit| (unit.slug().to_owned(), name(unit).to_owned())).to_vec()
    };
    let ((mail, mail_unit), (link, link_unit)) = (Unit::say(validity.mail), Unit::say(validity.link));
    let remind = validity.remind.map(|hours| hours.to_string()).unwrap_or_default();
    view! {
        <SettingsCard id="validity" title=t.validity lead=t.validity_lead>
            <ServerForm submission=save class="fill">
                <Fields>
                    <div class="length">
                        <TextField name="mail" label=t.by_mail value=mail.to_string() inputmode="numeric" help=t.length_help/>
                        <SelectField name="mail_unit" label=(t.unit_of)(t.by_mail) choices=units() value=mail_unit.slug()/>
                    </div>
                    <div class="length">
                        <TextField name="link" label=t.by_link value=link.to_string() inputmode="numeric" help=t.length_help/>
                        <SelectField name="link_unit" label=(t.unit_of)(t.by_link) choices=units() value=link_unit.slug()/>
                    </div>
                    <TextField name="remind" label=t.remind value=remind inputmode="numeric" help=t.remind_help optional=true/>
                </Fields>
            </ServerForm>
        </SettingsCard>
    }
}

#[component]
fn RegistrationCard(rules: RegistrationRules, waiting: Memo<i64>) -> impl IntoView {
    let t = &text().invitation_settings;
    let save = Submission::<SaveRegistration>::new();
    let wait = format!("{}?status={}", paths::INVITATIONS, Status::Waiting.slug());
    view! {
        <SettingsCard id="registration" title=t.registration>
            <ServerForm submission=save class="fill">
                <Fields>
                    <CheckField name="auto_approval" label=t.auto_approval help=t.auto_approval_help checked=rules.auto_approval/>
                    <p class="small">
                        {move || (t.waiting)(waiting.get())}
                        {move || (waiting.get() > 0).then(|| view! { " "<a href=wait.clone()>{t.see_waiting}</a> })}
                    </p>
                    <CheckField name="mobile_required" label=t.mobile_required help=t.mobile_help checked=rules.mobile_required/>
                </Fields>
            </ServerForm>
        </SettingsCard>
    }
}

#[component]
fn DomainsCard(domains: String) -> impl IntoView {
    let t = &text().invitation_settings;
    let save = Submission::<SaveMailDomains>::new();
    view! {
        <SettingsCard id="mail-domains" title=t.domains lead=t.domains_lead>
            <ServerForm submission=save class="fill">
                <Fields>
                    <TextArea name="domains" label=t.domains_label value=domains help=t.domains_help optional=true/>
                </Fields>
            </ServerForm>
        </SettingsCard>
    }
}

#[component]
fn SenderCard(name: String) -> impl IntoView {
    let t = &text().invitation_settings;
    let save = Submission::<SaveSender>::new();
    view! {
        <SettingsCard id="sender" title=t.sender>
            <ServerForm submission=save class="fill">
                <Fields>
                    <TextField
                        name="sender_name"
                        label=t.sender_label
                        value=name
                        autocomplete="off"
                        help=(t.sender_help)(&workspace_name())
                        optional=true
                    />
                </Fields>
            </ServerForm>
        </SettingsCard>
    }
}
