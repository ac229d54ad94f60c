//! The notice while only one person can manage the team.

use leptos::prelude::*;

use crate::{
    access::{Action, Feature},
    paths,
    rights::{api::find_only_manager, model::OnlyManager},
    text::text,
    ui::{
        button::{ButtonSize, LinkButton},
        live::{Topic, live},
        load::{Load, resource},
        page::{Banner, BannerKind},
        shell::{may, me},
    },
};

/// The notice; nothing while there are several, and for who may not see the team.
#[component]
pub fn BackupNotice(
    /// Whether the page lists those to choose from, so that only an invitation leads further.
    #[prop(optional)]
    listed: bool,
) -> impl IntoView {
    let seen = Memo::new(move |_| may(Action::View, Feature::Team));
    let only = resource(
        move || (seen.get(), live().version(Topic::Users), live().version(Topic::Roles)),
        |(seen, ..)| async move { if seen { find_only_manager().await } else { Ok(None) } },
    );
    let show = move |only: Option<OnlyManager>| only.map(|only| view! { <Notice only listed/> });
    view! { <Load from=only show/> }
}

#[component]
fn Notice(only: OnlyManager, listed: bool) -> impl IntoView {
    let t = &text().held;
    let yours = me().is_some_and(|me| me.id == only.id);
    let title = if yours { t.only_manager_you.to_owned() } else { (t.only_manager)(&only.full_name) };
    let act = move || {
        if listed {
            let href = format!("{}?invite=1", paths::USERS);
            may(Action::Create, Feature::Team)
                .then(|| view! { <LinkButton href label=t.only_manager_invite size=ButtonSize::Small/> })
        } else {
            may(Action::Update, Feature::Team)
                .then(|| view! { <LinkButton href=paths::USERS label=t.only_manager_choose size=ButtonSize::Small/> })
        }
    };
    view! {
        <div class="notice-line">
            <Banner kind=BannerKind::Warning title actions=act.into_any()>{t.only_manager_body}</Banner>
        </div>
    }
}
