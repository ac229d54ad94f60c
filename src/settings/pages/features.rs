//! Settings > Features: the built-in ones to read, and the workspace's own.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    SettingsHead,
    features_forms::{AddFeatureDrawer, DeleteFeatureDialog, EditFeatureDrawer},
};
use crate::{
    access::{Action, Actions, Feature},
    listing::encode,
    paths,
    settings::{api::list_features, model::OwnFeature},
    text::{settings::purpose_words, text},
    ui::{
        button::{ButtonKind, ButtonSize, IconButton, LinkButton},
        list::parameter,
        live::{Topic, live},
        load::{Load, resource},
        page::{Empty, Skeleton},
        shell::may,
    },
};

/// The page.
#[component]
pub fn FeaturesPage() -> impl IntoView {
    let t = &text().settings;
    let (add, edit, delete) = (parameter("add"), parameter("edit"), parameter("delete"));
    let features = resource(|| live().version(Topic::Settings), |_| list_features());
    let may_add = || may(Action::Create, Feature::Settings);
    let own = |features: Vec<OwnFeature>| view! { <OwnFeatures features/> };
    view! {
        <Title text=t.features/>
        <SettingsHead section=paths::FEATURES>
            {move || may_add().then(|| view! {
                <LinkButton href=format!("{}?add=1", paths::FEATURES) label=t.add_feature icon="plus" kind=ButtonKind::Primary/>
            })}
        </SettingsHead>
        <div class="stack loose">
            <section class="stack tight" aria-labelledby="own">
                <h2 id="own">{t.own}</h2>
                <p class="muted small">{t.own_lead}</p>
                <Load
                    from=features
                    skeleton=move || view! { <Skeleton rows=3 label=t.own/> }
                    show=own
                />
            </section>
            <section class="stack tight" aria-labelledby="built-in">
                <h2 id="built-in">{t.built_in}</h2>
                <p class="muted small">{t.built_in_lead}</p>
                <BuiltInFeatures/>
            </section>
        </div>
        {move || (add.get() == "1" && may_add()).then(|| view! { <AddFeatureDrawer/> })}
        {move || {
            let slug = edit.get();
            (!slug.is_empty() && may(Action::Update, Feature::Settings)).then(|| view! { <EditFeatureDrawer slug/> })
        }}
        {move || {
            let slug = delete.get();
            (!slug.is_empty() && may(Action::Delete, Feature::Settings)).then(|| view! { <DeleteFeatureDialog slug/> })
        }}
    }
}

/// What a feature offers, in words.
fn action_names(actions: Actions) -> String {
    let t = text();
    if actions == Actions::ALL {
        return t.settings.all_actions.to_owned();
    }
    actions.iter().map(t.access.action).collect::<Vec<_>>().join(", ")
}

#[component]
fn OwnFeatures(features: Vec<OwnFeature>) -> impl IntoView {
    let t = &text().settings;
    if features.is_empty() {
        return view! { <Empty title=t.no_features body=t.no_features_body/> }.into_any();
    }
    let rows = features.into_iter().map(|feature| view! { <OwnRow feature/> }).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.own}</caption>
                <thead><tr>
                    <th scope="col" class="c-name">{t.feature}</th>
                    <th scope="col" class="c3 w-third">{t.purpose}</th>
                    <th scope="col" class="c2 w-14">{t.actions}</th>
                    <th scope="col" class="act w-6"><span class="sr">{text().common.actions}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn OwnRow(feature: OwnFeature) -> impl IntoView {
    let t = &text().settings;
    let OwnFeature { slug, name, purpose, actions } = feature;
    let link = |what: &str| format!("{}?{what}={}", paths::FEATURES, encode(&slug));
    let (edit, delete) = (link("edit"), link("delete"));
    let (edit_label, delete_label) = ((t.edit_of)(&name), (t.delete_of)(&name));
    let purpose = purpose_words(&slug, &purpose);
    let purpose = match purpose.is_empty() {
        true => view! { <span class="faint">{t.no_purpose}</span> }.into_any(),
        false => view! { <bdi title=purpose.clone()>{purpose.clone()}</bdi> }.into_any(),
    };
    let offers = action_names(actions);
    view! {
        <tr>
            <th scope="row">
                <bdi class="medium clip block" title=name.clone()>{name.clone()}</bdi>
                <code class="small faint clip block">{slug.clone()}</code>
                <span class="sub small faint more-sub">{offers.clone()}</span>
            </th>
            <td class="c3 clip">{purpose}</td>
            <td class="c2">{offers}</td>
            <td class="act">
                <span class="acts">
                    {move || may(Action::Update, Feature::Settings).then(|| view! {
                        <IconButton icon="edit" label=edit_label.clone() tip=t.edit href=edit.clone() size=ButtonSize::Small/>
                    })}
                    {move || may(Action::Delete, Feature::Settings).then(|| view! {
                        <IconButton icon="trash" label=delete_label.clone() tip=t.delete href=delete.clone() size=ButtonSize::Small/>
                    })}
                </span>
            </td>
        </tr>
    }
}

/// Each with the part of the API that a right to it opens, and no other (seed 000).
#[component]
fn BuiltInFeatures() -> impl IntoView {
    let t = text();
    let rows = Feature::ALL
        .into_iter()
        .map(|feature| {
            let offers = action_names(feature.actions());
            view! {
                <tr>
                    <th scope="row">
                        <span class="medium block">{(t.access.feature)(feature)}</span>
                        <span class="small faint block">{(t.access.feature_hint)(feature)}</span>
                        <span class="sub small faint more-sub">{offers.clone()}" · "<code>{feature.api()}</code></span>
                    </th>
                    <td class="c2"><code>{feature.slug()}</code></td>
                    <td class="c3"><code>{feature.api()}</code></td>
                    <td class="c2">{offers}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.settings.built_in}</caption>
                <thead><tr>
                    <th scope="col" class="c-name">{t.settings.feature}</th>
                    <th scope="col" class="c2 w-8">{t.settings.slug}</th>
                    <th scope="col" class="c3 w-13">{t.settings.api}</th>
                    <th scope="col" class="c2 w-11">{t.settings.actions}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
