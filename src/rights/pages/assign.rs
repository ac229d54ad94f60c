//! The form of one assignment: role, areas, APIs, region, organization, end; and what would change by it, before it is saved.

use leptos::{
    ev::Event,
    html::Div,
    leptos_dom::helpers::TimeoutHandle,
    prelude::*,
    server_fn::ServerFn,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement},
};
use leptos_meta::Title;
use uuid::Uuid;

use super::{held::permissions_words, preview::WhoGains};
use crate::{
    access::RoleRef,
    error::AppError,
    paths,
    rights::{
        api::{SaveRights, preview_rights, read_rights_choices},
        model::{AssignForm, Parts, Preview, RightsChoices},
        pages::scope::{ApiPart, AreaPart, PlaceFields, RoleSelect},
    },
    text::text,
    ui::{
        button::{Button, ButtonType, LinkButton},
        form::{Hidden, Posted, ServerForm, Submission, SubmitButton, form_scope, input_name, list_name},
        load::{Load, resource, sentence},
        page::{PageHead, Skeleton},
        when::mounted,
    },
};

/// How long a pause in typing is before the server is asked what would change.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// The page of the form; of a new assignment where its id is `new`. It does not follow what others change: what one is typing
/// stays.
#[component]
pub fn AssignPage(user: Uuid, assignment: String) -> impl IntoView {
    let id = if assignment == "new" { String::new() } else { assignment };
    let choices = resource(move || (user, id.clone()), |(user, id)| read_rights_choices(user, id));
    view! {
        <Load
            from=choices
            skeleton=move || view! { <Skeleton rows=6 label=text().held.preview/> }
            show=|choices: RightsChoices| view! { <Editor choices/> }
        />
    }
}

/// What a browser without script has posted.
fn posted() -> Option<AssignForm> {
    let posted = use_context::<Posted>().filter(|posted| posted.action == SaveRights::url())?;
    read_form(|name| posted.values.get(name).cloned().unwrap_or_default())
}

/// What stands in the form now.
fn typed_in(form: &HtmlFormElement) -> Option<AssignForm> {
    let data = FormData::new_with_form(form).ok()?;
    read_form(|name| data.get_all(name).iter().filter_map(|value| value.as_string()).collect())
}

/// The form out of the values of each name.
fn read_form(values: impl Fn(&str) -> Vec<String>) -> Option<AssignForm> {
    let one = |name: &str| values(&input_name(name)).pop().unwrap_or_default();
    let all = |name: &str| values(&list_name(name));
    Some(AssignForm {
        user: one("user").parse().ok()?,
        id: one("id"),
        role: one("role"),
        areas: all("areas"),
        scope: one("scope"),
        apis: all("apis"),
        region: one("region"),
        organization: one("organization"),
        until: one("until"),
        was: one("was"),
        show: false,
    })
}

#[component]
fn Editor(choices: RightsChoices) -> impl IntoView {
    let t = &text().held;
    let save = Submission::<SaveRights>::new();
    let back = paths::user(choices.form.user);
    let title =
        if choices.row.is_some() { (t.edit_title)(&choices.full_name) } else { (t.new_title)(&choices.full_name) };
    let posted = posted();
    let typed = RwSignal::new(posted.clone().unwrap_or_else(|| choices.form.clone()));
    let asked = RwSignal::new(posted);
    let preview = resource(
        move || asked.get(),
        |asked| async move {
            match asked {
                Some(form) => preview_rights(form).await.map(Some),
                None => Ok(None),
            }
        },
    );
    let around = NodeRef::<Div>::new();
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let look = move || {
        let form = around.get_untracked().and_then(|it| it.query_selector("form").ok().flatten());
        let Some(now) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()).and_then(|form| typed_in(&form))
        else {
            return;
        };
        if typed.with_untracked(|known| *known == now) {
            return;
        }
        typed.set(now);
        if let Some(timer) = pending.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        let ask = move || {
            if let Some(now) = typed.try_get_untracked() {
                let _ = asked.try_set(Some(now));
            }
        };
        pending.set_value(set_timeout(ask, PAUSE).ok());
    };
    // What was chosen before script came stands in the form. A part that comes into view is sent from then on.
    Effect::new(move |_| {
        if around.get().is_some() {
            typed.track();
            drop(request_animation_frame(look));
        }
    });
    let heading = title.clone();
    let crumbs =
        vec![(text().users.title.to_owned(), paths::USERS.to_owned()), (choices.full_name.clone(), back.clone())];
    view! {
        <Title text=title/>
        <PageHead title=heading lead=t.form_help crumbs crumbs_label=text().users.title/>
        <div class="aside-layout wide">
            <div node_ref=around on:input=move |_: Event| look() on:change=move |_: Event| look()>
                <ServerForm submission=save class="card">
                    <Fields choices typed back/>
                </ServerForm>
            </div>
            <aside>
                <section class="card" aria-labelledby="preview-title">
                    <header><h2 id="preview-title">{t.preview}</h2></header>
                    <div class="body" aria-live="polite">
                        <Transition>{move || Suspend::new(async move { shown(preview.await) })}</Transition>
                    </div>
                </section>
            </aside>
        </div>
    }
}

fn shown(preview: Result<Option<Preview>, AppError>) -> AnyView {
    let t = &text().held;
    match preview {
        Ok(Some(preview)) => view! { <WhoGains preview/> }.into_any(),
        Ok(None) => view! { <p class="muted small">{t.preview_body}</p> }.into_any(),
        Err(error) => {
            let words = sentence(&error).unwrap_or_else(|| t.preview_wrong.to_owned());
            view! { <p class="muted small">{words}</p> }.into_any()
        }
    }
}

#[component]
fn Fields(choices: RightsChoices, typed: RwSignal<AssignForm>, back: String) -> impl IntoView {
    let t = text();
    let category = choices.category;
    let parts = Memo::new(move |_| Parts::of(typed.with(|typed| RoleRef::read_key(&typed.role)), category));
    let form = choices.form.clone();
    view! {
        <div class="body stack roomy">
            <Hidden name="user" value=form.user.to_string()/>
            <Hidden name="id" value=form.id.clone()/>
            <Hidden name="was" value=form_scope().typed("was").unwrap_or_else(|| form.was.clone())/>
            <RoleField choices=choices.clone() typed/>
            <AreaPart choices=choices.clone() shown=Signal::derive(move || parts.get().areas)/>
            <ApiPart choices=choices.clone() typed=typed.into() shown=Signal::derive(move || parts.get().apis)/>
            <PlaceFields choices parts/>
            {move || (!mounted()).then(|| view! { <p class="small faint">{t.held.show_help}</p> })}
            <div class="btns">
                <SubmitButton label=t.common.save/>
                {move || (!mounted()).then(|| view! {
                    <Button label=t.held.show_changes r#type=ButtonType::Submit attr:name="form[show]" attr:value="true"/>
                })}
                <LinkButton href=back label=t.common.cancel/>
            </div>
        </div>
    }
}

#[component]
fn RoleField(choices: RightsChoices, typed: RwSignal<AssignForm>) -> impl IntoView {
    let t = text();
    if let Some(row) = choices.row.as_ref().filter(|row| row.role.is_none()) {
        // It has no role, and gets none: what was given on request can be bounded or taken away.
        let given = permissions_words(&row.permissions);
        return view! { <p><b class="medium">{t.held.without_role}</b>" "{given}</p> }.into_any();
    }
    let chosen = Signal::derive(move || typed.with(|typed| typed.role.clone()));
    view! { <RoleSelect name="role" roles=choices.roles value=choices.form.role chosen/> }.into_any()
}
