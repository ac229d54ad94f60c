//! "Why?": asks about one right of a user, and shows the path that decides it. The address is the question.

use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map};
use uuid::Uuid;

use super::{has_regions, until_words};
use crate::{
    access::{Action, Denial, Feature},
    paths,
    rights::model::{Answer, ReachWords, Step, UserRights, WayRow, WhyQuery, day_of},
    text::{feature_name, held::role_words, text},
    ui::{
        fields::Suggestions,
        gates::{Gate, GateState, Verdict},
        icon::{Icon, IconSize},
        shell::me,
    },
};

/// The question in the address.
pub fn why_query(user: Memo<Option<Uuid>>) -> Memo<WhyQuery> {
    let map = use_query_map();
    Memo::new(move |_| {
        map.with(|map| {
            let get = |name: &str| map.get(name).unwrap_or_default();
            WhyQuery {
                user: user.get().unwrap_or_default(),
                feature: get("feature"),
                action: get("action"),
                api: get("api"),
                region: get("region"),
                organization: get("organization"),
            }
        })
    })
}

/// The card.
#[component]
pub fn WhyCard(query: WhyQuery, full_name: String, rights: UserRights, answer: Option<Answer>) -> impl IntoView {
    let t = &text().why;
    let asked = [
        ("feature", query.feature.as_str()),
        ("action", query.action.as_str()),
        ("api", query.api.as_str()),
        ("region", query.region.as_str()),
        ("organization", query.organization.as_str()),
    ];
    let href = paths::why(query.user, &asked.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>());
    let copy = answer.is_some().then(|| view! { <CopyLink href/> });
    let answer = match answer {
        Some(answer) => view! { <Shown answer/> }.into_any(),
        None => view! { <p class="small muted">{t.hint}</p> }.into_any(),
    };
    view! {
        <section class="card" id="why" aria-labelledby="why-title">
            <header><h2 id="why-title">{t.title}</h2>{copy}</header>
            <div class="body stack">
                <Question query full_name rights/>
                {answer}
            </div>
        </section>
    }
}

#[component]
fn CopyLink(href: String) -> impl IntoView {
    let t = &text().why;
    let copied = RwSignal::new(false);
    let address = href.clone();
    let copy = move |event: leptos::ev::MouseEvent| {
        if copy_address(&address) {
            event.prevent_default();
            copied.set(true);
        }
    };
    view! {
        <a class="btn ghost sm push" href=href on:click=copy>
            <Icon name="link" size=IconSize::Small/>
            <span role="status">{move || if copied.get() { t.copied } else { t.copy }}</span>
        </a>
    }
}

/// Puts an address of ours on the clipboard, where the browser lets us.
#[cfg(feature = "hydrate")]
fn copy_address(href: &str) -> bool {
    let Ok(origin) = window().location().origin() else { return false };
    // Only where the page came by HTTPS or from this machine is there one.
    if !window().is_secure_context() {
        return false;
    }
    drop(window().navigator().clipboard().write_text(&format!("{origin}{href}")));
    true
}

#[cfg(not(feature = "hydrate"))]
fn copy_address(_href: &str) -> bool {
    false
}

