//! Invite by Link: the form, and the link, which is shown once.

use leptos::prelude::*;

use crate::{
    access::{BuiltIn, Category},
    error::AppError,
    links::{
        api::{GenerateLink, read_link_choices, search_link_groups},
        model::{Choices, HOURS},
    },
    paths,
    text::{role_name, text},
    ui::{
        button::LinkButton,
        form::{Hidden, Posted, SelectField, ServerForm, Submission, SubmitButton, TextField},
        load::{Load, Loading, resource},
        once::{CopyLine, QrCode, Secret},
        page::{Banner, BannerKind},
        search_pick::{Picked, SearchPick},
    },
};

/// The tab Invite by Link of a drawer: it brings its own `.body` and `footer`.
#[component]
pub fn LinkTab(
    /// Whom the link invites: teammates or customers.
    kind: Category,
    /// Where closing leads.
    close: String,
) -> impl IntoView {
    let generate = RwSignal::new(Submission::<GenerateLink>::new());
    let url = <GenerateLink as leptos::server_fn::ServerFn>::url();
    let posted = use_context::<Posted>().filter(|posted| posted.action == url).and_then(|posted| posted.once);
    // Shown once: when the drawer is opened again, it is not there any more.
    if posted.is_some() {
        drop(take_context::<Posted>());
    }
    let posted = RwSignal::new(posted);
    let choices = resource(move || kind, read_link_choices);
    let again = Callback::new(move |()| {
        posted.set(None);
        generate.set(Submission::new());
    });
    move || {
        let close = close.clone();
        match generate.get().once().or_else(|| posted.get()) {
            Some(secret) => view! { <Shown secret kind close again/> }.into_any(),
            None => view! { <NewForm kind close generate=generate.get() choices/> }.into_any(),
        }
    }
}

#[component]
fn NewForm(
    kind: Category,
    close: String,
    generate: Submission<GenerateLink>,
    choices: Loading<Result<Choices, AppError>>,
) -> impl IntoView {
    let t = text();
    view! {
        <ServerForm submission=generate class="fill">
            <div class="body stack loose">
                <p class="muted">{t.links.intro}</p>
                <Hidden name="kind" value=kind.slug()/>
                <Load from=choices show=move |choices: Choices| view! { <Fields kind choices/> }/>
            </div>
            <footer>
                <a href=paths::links(kind)>{t.links.see_all}</a>
                <span class="btns push">
                    <LinkButton href=close label=t.common.cancel/>
                    <SubmitButton label=t.links.generate/>
                </span>
            </footer>
        </ServerForm>
    }
}

#[component]
fn Fields(kind: Category, choices: Choices) -> impl IntoView {
    let t = text();
    let chosen = RwSignal::new(Vec::<Picked>::new());
    let roles = choices.roles.iter().map(|role| (role.key(), role_name(role))).collect::<Vec<_>>();
    let role = if kind == Category::Customer { BuiltIn::Customer } else { BuiltIn::Member };
    let mut hours: Vec<u32> = HOURS.into_iter().chain([choices.hours]).collect();
    hours.sort_unstable();
    hours.dedup();
    let words = |hours: u32| {
        if hours == choices.hours { (t.links.hours_by_default)(hours) } else { (t.links.hours)(hours) }
    };
    let hours: Vec<(String, String)> = hours.into_iter().map(|it| (it.to_string(), words(it))).collect();
    let search = move |part: String| async move {
        let found = search_link_groups(kind, part).await?;
        let picked = |group: crate::customers::model::GroupRef| Picked {
            id: group.id.to_string(),
            name: group.name,
            hint: String::new(),
        };
        Ok::<_, AppError>(found.into_iter().map(picked).collect())
    };
    let customer_id = (kind == Category::Customer).then(|| {
        view! { <TextField name="customer_id" label=t.customers.customer_id autocomplete="off" help=t.customers.exactly/> }
    });
    view! {
        <SelectField name="role" label=t.common.role choices=roles value=role.slug()/>
        {customer_id}
        <SearchPick
            name="groups"
            text_name="more_groups"
            label=t.links.groups
            chosen_label=t.links.groups_chosen
            help=t.links.groups_help
            chosen
            search
        />
        <SelectField name="hours" label=t.links.valid_for choices=hours value=choices.hours.to_string()/>
        <TextField name="most_uses" label=t.links.most_uses inputmode="numeric" autocomplete="off" help=t.links.most_uses_help optional=true/>
        <TextField name="mail_domain" label=t.links.mail_domain autocomplete="off" help=t.links.mail_domain_help optional=true/>
    }
}

/// The link itself: never again after this page.
#[component]
fn Shown(secret: Secret, kind: Category, close: String, again: Callback<()>) -> impl IntoView {
    let t = &text().links;
    view! {
        <div class="body stack loose">
            <Banner kind=BannerKind::Success title=t.ready alert=true>{t.once}</Banner>
            <div>
                <CopyLine value=secret.address label=t.address copy=t.copy copied=t.copied/>
            </div>
            {secret.picture.map(|modules| view! {
                <figure class="qr-box">
                    <QrCode modules label=t.qr/>
                    <figcaption class="help">{t.qr_help}</figcaption>
                </figure>
            })}
        </div>
        <footer>
            <a href=paths::links(kind)>{t.see_all}</a>
            <span class="btns push">
                <a
                    class="btn"
                    href=format!("{}?new=1", paths::links(kind))
                    on:click=move |event| {
                        event.prevent_default();
                        again.run(());
                    }
                >
                    {t.another}
                </a>
                <LinkButton href=close label=t.done/>
            </span>
        </footer>
    }
}
