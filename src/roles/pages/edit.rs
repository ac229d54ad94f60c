//! One role: what it permits, who would gain and lose by a change of it, and what can be done with it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    effect::{Effects, ShowEffect},
    matrix::{RoleMatrix, Ticks, rows},
    remove::DeleteRoleDialog,
};
use crate::{
    access::{Action, Feature, RoleRef},
    error::AppError,
    paths,
    roles::{
        api::{SaveRole, find_role, preview_role},
        model::Role,
    },
    text::{
        role_name,
        roles::{counted, feature_rows},
        text,
    },
    ui::{
        badge::{Badge, BadgeKind},
        button::{ButtonKind, LinkButton},
        form::{Hidden, ServerForm, Submission, TextField, form_scope},
        list::parameter,
        live::{Topic, live},
        load::{Load, resource},
        matrix::{self, MatrixTable},
        page::{Banner, BannerKind, PageHead, Skeleton},
        shell::may,
    },
};

/// The page.
#[component]
pub fn RolePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|key| RoleRef::read_key(&key))));
    let role = resource(
        move || (id.get(), live().version(Topic::Roles), live().version(Topic::Users)),
        |(id, ..)| async move {
            match id {
                Some(id) => find_role(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let ticks = Ticks::new();
    view! {
        <Load
            from=role
            skeleton=move || view! { <Skeleton rows=8 label=text().roles.title/> }
            show=move |role: Role| view! { <Shown role ticks/> }
        />
    }
}

#[component]
fn Shown(role: Role, ticks: Ticks) -> impl IntoView {
    let t = text();
    let name = role_name(&role.line.role);
    let href = paths::role(role.line.role.id);
    let built_in = role.line.role.built_in().is_some();
    let may_edit = !built_in && may(Action::Update, Feature::Team);
    let may_delete = !built_in && may(Action::Delete, Feature::Team);
    let remove = parameter("delete");
    let copy = format!("{}?copy={}", paths::NEW_ROLE, role.line.role.key());
    let made_from = role.template.map(|template| (t.roles.made_from)((t.roles.template)(template)));
    let held = (t.roles.held_by)(role.line.holders, &counted(role.line.holders));
    let named = (t.roles.named_by)(role.invitations, &counted(role.invitations));
    let lead = format!("{}{held}, {named}", made_from.map(|made_from| format!("{made_from} ")).unwrap_or_default());
    let (removed, delete_name) = (role.clone(), (t.roles.delete_of)(&name));
    view! {
        <Title text=name.clone()/>
        <PageHead
            title=name.clone()
            lead
            crumbs=vec![(t.roles.title.to_owned(), paths::ROLES.to_owned())]
            crumbs_label=t.roles.title
            beside=view! { <Badge label=if built_in { t.roles.built_in } else { t.access.custom } kind=BadgeKind::Line/> }.into_any()
        >
            {may(Action::Create, Feature::Team).then(|| view! {
                <LinkButton href=copy label=t.roles.duplicate icon="copy"/>
            })}
            {may_delete.then(|| view! {
                <LinkButton
                    href=format!("{href}?delete=1")
                    label=format!("{}…", t.roles.delete)
                    name=delete_name
                    icon="trash"
                    kind=ButtonKind::DangerQuiet
                />
            })}
        </PageHead>
        {if may_edit {
            view! { <RoleEdit role ticks/> }.into_any()
        } else {
            let why = if built_in { t.roles.built_in_why } else { t.roles.view_only };
            let table = feature_rows(&role.features, &[&role.line]);
            view! {
                <div class="stack">
                    <Banner kind=BannerKind::Plain>{why}</Banner>
                    <MatrixTable
                        caption=(t.roles.may)(&name)
                        corner=t.roles.feature
                        columns=vec![(name.clone(), String::new())]
                        rows=table
                    />
                </div>
            }
            .into_any()
        }}
        {move || (remove.get() == "1" && may_delete).then(|| view! { <DeleteRoleDialog role=removed.clone()/> })}
    }
}

#[component]
fn RoleEdit(role: Role, ticks: Ticks) -> impl IntoView {
    let t = &text().roles;
    let save = Submission::<SaveRole>::new();
    let id = role.line.role.id;
    let rows = rows(&role.features, &role.line.permits, &role.held);
    ticks.begin(&rows);
    let saved = rows.clone();
    let changes = Memo::new(move |_| matrix::changes(&saved, &ticks.now.read()));
    let invitations = role.invitations;
    let carried = move || {
        let words = (t.invitations_carry)(invitations, &counted(invitations));
        (invitations > 0 && changes.get() > 0).then(|| view! { <p class="small muted">{words}</p> })
    };
    view! {
        <ServerForm submission=save>
            <Hidden name="id" value=id.to_string()/>
            <div class="aside-layout">
                <div class="stack">
                    <div class="form-grid">
                        <TextField name="name" label=t.name value=role.line.role.name.clone() autocomplete="off"/>
                    </div>
                    <h2 class="small medium">{t.configure}</h2>
                    <RoleMatrix caption=(t.may)(&role.line.role.name) rows ticks/>
                </div>
                // The matrix comes first: it takes up what a plain post has sent.
                <aside class="stack" aria-label=t.effect>
                    <section class="card">
                        <header>
                            <h2>{t.effect}</h2>
                            {move || (changes.get() > 0).then(|| view! { <span class="badge push">{(t.changes)(changes.get())}</span> })}
                        </header>
                        <div class="body stack">
                            <RoleEffect id ticks/>
                            {carried}
                        </div>
                        <footer class="btns">
                            <SaveButton changes/>
                            <ShowEffect/>
                            <LinkButton href=paths::ROLES label=text().common.cancel/>
                        </footer>
                    </section>
                    <Banner kind=BannerKind::Plain>{t.ceiling}</Banner>
                </aside>
            </div>
        </ServerForm>
    }
}

/// Who gains and who loses by what is ticked.
#[component]
fn RoleEffect(id: uuid::Uuid, ticks: Ticks) -> impl IntoView {
    let choice = Memo::new(move |_| {
        let cells = ticks.cells();
        (cells != ticks.saved_cells()).then_some(cells)
    });
    let count = move |cells: Vec<String>| preview_role(id, cells);
    view! { <Effects choice count nothing=text().roles.no_changes/> }
}

/// Says how much is saved.
#[component]
fn SaveButton(changes: Memo<u32>) -> impl IntoView {
    let t = &text().roles;
    let pending = form_scope().pending;
    view! {
        <button class="btn primary" type="submit" aria-busy=move || pending.get().then_some("true")>
            {move || match changes.get() {
                0 => t.save.to_owned(),
                changes => (t.save_changes)(changes),
            }}
        </button>
    }
}