#[component]
fn Question(query: WhyQuery, full_name: String, rights: UserRights) -> impl IntoView {
    let t = text();
    let own = me().map(|me| me.workspace.features).unwrap_or_default();
    let slugs = Feature::ALL.iter().map(|it| it.slug().to_owned()).chain(own.iter().map(|it| it.slug.clone()));
    let features = slugs.map(|slug| (slug.clone(), feature_name(&slug, &own))).collect();
    let actions = Action::ALL.iter().map(|it| (it.slug().to_owned(), (t.access.action)(*it).to_owned())).collect();
    let regions = has_regions().then(|| {
        let known = me().map(|me| me.workspace.regions).unwrap_or_default();
        let first = std::iter::once((String::new(), t.why.any_region.to_owned()));
        let choices = first.chain(known.into_iter().map(|it| (it.slug, it.name))).collect();
        view! { <Choose name="region" label=t.why.region choices value=query.region.clone()/> }
    });
    let mut held: Vec<String> = rights.rows.into_iter().filter_map(|row| row.organization).collect();
    held.sort();
    held.dedup();
    let organizations = (!held.is_empty() || !query.organization.is_empty()).then(|| {
        if !query.organization.is_empty() && !held.contains(&query.organization) {
            held.push(query.organization.clone());
        }
        let first = std::iter::once((String::new(), t.why.any_organization.to_owned()));
        let choices = first.chain(held.into_iter().map(|name| (name.clone(), name))).collect();
        view! { <Choose name="organization" label=t.why.organization choices value=query.organization.clone()/> }
    });
    view! {
        <Form method="GET" action=paths::user(query.user) attr:class="stack snug" attr:aria-label=t.why.title>
            <p class="small muted">{(t.why.question)(&full_name)}</p>
            <div class="form-grid">
                <Choose name="action" label=t.why.action choices=actions value=query.action.clone()/>
                <Choose name="feature" label=t.why.feature choices=features value=query.feature.clone()/>
            </div>
            <div class="field">
                <label for="why-api">{t.why.api}" "<span class="opt">{t.common.optional}</span></label>
                <input
                    class="input"
                    id="why-api"
                    name="api"
                    list="why-apis"
                    autocomplete="off"
                    placeholder=t.why.api_hint
                    value=query.api
                />
                <Suggestions id="why-apis".to_owned() choices=rights.apis/>
            </div>
            <div class="form-grid">{regions}{organizations}</div>
            <div class="btns"><button class="btn" type="submit">{t.why.ask}</button></div>
        </Form>
    }
}

