//! The list of customers, and the drawer that makes one.

use leptos::prelude::*;
use leptos_meta::Title;

use super::fields::{CustomerIdField, GroupsField};
use crate::{
    access::{Action, Category, Feature},
    customers::api::{CreateCustomer, list_customers},
    invitations::pages::{
        activate::{ActivationMenu, NotifyField},
        invite::{InviteButton, InviteDrawer, Inviting, opens},
    },
    listing::{ListQuery, Page},
    paths,
    people::{
        model::{CUSTOMER_ORDERS, State, User},
        pages::list::StateMark,
    },
    text::text,
    ui::{
        avatar::Avatar,
        button::{ButtonKind, ButtonSize, LinkButton},
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
pub fn CustomersPage() -> impl IntoView {
    let (t, users) = (&text().customers, &text().users);
    let query = list_query();
    let (new, invite) = (parameter("new"), parameter("invite"));
    let page = resource(
        move || (query.get(), live().version(Topic::Users)),
        |(query, _)| async move { list_customers(query.clone()).await.map(|page| (page, query)) },
    );
    let may_create = Memo::new(|_| may(Action::Create, Feature::Accounts));
    let back = Memo::new(move |_| format!("{}{}", paths::CUSTOMERS, query.get().here(None)));
    let choices = vec![
        (String::new(), users.any_state.to_owned()),
        (State::Enabled.slug().to_owned(), users.enabled.to_owned()),
        (State::Disabled.slug().to_owned(), users.disabled.to_owned()),
    ];
    view! {
        <Title text=t.title/>
        <PageHead title=t.title lead=t.lead>
            {move || may_create.get().then(|| view! {
                <LinkButton
                    href=format!("{}{}", paths::CUSTOMERS, query.get().here(Some(("new", "1"))))
                    label=t.new
                    icon="plus"
                />
                <InviteButton kind=Category::Customer back=back.get() label=(text().drawer.title)(Category::Customer)/>
            })}
        </PageHead>
        <ListToolbar action=paths::CUSTOMERS label=t.title query search=t.search filter=users.state choices/>
        <Load
            from=page
            skeleton=move || view! { <Skeleton rows=8 label=t.title/> }
            show=move |(page, shown): (Page<User>, ListQuery)| view! { <List page shown query/> }
        />
        {move || (new.get() == "1" && may_create.get()).then(|| view! { <NewDrawer back=back.get()/> })}
        {move || (opens(&invite.get()) && may_create.get()).then(|| view! {
            <InviteDrawer of=Inviting::from(Category::Customer, back.get_untracked()) way=invite.get()/>
        })}
    }
}

#[component]
fn List(page: Page<User>, shown: ListQuery, query: Memo<ListQuery>) -> impl IntoView {
    let t = &text().customers;
    if page.rows.is_empty() {
        let filtered = shown.search().is_some() || !shown.status.is_empty();
        let (title, body) = if filtered { (t.none_found, t.none_found_body) } else { (t.none, t.none_body) };
        return view! { <Empty title body/> }.into_any();
    }
    let (before, after) = (page.before.clone(), page.after.clone());
    let back = may(Action::Create, Feature::Accounts).then(|| format!("{}{}", paths::CUSTOMERS, shown.here(None)));
    let rows = page.rows.iter().cloned().map(|user| view! { <Row user back=back.clone()/> }).collect_view();
    let orders = &CUSTOMER_ORDERS;
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.caption}</caption>
                <thead><tr>
                    <ColumnHead action=paths::CUSTOMERS query orders column="name" label=text().users.name class="c-name"/>
                    <ColumnHead action=paths::CUSTOMERS query orders column="customer" label=t.customer_id class="c2 w-10"/>
                    <th scope="col" class="c3 w-8">{text().users.state}</th>
                    <ColumnHead action=paths::CUSTOMERS query orders column="joined" label=text().organizations.created class="c4 w-8"/>
                    <th scope="col" class="act w-6"><span class="sr">{text().common.actions}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <ListFoot page query=shown.clone()/>
        </div>
        <ListPager action=paths::CUSTOMERS query=shown before after/>
    }
    .into_any()
}

#[component]
fn Row(
    user: User,
    /// Where to go on; none for who may not activate accounts.
    back: Option<String>,
) -> impl IntoView {
    let (t, users) = (&text().customers, &text().users);
    let pending = user.is_pending();
    let menu =
        back.filter(|_| pending).map(|back| view! { <ActivationMenu id=user.id name=user.full_name.clone() back/> });
    let href = paths::customer(user.id);
    let customer_id = user.customer_id.unwrap_or_else(|| text().common.none.to_owned());
    let disabled = (user.state == State::Disabled).then(|| format!(" · {}", users.disabled));
    view! {
            <tr>
                <th scope="row">
                    <div class="who">
                        <Avatar name=user.full_name.clone() id=user.id.to_string()/>
                        <div>
                            <span class="row snug">
                                <a class="plain name" href=href.clone() title=user.full_name.clone()><bdi>{user.full_name.clone()}</bdi></a>
                            </span>
                            <span class="sub" title=user.email.clone()>{user.email.clone()}</span>
                            <span class="sub more-sub">{customer_id.clone()}{disabled}{pending.then(|| format!(" · {}", text().drawer.pending))}</span>
                        </div>
                    </div>
                </th>
                <td class="c2 clip" title=customer_id.clone()><code>{customer_id.clone()}</code></td>
                <td class="c3"><StateMark state=user.state pending/></td>
                <td class="c4 when"><When at=user.joined_at/></td>
                <td class="act">
    <span class="acts">
                    <LinkButton href label=users.edit name=(t.edit_of)(&user.full_name) size=ButtonSize::Small kind=ButtonKind::Ghost/>
    {menu}</span>
                </td>
            </tr>
        }
}

#[component]
fn NewDrawer(back: String) -> impl IntoView {
    let (t, common) = (&text().customers, &text().common);
    let create = Submission::<CreateCustomer>::new();
    let (name, customer_id) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let unsaved = Signal::derive(move || {
        let typed = name.with(|name| !name.is_empty());
        (typed && !create.done()).then(|| common.unsaved.to_owned())
    });
    view! {
        <Drawer id="new" title=t.new close_href=back.clone() close_label=common.close unsaved>
            <ServerForm submission=create class="fill">
                <div class="body stack loose">
                    <TextField name="full_name" label=common.full_name autocomplete="off" typed=name autofocus=true/>
                    <TextField name="email" label=common.email inputmode="email" autocomplete="off" help=text().organizations.add_help/>
                    <CustomerIdField value=String::new() typed=customer_id/>
                    <GroupsField chosen=RwSignal::new(Vec::new())/>
                    <NotifyField/>
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
