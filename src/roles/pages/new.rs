//! New Role: from nothing, a template, or another role.

use leptos::prelude::*;
use leptos_meta::Title;

use super::matrix::{RoleMatrix, Ticks, rows};
use crate::{
    access::{Category, Template},
    paths,
    roles::{
        api::{CreateRole, draft_role},
        model::{Draft, DraftOf, Start},
    },
    text::{role_name, text},
    ui::{
        button::LinkButton,
        form::{Hidden, SelectField, ServerForm, Submission, SubmitButton, TextField},
        list::parameter,
        load::{Load, resource},
        page::{Banner, BannerKind, PageHead, Skeleton, TabItem, Tabs},
    },
};

/// The page.
#[component]
pub fn NewRolePage() -> impl IntoView {
    let t = &text().roles;
    let (template, copy, category) = (parameter("template"), parameter("copy"), parameter("category"));
    let start = Memo::new(move |_| Start { template: template.get(), copy: copy.get(), category: category.get() });
    let draft = resource(move || start.get(), draft_role);
    let ticks = Ticks::new();
    let tabs = move || {
        let start = start.get();
        let tab = |of: Option<Template>| {
            let kept = if of.is_none() { category.get() } else { String::new() };
            TabItem {
                label: of.map_or(t.empty, t.template).to_owned(),
                href: match of {
                    Some(template) => format!("{}?template={}", paths::NEW_ROLE, template.slug()),
                    None if kept.is_empty() => paths::NEW_ROLE.to_owned(),
                    None => format!("{}?category={}", paths::NEW_ROLE, crate::listing::encode(&kept)),
                },
                current: start.copy.is_empty() && of == start.template.parse().ok(),
                ..TabItem::default()
            }
        };
        let items = std::iter::once(None).chain(Template::ALL.map(Some)).map(tab).collect();
        view! { <Tabs label=t.start_with items/> }
    };
    view! {
        <Title text=t.new/>
        <PageHead
            title=t.new
            lead=t.new_lead
            crumbs=vec![(t.title.to_owned(), paths::ROLES.to_owned())]
            crumbs_label=t.title
        />
        {tabs}
        <Load
            from=draft
            skeleton=move || view! { <Skeleton rows=8 label=t.new/> }
            show=move |draft: Draft| view! { <DraftForm draft ticks/> }
        />
    }
}

#[component]
fn DraftForm(draft: Draft, ticks: Ticks) -> impl IntoView {
    let t = &text().roles;
    let create = Submission::<CreateRole>::new();
    let rows = rows(&draft.features, &draft.permits, &draft.held);
    ticks.begin(&rows);
    let (name, template, copied) = match &draft.from {
        None => (String::new(), String::new(), None),
        Some(DraftOf::Template(template)) => ((t.template)(*template).to_owned(), template.slug().to_owned(), None),
        Some(DraftOf::Role(role)) => {
            let name = role_name(role);
            ((t.copy_name)(&name), String::new(), Some((t.copy_lead)(&name)))
        }
    };
    let categories = Category::ALL.map(|it| (it.slug().to_owned(), (text().access.category)(it).to_owned())).to_vec();
    let said: Vec<String> = copied.into_iter().chain(draft.left_out.then(|| t.left_out.to_owned())).collect();
    view! {
        <ServerForm submission=create>
            <Hidden name="template" value=template/>
            {(!said.is_empty()).then(|| view! { <Banner kind=BannerKind::Plain>{said.join(" ")}</Banner> })}
            <div class="aside-layout">
                <div class="stack">
                    <div class="form-grid">
                        <TextField name="name" label=t.name value=name autocomplete="off" help=t.name_help/>
                        <SelectField name="category" label=t.category choices=categories value=draft.category.slug() help=t.category_help/>
                    </div>
                    <h2 class="small medium">{t.configure}</h2>
                    <RoleMatrix caption=t.configure.to_owned() rows ticks/>
                </div>
                <aside class="stack" aria-label=t.details>
                    <section class="card">
                        <header><h2>{t.effect}</h2></header>
                        <div class="body"><p class="small muted">{t.nobody_yet}</p></div>
                        <footer class="btns">
                            <SubmitButton label=t.save/>
                            <LinkButton href=paths::ROLES label=text().common.cancel/>
                        </footer>
                    </section>
                    <Banner kind=BannerKind::Plain>{t.ceiling}</Banner>
                </aside>
            </div>
        </ServerForm>
    }
}