#[component]
fn Choose(name: &'static str, label: &'static str, choices: Vec<(String, String)>, value: String) -> impl IntoView {
    let id = format!("why-{name}");
    let options = choices
        .into_iter()
        .map(|(of, words)| {
            let selected = of == value;
            view! { <option value=of selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <span class="select"><select id=id name=name>{options}</select></span>
        </div>
    }
}

/// At which gate a denial stands.
fn gate_of(denial: Denial) -> usize {
    match denial {
        Denial::UnknownSubject | Denial::NotActive => 0,
        Denial::UnknownFeature | Denial::NotOffered | Denial::Role => 1,
        Denial::UnknownRegion
        | Denial::UnknownOrganization
        | Denial::Region
        | Denial::RegionNotNamed
        | Denial::Organization => 2,
        Denial::UnknownApi | Denial::Api => 3,
    }
}

#[component]
fn Shown(answer: Answer) -> impl IntoView {
    let t = &text().why;
    let allowed = answer.denial.is_none();
    let gates = gates(&answer);
    let label = if allowed { t.allowed } else { t.denied };
    let detail = answer.denial.map(|denial| (t.at_gate)(gate_of(denial) + 1, gates.len().max(gate_of(denial) + 1)));
    let detail = detail.unwrap_or_default();
    let others: Vec<String> = answer.ways.iter().skip(1).map(other).collect();
    let others_label = (t.others)(others.len());
    let help = (!allowed).then(|| view! { <Remedies answer=answer.clone()/> });
    let children = move || help;
    view! { <Verdict allowed label detail gates others_label others>{children()}</Verdict> }
}

fn way_words(way: &WayRow) -> String {
    (text().held.place)(&role_words(&way.role), way.region.as_deref(), way.organization.as_deref())
}

fn other(way: &WayRow) -> String {
    let t = &text().why;
    match way.denial {
        None => (t.other_open)(&way_words(way)),
        Some(_) if way.ended => (t.other_shut)(&way_words(way), text().held.ended),
        Some(denial) => (t.other_shut)(&way_words(way), (text().access.denial)(denial)),
    }
}

/// The conditions in their order, as the way that gets furthest meets them.
fn gates(answer: &Answer) -> Vec<Gate> {
    let t = text();
    let shut = answer.denial.map_or(usize::MAX, gate_of);
    let own = me().map(|me| me.workspace.features).unwrap_or_default();
    let (action, feature) = ((t.access.action)(answer.action), feature_name(&answer.feature, &own));
    let way = answer.ways.first();
    let mut gates = Vec::new();
    let mut gate =
        |open: String, shut_title: String, beyond: &str, open_detail: Option<String>, shut_detail: Option<String>| {
            let place = gates.len();
            let (state, state_label, title, detail) = match place.cmp(&shut) {
                std::cmp::Ordering::Less => (GateState::Open, t.why.open, open, open_detail),
                std::cmp::Ordering::Equal => (GateState::Shut, t.why.shut, shut_title, shut_detail),
                std::cmp::Ordering::Greater => (GateState::Beyond, t.why.beyond, beyond.to_owned(), None),
            };
            gates.push(Gate { state, state_label: state_label.to_owned(), title, detail, icon: None });
        };
    gate(t.why.account_active.into(), t.why.account_not_active.into(), t.why.account_active, None, None);

    let why_shut = answer.denial.map(|denial| (t.access.denial)(denial).to_owned());
    let role = way.map(|way| role_words(&way.role)).unwrap_or_default();
    let permits = match way {
        Some(way) if way.beside_role && way.role.is_none() => (t.why.on_request)(action, &feature),
        Some(way) if way.beside_role => (t.why.by_area)(&role, action, &feature),
        _ => (t.why.permits)(&role, action, &feature),
    };
    let not = match way {
        None => t.why.holds_nothing.to_owned(),
        Some(way) if way.ended => (t.why.has_ended)(&role),
        Some(_) if answer.denial == Some(Denial::Role) => {
            let mut roles: Vec<String> = answer.ways.iter().map(|way| role_words(&way.role)).collect();
            roles.dedup();
            (t.why.permits_not)(&roles.join(", "), action, &feature)
        }
        Some(_) => why_shut.clone().unwrap_or_default(),
    };
    let given = way.map(|way| {
        let on = way.given_at.map(|at| (t.held.day)(&day_of(at)));
        (t.why.given)(&way.given_by, on.as_deref(), way.until.map(|_| until_words(way.until)).as_deref())
    });
    gate(permits, not, t.why.role_gate, given.clone(), why_shut.clone());

    let (region, organization) = (answer.region.as_deref(), answer.organization.as_deref());
    let scope_is = way.map(|way| {
        let region = way.region.clone().filter(|_| has_regions());
        let organization = way.organization.clone().unwrap_or_else(|| t.held.whole_workspace.to_owned());
        match (has_regions(), region) {
            (true, region) => (t.why.scope_is)(&region.unwrap_or_else(|| t.held.all_regions.to_owned()), &organization),
            (false, _) => organization,
        }
    });
    gate(
        (t.why.scope)(region, organization),
        (t.why.scope_not)(region, organization),
        t.why.scope_gate,
        scope_is,
        why_shut.clone(),
    );

    if let Some(api) = &answer.api {
        let by = way.and_then(|way| way.reach.as_ref()).map(|reach| match reach {
            ReachWords::Scope => t.why.by_scope.to_owned(),
            ReachWords::Granted => t.why.by_grant.to_owned(),
            ReachWords::Group(name) => (t.why.by_group)(name),
            ReachWords::CustomerId => t.why.by_customer_id.to_owned(),
        });
        gate((t.why.reached)(api), (t.why.reached_not)(api), t.why.api_gate, by, why_shut);
    }
    gates
}

/// The smallest changes that would allow it.
#[component]
fn Remedies(answer: Answer) -> impl IntoView {
    let t = &text().why;
    if answer.remedies.is_empty() {
        return view! { <p class="small muted">{t.no_remedy}</p> }.into_any();
    }
    let own = me().map(|me| me.workspace.features).unwrap_or_default();
    let (action, feature) = ((text().access.action)(answer.action), feature_name(&answer.feature, &own));
    let api = answer.api.unwrap_or_default();
    let within = |region: &Option<String>, organization: &Option<String>| {
        (t.within)(region.as_deref().filter(|_| has_regions()), organization.as_deref())
    };
    let words = |step: &Step| match step {
        Step::Enable => t.enable.to_owned(),
        Step::Permit { region, organization } => (t.permit)(action, &feature, &within(region, organization)),
        Step::Assign { role, region, organization } => {
            (t.assign)(&role_words(&Some(role.clone())), &within(region, organization))
        }
        Step::Grant => (t.grant)(&api),
        Step::Join(group) => (t.join)(group),
    };
    let sets = answer
        .remedies
        .iter()
        .map(|set| view! { <li>{(t.together)(&set.iter().map(words).collect::<Vec<_>>())}</li> })
        .collect_view();
    view! { <div class="stack tight small"><p class="medium">{t.remedies}</p><ul class="stack tight muted">{sets}</ul></div> }
        .into_any()
}
