//! Group Members: who is in a group, Add Members, and taking one out.

use leptos::prelude::*;
use uuid::Uuid;

use super::dialogs::Effect;
use crate::{
    access::Category,
    apis::pages::pick::PeopleField,
    error::AppError,
    groups::{
        api::{AddMembers, RemoveMember, list_members},
        model::{GroupChange, Member},
    },
    listing::{ListQuery, Page},
    paths,
    text::text,
    ui::{
        avatar::Avatar,
        button::{ButtonKind, LinkButton},
        dialog::Dialog,
        drawer::Drawer,
        form::{Hidden, ServerForm, Submission, SubmitButton},
        icon::Icon,
        list::{ListPager, list_query, parameter},
        live::{Topic, live},
        load::{Load, Loading, resource},
        page::{Empty, Skeleton},
        search_pick::Picked,
        when::When,
    },
};

type Shown = Loading<Result<(Page<Member>, ListQuery), AppError>>;

/// The members, with the drawer and the dialog that change them.
#[component]
pub fn MembersCard(group: Uuid, name: String, may_update: bool) -> impl IntoView {
    let t = text();
    let query = list_query();
    let (add, remove) = (parameter("add"), parameter("remove"));
    let page: Shown = resource(
        move || (query.get(), live().version(Topic::Apis), live().version(Topic::Users)),
        move |(query, ..)| async move { list_members(group, query.clone()).await.map(|page| (page, query)) },
    );
    let back = Memo::new(move |_| format!("{}{}", paths::group(group), query.get().here(None)));
    let (listed, added, asked) = (name.clone(), name.clone(), name);
    view! {
        <Load
            from=page
            skeleton=move || view! { <Skeleton rows=6 label=t.groups.members/> }
            show=move |(page, shown): (Page<Member>, ListQuery)| view! {
                <Table group name=listed.clone() page shown back may_update/>
            }
        />
        {move || (add.get() == "1" && may_update).then(|| view! { <AddDrawer group name=added.clone() back=back.get()/> })}
        {move || {
            let member: Option<Uuid> = remove.get().parse().ok();
            let name = asked.clone();
            member.filter(|_| may_update).map(|member| view! { <RemoveDialog group name member page back=back.get()/> })
        }}
    }
}

#[component]
fn Table(
    group: Uuid,
    name: String,
    page: Page<Member>,
    shown: ListQuery,
    back: Memo<String>,
    may_update: bool,
) -> impl IntoView {
    let t = &text().groups;
    if page.rows.is_empty() {
        return view! { <Empty title=t.nobody body=t.nobody_body/> }.into_any();
    }
    let (before, after) = (page.before, page.after);
    let rows = page.rows.into_iter().map(|member| view! { <Row member back may_update/> }).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{(t.members_caption)(&name)}</caption>
                <thead><tr>
                    <th scope="col" class="c-name">{t.member}</th>
                    <th scope="col" class="c2 w-10">{t.kind}</th>
                    <th scope="col" class="c3 w-8">{t.added}</th>
                    <th scope="col" class="act w-6"><span class="sr">{text().common.actions}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <ListPager action=paths::group(group) query=shown before after/>
    }
    .into_any()
}

#[component]
fn Row(member: Member, back: Memo<String>, may_update: bool) -> impl IntoView {
    let t = &text().groups;
    let id = member.id;
    let to = match member.kind {
        Category::Customer => paths::customer(id),
        Category::Teammate | Category::Organization => paths::user(id),
    };
    let kind = (t.kind_name)(member.kind);
    let remove = may_update.then(|| {
        let href = move || {
            let back = back.get();
            format!("{back}{}remove={id}", if back.contains('?') { '&' } else { '?' })
        };
        let label = (t.remove_of)(&member.full_name);
        view! { <a class="btn ghost icon sm" href=href aria-label=label data-tip=t.remove><Icon name="x"/></a> }
    });
    view! {
        <tr>
            <th scope="row">
                <div class="who">
                    <Avatar name=member.full_name.clone() id=id.to_string()/>
                    <div>
                        <a class="plain name" href=to title=member.full_name.clone()><bdi>{member.full_name.clone()}</bdi></a>
                        <span class="sub" title=member.email.clone()>{member.email.clone()}</span>
                        <span class="sub more-sub">{kind}</span>
                    </div>
                </div>
            </th>
            <td class="c2 nowrap">{kind}</td>
            <td class="c3 when"><When at=member.added_at/></td>
            <td class="act"><span class="acts">{remove}</span></td>
        </tr>
    }
}

#[component]
fn AddDrawer(group: Uuid, name: String, back: String) -> impl IntoView {
    let t = text();
    let add = Submission::<AddMembers>::new();
    let people = RwSignal::new(Vec::<Picked>::new());
    let chosen = move || people.with(|people| people.iter().filter_map(|it| it.id.parse().ok()).collect::<Vec<Uuid>>());
    let change = Signal::derive(move || {
        let add_members = chosen();
        (!add_members.is_empty()).then(|| GroupChange { id: group, add_members, ..Default::default() })
    });
    let unsaved =
        Signal::derive(move || (!chosen().is_empty() && !add.done()).then(|| text().common.unsaved.to_owned()));
    view! {
        <Drawer id="add" title=(t.groups.add_members_to)(&name) close_href=back.clone() close_label=t.common.close unsaved>
            <ServerForm submission=add class="fill">
                <div class="body stack loose">
                    <Hidden name="id" value=group.to_string()/>
                    <PeopleField chosen=people help=t.groups.members_help/>
                    <Effect change/>
                </div>
                <footer><span class="btns push">
                    <LinkButton href=back label=t.common.cancel/>
                    <SubmitButton label=t.groups.add_members/>
                </span></footer>
            </ServerForm>
        </Drawer>
    }
}

#[component]
fn RemoveDialog(group: Uuid, name: String, member: Uuid, page: Shown, back: String) -> impl IntoView {
    view! {
        <Suspense>
            {move || {
                let (name, back) = (name.clone(), back.clone());
                Suspend::new(async move {
                    let (page, _) = page.await.ok()?;
                    let member = page.rows.into_iter().find(|row| row.id == member)?;
                    Some(view! { <RemoveForm group name member back/> })
                })
            }}
        </Suspense>
    }
}

#[component]
fn RemoveForm(group: Uuid, name: String, member: Member, back: String) -> impl IntoView {
    let t = text();
    let remove = Submission::<RemoveMember>::new();
    let change = GroupChange { id: group, remove_member: Some(member.id), ..Default::default() };
    view! {
        <Dialog id="remove" title=(t.groups.remove_title)(&member.full_name, &name) close_href=back.clone()>
            <ServerForm submission=remove class="">
                <div class="body"><p>{t.groups.remove_body}</p><Effect change=Signal::stored(Some(change))/></div>
                <Hidden name="id" value=group.to_string()/>
                <Hidden name="member" value=member.id.to_string()/>
                <footer>
                    <LinkButton href=back label=t.groups.keep_member autofocus=true/>
                    <SubmitButton label=t.groups.remove kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
