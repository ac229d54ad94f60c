//! The list of organizations, and the drawer that makes one.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    access::{Action, Feature},
    listing::{ListQuery, Page},
    organizations::{
        api::{CreateOrganization, list_organizations},
        model::{MOST_COUNTED, ORDERS, Organization},
    },
    paths,
    slug::suggest_slug,
    text::text,
    ui::{
        avatar::Thing,
        button::{ButtonKind, LinkButton},
        drawer::Drawer,
        form::{ServerForm, Submission, SubmitButton, TextField},
        list::{ColumnHead, ListFoot, ListPager, ListToolbar, list_query, parameter},
        live::{Topic, live},
        load::{Load, resource},
        page::{Empty, PageHead, Skeleton},
        shell::may,
        when::When,
    },
};

/// The page.
#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let t = &text().organizations;
    let query = list_query();
    let new = parameter("new");
    let page = resource(
        move || (query.get(), live().version(Topic::Organizations)),
        |(query, _)| async move { list_organizations(query.clone()).await.map(|page| (page, query)) },
    );
    let may_create = move || may(Action::Create, Feature::Accounts);
    let back = Memo::new(move |_| format!("{}{}", paths::ORGANIZATIONS, query.get().here(None)));
    view! {
        <Title text=t.title/>
        <PageHead title=t.title lead=t.lead>
            {move || may_create().then(|| view! {
                <LinkButton
                    href=format!("{}{}", paths::ORGANIZATIONS, query.get().here(Some(("new", "1"))))
                    label=t.new
                    icon="plus"
                    kind=ButtonKind::Primary
                />
            })}
        </PageHead>
        <ListToolbar action=paths::ORGANIZATIONS label=t.title query search=t.search/>
        <Load
            from=page
            skeleton=move || view! { <Skeleton rows=8 label=t.title/> }
            show=move |(page, shown): (Page<Organization>, ListQuery)| view! { <List page shown query/> }
        />
        {move || (new.get() == "1" && may_create()).then(|| view! { <NewDrawer back=back.get()/> })}
    }
}

#[component]
fn List(page: Page<Organization>, shown: ListQuery, query: Memo<ListQuery>) -> impl IntoView {
    let t = &text().organizations;
    if page.rows.is_empty() {
        let found = shown.search().is_some();
        let (title, body) = if found { (t.none_found, t.none_found_body) } else { (t.none, t.none_body) };
        return view! { <Empty title body/> }.into_any();
    }
    let (before, after) = (page.before.clone(), page.after.clone());
    let rows = page.rows.iter().cloned().map(|organization| view! { <Row organization/> }).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.caption}</caption>
                <thead><tr>
                    <ColumnHead action=paths::ORGANIZATIONS query orders=&ORDERS column="name" label=t.name class="c-name"/>
                    <th scope="col" class="c2 w-9">{t.users}</th>
                    <th scope="col" class="c3 w-13">{t.slug}</th>
                    <ColumnHead action=paths::ORGANIZATIONS query orders=&ORDERS column="created" label=t.created class="c4 w-8"/>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <ListFoot page query=shown.clone()/>
        </div>
        <ListPager action=paths::ORGANIZATIONS query=shown before after/>
    }
    .into_any()
}

#[component]
fn Row(organization: Organization) -> impl IntoView {
    let Organization { id, slug, name, .. } = organization;
    let users = users(organization.users);
    view! {
        <tr>
            <th scope="row">
                <div class="who">
                    <Thing icon="building" id=id.to_string()/>
                    <div>
                        <a class="plain name" href=paths::organization(id) title=name.clone()><bdi>{name.clone()}</bdi></a>
                        <span class="sub more-sub">{users.clone()}</span>
                    </div>
                </div>
            </th>
            <td class="c2 nowrap">{users}</td>
            <td class="c3 clip"><code>{slug}</code></td>
            <td class="c4 when"><When at=organization.created_at/></td>
        </tr>
    }
}

/// How many users, in words.
pub fn users(count: i64) -> String {
    (text().organizations.users_of)(count.min(MOST_COUNTED), count > MOST_COUNTED)
}

#[component]
fn NewDrawer(back: String) -> impl IntoView {
    let (t, common) = (&text().organizations, &text().common);
    let create = Submission::<CreateOrganization>::new();
    let name = RwSignal::new(String::new());
    let unsaved = Signal::derive(move || {
        let typed = name.with(|name| !name.is_empty());
        (typed && !create.done()).then(|| common.unsaved.to_owned())
    });
    let suggested =
        move || Some(suggest_slug(&name.read())).filter(|slug| !slug.is_empty()).map(|slug| (t.slug_suggested)(&slug));
    view! {
        <Drawer id="new" title=t.new close_href=back.clone() close_label=common.close unsaved>
            <ServerForm submission=create class="fill">
                <div class="body stack loose">
                    <TextField name="name" label=t.name autocomplete="off" placeholder=t.name_hint typed=name autofocus=true/>
                    <TextField name="slug" label=t.slug autocomplete="off" help=t.slug_help optional=true/>
                    <p class="help" aria-live="polite">{suggested}</p>
                </div>
                <footer>
                    <span class="btns push">
                        <LinkButton href=back label=common.cancel/>
                        <SubmitButton label=t.create/>
                    </span>
                </footer>
            </ServerForm>
        </Drawer>
    }
}
