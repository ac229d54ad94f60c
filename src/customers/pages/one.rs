//! Edit Customer (seed 002), the APIs that they reach and why, and Remove.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::fields::{CustomerIdField, GroupsField, picked, settled};
use crate::{
    access::{Action, Feature},
    customers::{
        api::{EditCustomer, RemoveCustomer, find_customer, preview_customer},
        model::{Customer, ReachedApi, Way},
    },
    error::AppError,
    paths,
    people::{model::State, pages::list::StateMark},
    rights::{
        model::Preview,
        pages::{Ends, preview::WhoGains},
    },
    text::{role_name, role_names, text},
    ui::{
        avatar::Avatar,
        button::{ButtonKind, LinkButton},
        dialog::{Dialog, Losses},
        form::{Hidden, SelectField, ServerForm, Submission, SubmitButton, TextField},
        list::parameter,
        live::{Topic, live},
        load::{Load, resource},
        page::{Banner, BannerKind, KeyValue, PageHead, Pair, Skeleton},
        search_pick::Picked,
        shell::may,
        when::When,
    },
};

/// The page.
#[component]
pub fn CustomerPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<Uuid>().ok())));
    let customer = resource(
        move || (id.get(), live().version(Topic::Users), live().version(Topic::Apis)),
        |(id, ..)| async move {
            match id {
                Some(id) => find_customer(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Load
            from=customer
            skeleton=move || view! { <Skeleton rows=4 label=text().customers.title/> }
            show=|customer: Customer| view! { <Shown customer/> }
        />
    }
}

#[component]
fn Shown(customer: Customer) -> impl IntoView {
    let t = &text().customers;
    let remove = parameter("remove");
    let user = customer.user.clone();
    let locked = if !may(Action::Update, Feature::Accounts) {
        Some(text().users.view_only)
    } else {
        user.above_you.then_some(t.not_yours)
    };
    let may_remove = !user.above_you && may(Action::Delete, Feature::Accounts);
    let (href, pending) = (paths::customer(user.id), user.is_pending());
    let removed = StoredValue::new(customer.clone());
    view! {
        <Title text=user.full_name.clone()/>
        <PageHead
            title=user.full_name.clone()
            lead=user.email.clone()
            crumbs=vec![(t.title.to_owned(), paths::CUSTOMERS.to_owned())]
            crumbs_label=t.title
            before=view! { <Avatar name=user.full_name.clone() id=user.id.to_string() large=true/> }.into_any()
            beside=view! { <StateMark state=user.state pending=user.is_pending() pill=true/> }.into_any()
        >
            {may_remove.then(|| view! {
                <LinkButton
                    href=format!("{href}?remove=1")
                    label=format!("{}…", text().users.remove)
                    name=(t.remove_of)(&user.full_name)
                    icon="trash"
                    kind=ButtonKind::DangerQuiet
                />
            })}
        </PageHead>
        <div class="aside-layout">
            <div class="stack loose">
                {pending.then(|| view! {
                    <Banner title=text().drawer.pending>{text().drawer.pending_body}</Banner>
                })}
                {match locked {
                    Some(why) => view! { <Banner kind=BannerKind::Plain>{why}</Banner> }.into_any(),
                    None => view! { <EditCard customer=customer.clone()/> }.into_any(),
                }}
                <Apis apis=customer.apis.clone() more=customer.more_apis/>
            </div>
            <aside><Details customer/></aside>
        </div>
        {move || (remove.get() == "1" && may_remove).then(|| view! { <RemoveDialog customer=removed.get_value()/> })}
    }
}

#[component]
fn Details(customer: Customer) -> impl IntoView {
    let (t, users) = (&text().customers, &text().users);
    let Customer { user, groups, .. } = customer;
    let groups = match groups.as_slice() {
        [] => text().common.none.to_owned(),
        groups => groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join(", "),
    };
    view! {
        <section class="card">
            <header><h2>{users.details}</h2></header>
            <div class="body">
                <KeyValue>
                    <Pair label=t.customer_id><code>{user.customer_id.unwrap_or_else(|| text().common.none.to_owned())}</code></Pair>
                    <Pair label=text().common.role>{role_names(&user.roles)}</Pair>
                    <Pair label=t.groups><bdi>{groups}</bdi></Pair>
                    <Pair label=users.user_name>{user.user_name}<small class="block faint">{users.user_name_help}</small></Pair>
                    <Pair label=text().organizations.created><When at=user.joined_at/></Pair>
                </KeyValue>
            </div>
        </section>
    }
}

#[component]
fn EditCard(customer: Customer) -> impl IntoView {
    let (t, users, common) = (&text().customers, &text().users, &text().common);
    let Customer { user, groups, roles, .. } = customer;
    let edit = Submission::<EditCustomer>::new();
    let role = match user.roles.as_slice() {
        [role] if roles.contains(role) => role.key(),
        _ => String::new(),
    };
    let kept = role.is_empty().then(|| (String::new(), text().organizations.role_kept.to_owned()));
    let roles = kept.into_iter().chain(roles.iter().map(|it| (it.key(), role_name(it)))).collect::<Vec<_>>();
    let states = vec![
        (State::Enabled.slug().to_owned(), users.enabled.to_owned()),
        (State::Disabled.slug().to_owned(), users.disabled.to_owned()),
    ];
    let customer_id = RwSignal::new(String::new());
    let before: Vec<Picked> = groups.iter().map(picked).collect();
    let chosen = RwSignal::new(before.clone());
    let was = (user.customer_id.clone().unwrap_or_default(), before);
    view! {
        <section class="card">
            <header><h2>{t.edit}</h2></header>
            <ServerForm submission=edit class="">
                <Hidden name="id" value=user.id.to_string()/>
                <div class="body stack">
                    <CustomerIdField value=user.customer_id.unwrap_or_default() typed=customer_id/>
                    <GroupsField chosen/>
                    <div class="form-grid roomy">
                        <TextField name="full_name" label=common.full_name value=user.full_name autocomplete="off"/>
                        <SelectField name="role" label=common.role choices=roles value=role/>
                        <SelectField name="state" label=users.state choices=states value=user.state.slug() help=users.state_help/>
                    </div>
                    <Before id=user.id was customer_id chosen/>
                    <div class="btns">
                        <SubmitButton label=common.save/>
                        <LinkButton href=paths::CUSTOMERS label=common.cancel/>
                    </div>
                </div>
            </ServerForm>
        </section>
    }
}

/// What the customer gains and loses by what is typed and chosen, before it is saved.
#[component]
fn Before(
    id: Uuid,
    /// What they have: Customer ID and groups.
    was: (String, Vec<Picked>),
    customer_id: RwSignal<String>,
    chosen: RwSignal<Vec<Picked>>,
) -> impl IntoView {
    let (typed, groups) = (settled(customer_id), settled(chosen));
    let was = StoredValue::new(was);
    let preview = RwSignal::new(None::<Preview>);
    Effect::new(move |_| {
        let asked = (typed.get().trim().to_owned(), groups.get());
        preview.set(None);
        if asked.0.is_empty() || was.with_value(|was| *was == asked) {
            return;
        }
        leptos::task::spawn_local(async move {
            let ids = asked.1.iter().map(|it| it.id.clone()).collect();
            let answer = preview_customer(id, asked.0.clone(), ids).await;
            // Somebody may have gone on meanwhile.
            let now = typed.try_get_untracked().zip(groups.try_get_untracked());
            if now.is_some_and(|(typed, groups)| (typed.trim(), &groups) == (asked.0.as_str(), &asked.1)) {
                preview.set(answer.ok());
            }
        });
    });
    move || {
        preview.get().map(|preview| {
            view! {
                <section class="stack tight" role="status">
                    <h3>{text().customers.before_saving}</h3>
                    <WhoGains preview/>
                </section>
            }
        })
    }
}

#[component]
fn Apis(apis: Vec<ReachedApi>, more: u32) -> impl IntoView {
    let t = &text().customers;
    let none = apis.is_empty() && more == 0;
    let table = (!apis.is_empty()).then(|| {
        let rows = apis.into_iter().map(|api| view! { <ApiRow api/> }).collect_view();
        view! {
            <div class="table-box">
                <table class="table">
                    <caption class="sr">{t.apis_caption}</caption>
                    <thead><tr><th scope="col">{t.api}</th><th scope="col">{t.why}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    view! {
        <section class="stack">
            <h2>{t.apis}</h2>
            {none.then(|| view! { <p class="muted">{t.no_apis}</p> })}
            {table}
            {(more > 0).then(|| view! { <p class="muted small">{(t.more_apis)(more)}</p> })}
        </section>
    }
}

#[component]
fn ApiRow(api: ReachedApi) -> impl IntoView {
    let t = &text().customers;
    let ways = api
        .ways
        .into_iter()
        .map(|way| {
            let (words, until) = match way {
                Way::CustomerId => (t.by_customer_id.to_owned(), None),
                Way::Group { name, until } => ((t.by_group)(&name), until),
                Way::Direct { until } => (t.by_grant.to_owned(), until),
            };
            view! { <li>{words}{until.map(|at| view! { " "{t.until}" "<Ends at/> })}</li> }
        })
        .collect_view();
    view! {
        <tr>
            <th scope="row"><a class="plain name" href=paths::api(api.id)><bdi>{api.name}</bdi></a></th>
            <td><ul class="stack tight">{ways}</ul></td>
        </tr>
    }
}

/// Asks before somebody goes, and names what is lost.
#[component]
fn RemoveDialog(customer: Customer) -> impl IntoView {
    let (t, users) = (&text().customers, &text().users);
    let remove = Submission::<RemoveCustomer>::new();
    let user = customer.user;
    let back = paths::customer(user.id);
    let reached = customer.apis.len() + customer.more_apis as usize;
    let losses = vec![
        ("api", (t.loses_apis)(reached)),
        ("x", users.loses_sessions.to_owned()),
        ("x", users.loses_address.to_owned()),
    ];
    view! {
        <Dialog id="remove" title=(users.remove_title)(&user.full_name) close_href=back.clone()>
            <ServerForm submission=remove class="">
                <div class="body"><p>{t.remove_body}</p><Losses items=losses/></div>
                <Hidden name="id" value=user.id.to_string()/>
                <footer>
                    <LinkButton href=back label=t.keep autofocus=true/>
                    <SubmitButton label=users.remove kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
