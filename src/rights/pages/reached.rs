//! The card of the APIs that somebody reaches, and because of what.

use leptos::prelude::*;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{region_name, until_words};
use crate::{
    access::{Action, Feature},
    paths,
    rights::model::{Because, Reached, ReachedApi},
    text::{held::role_words, text},
    ui::{
        badge::Badge,
        icon::{Icon, IconSize},
    },
};

/// The card.
#[component]
pub fn ReachedCard(user: Uuid, reached: Reached) -> impl IntoView {
    let t = &text().held;
    let Reached { all, apis, more } = reached;
    let count = apis.len() + usize::try_from(more).unwrap_or(0);
    let whole = all
        .into_iter()
        .map(|it| {
            let region = region_name(it.region.as_ref());
            let role = (t.place)(&role_words(&it.role), region.as_deref(), it.organization.as_deref());
            view! {
                <li class="row snug">
                    <Icon name="api" size=IconSize::Small/>
                    <span class="grow">{(t.all_of)(&role)}</span>
                    <span class="small faint nowrap">{until_words(it.until)}</span>
                </li>
            }
        })
        .collect_view();
    let none = (whole.is_empty() && apis.is_empty()).then(|| view! { <p class="muted">{t.reached_none}</p> });
    let body = (!whole.is_empty() || none.is_some()).then(|| {
        view! { <div class="body">{none}<ul class="stack tight">{whole}</ul></div> }
    });
    let table = (!apis.is_empty()).then(|| {
        let rows = apis.into_iter().map(|api| view! { <Row user api/> }).collect_view();
        let more = (more > 0).then(|| view! { <p class="table-foot">{(t.more_apis)(more)}</p> });
        view! {
            <div class="table-box">
                <table class="table flush fixed">
                    <caption class="sr">{t.reached}</caption>
                    <thead><tr>
                        <th scope="col">{t.api}</th>
                        <th scope="col" class="c2">{t.because}</th>
                        <th scope="col" class="c3 w-7h">{t.until}</th>
                        <th scope="col" class="act w-4h"><span class="sr">{text().common.actions}</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                {more}
            </div>
        }
    });
    view! {
        <section class="card" aria-labelledby="reached-title">
            <header>
                <h2 id="reached-title">{t.reached}</h2>
                {(count > 0).then(|| view! { <Badge label=count.to_string()/> })}
            </header>
            {body}
            {table}
        </section>
    }
}

fn words(because: &Because) -> (&'static str, String) {
    let t = &text().held;
    match because {
        Because::Granted => ("user", t.granted.to_owned()),
        Because::Group(name) => ("group", (t.group)(name)),
        Because::CustomerId => ("key", t.customer_id.to_owned()),
        Because::Chosen(role) => ("role", (t.chosen_for)(&role_words(role))),
    }
}

#[component]
fn Row(user: Uuid, api: ReachedApi) -> impl IntoView {
    let why = &text().why;
    let ways: Vec<(&'static str, String)> = api.because.iter().map(|(because, _)| words(because)).collect();
    let told = ways.iter().map(|(_, words)| words.clone()).collect::<Vec<_>>().join(", ");
    // It is reached for as long as the way that lasts longest.
    let end = match api.because.iter().map(|(_, until)| *until).collect::<Option<Vec<i64>>>() {
        Some(ends) => ends.into_iter().max().and_then(|end| OffsetDateTime::from_unix_timestamp(end).ok()),
        None => None,
    };
    let href =
        paths::why(user, &[("feature", Feature::Apis.slug()), ("action", Action::View.slug()), ("api", &api.slug)]);
    let ways = ways
        .into_iter()
        .map(|(icon, words)| view! { <span class="row snug"><Icon name=icon size=IconSize::Small/><bdi class="clip">{words}</bdi></span> })
        .collect_view();
    view! {
        <tr>
            <th scope="row">
                <div class="who"><div>
                    <span class="name" title=api.name.clone()><bdi>{api.name.clone()}</bdi></span>
                    <span class="sub">{api.slug}</span>
                    <span class="sub more-sub">{told}</span>
                </div></div>
            </th>
            <td class="c2">{ways}</td>
            <td class="c3 when small">{until_words(end)}</td>
            <td class="act"><a class="btn ghost sm" href=href aria-label=format!("{} {}", why.title, api.name)>{why.title}</a></td>
        </tr>
    }
}
