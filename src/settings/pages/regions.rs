//! Settings > Regions.

use leptos::prelude::*;
use leptos_meta::Title;

use super::SettingsHead;
use crate::{
    access::{Action, Feature, RegionFacts},
    listing::encode,
    paths,
    settings::{
        api::{AddRegion, DeleteRegion, RenameRegion, list_regions},
        model::Region,
    },
    text::text,
    ui::{
        button::{ButtonKind, ButtonSize, IconButton, LinkButton},
        dialog::{Dialog, Losses},
        drawer::Drawer,
        form::{Hidden, ServerForm, Submission, SubmitButton, TextField},
        list::parameter,
        live::{Topic, live},
        load::{Load, resource},
        page::{Banner, BannerKind, Skeleton},
        shell::{may, me},
    },
};

/// The page.
#[component]
pub fn RegionsPage() -> impl IntoView {
    let t = &text().settings;
    let (add, rename, delete) = (parameter("add"), parameter("rename"), parameter("delete"));
    // What names a region changes with APIs and with what users hold.
    let regions = resource(
        || [Topic::Settings, Topic::Apis, Topic::Users].map(|topic| live().version(topic)),
        |_| list_regions(),
    );
    let may_add = || may(Action::Create, Feature::Settings);
    // Of what the session knows, not of the list: what changes there would take what is typed.
    let known = || me().map(|me| me.workspace.regions).unwrap_or_default();
    let adds = Memo::new(move |_| (add.get() == "1" && may_add()).then(|| known().len() < 2));
    let renamed = Memo::new(move |_| {
        let region = known().into_iter().find(|it| it.slug == rename.get());
        region.filter(|_| may(Action::Update, Feature::Settings))
    });
    let list = |regions: Vec<Region>| view! { <Regions regions/> };
    let deleted = move |regions: Vec<Region>| {
        let region = regions.iter().find(|it| it.slug == delete.get()).cloned();
        let (last, one_left) = (regions.len() < 2, regions.len() == 2);
        region.filter(|_| may(Action::Delete, Feature::Settings)).map(|region| match last || region.in_use() {
            true => view! { <RegionStays region last/> }.into_any(),
            false => view! { <DeleteRegionDialog region one_left/> }.into_any(),
        })
    };
    view! {
        <Title text=t.regions/>
        <SettingsHead section=paths::REGIONS>
            {move || may_add().then(|| view! {
                <LinkButton href=format!("{}?add=1", paths::REGIONS) label=t.add_region icon="plus" kind=ButtonKind::Primary/>
            })}
        </SettingsHead>
        <Load
            from=regions
            skeleton=move || view! { <Skeleton rows=2 label=t.regions/> }
            show=list
        />
        {move || adds.get().map(|second| view! { <AddRegionDrawer second/> })}
        {move || renamed.get().map(|region| view! { <RenameRegionDrawer region/> })}
        {move || (!delete.read().is_empty()).then(|| view! { <Load from=regions show=deleted/> })}
    }
}

#[component]
fn Regions(regions: Vec<Region>) -> impl IntoView {
    let t = &text().settings;
    let (title, body) = match regions.len() {
        ..2 => (t.one_region, t.one_region_body),
        _ => (t.several_regions, t.several_regions_body),
    };
    let rows = regions.into_iter().map(|region| view! { <Row region/> }).collect_view();
    view! {
        <div class="stack">
            <Banner kind=BannerKind::Plain title>{body}</Banner>
            <div class="table-box">
                <table class="table fixed">
                    <caption class="sr">{t.regions}</caption>
                    <thead><tr>
                        <th scope="col" class="c-name">{t.region}</th>
                        <th scope="col" class="c2 w-8">{t.apis}</th>
                        <th scope="col" class="c2 w-10">{t.assignments}</th>
                        <th scope="col" class="act w-6"><span class="sr">{text().common.actions}</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
}

#[component]
fn Row(region: Region) -> impl IntoView {
    let t = &text().settings;
    let link = |what: &str| format!("{}?{what}={}", paths::REGIONS, encode(&region.slug));
    let (rename, delete) = (link("rename"), link("delete"));
    let (rename_label, delete_label) = ((t.rename_of)(&region.name), (t.delete_of)(&region.name));
    view! {
        <tr>
            <th scope="row">
                <bdi class="medium clip block" title=region.name.clone()>{region.name.clone()}</bdi>
                <code class="small faint clip block">{region.slug.clone()}</code>
                <span class="sub small faint more-sub">
                    {(t.apis_in)(region.apis)}" · "{(t.assignments_in)(region.assignments)}
                </span>
            </th>
            <td class="c2 num">{(text().apis.counted)(region.apis)}</td>
            <td class="c2 num">{(text().apis.counted)(region.assignments)}</td>
            <td class="act">
                <span class="acts">
                    {move || may(Action::Update, Feature::Settings).then(|| view! {
                        <IconButton icon="edit" label=rename_label.clone() tip=t.rename href=rename.clone() size=ButtonSize::Small/>
                    })}
                    {move || may(Action::Delete, Feature::Settings).then(|| view! {
                        <IconButton icon="trash" label=delete_label.clone() tip=t.delete href=delete.clone() size=ButtonSize::Small/>
                    })}
                </span>
            </td>
        </tr>
    }
}

#[component]
fn AddRegionDrawer(
    /// There is one yet: rights begin to count by region.
    second: bool,
) -> impl IntoView {
    let t = text();
    let add = Submission::<AddRegion>::new();
    let name = RwSignal::new(String::new());
    let unsaved = Signal::derive(move || {
        let typed = name.with(|name| !name.is_empty());
        (typed && !add.done()).then(|| text().common.unsaved.to_owned())
    });
    view! {
        <Drawer id="add" title=t.settings.add_region close_href=paths::REGIONS close_label=t.common.close unsaved>
            <ServerForm submission=add class="fill">
                <div class="body stack loose">
                    <TextField name="name" label=t.settings.name autocomplete="off" typed=name autofocus=true/>
                    <TextField name="slug" label=t.settings.slug autocomplete="off" help=t.settings.slug_help optional=true/>
                    {second.then(|| view! { <Banner kind=BannerKind::Warning>{t.settings.second_region_body}</Banner> })}
                </div>
                <Foot label=t.settings.add/>
            </ServerForm>
        </Drawer>
    }
}

#[component]
fn RenameRegionDrawer(region: RegionFacts) -> impl IntoView {
    let t = text();
    let rename = Submission::<RenameRegion>::new();
    let title = (t.settings.rename_region)(&region.name);
    view! {
        <Drawer id="rename" title close_href=paths::REGIONS close_label=t.common.close>
            <ServerForm submission=rename class="fill">
                <Hidden name="slug" value=region.slug.clone()/>
                <div class="body stack loose">
                    <TextField name="name" label=t.settings.name value=region.name autocomplete="off" autofocus=true/>
                    <div class="field">
                        <span class="label">{t.settings.slug}</span>
                        <code>{region.slug}</code>
                        <p class="help">{t.settings.slug_fixed}</p>
                    </div>
                </div>
                <Foot label=t.common.save/>
            </ServerForm>
        </Drawer>
    }
}

#[component]
fn Foot(label: &'static str) -> impl IntoView {
    view! {
        <footer>
            <span class="btns push">
                <LinkButton href=paths::REGIONS label=text().common.cancel/>
                <SubmitButton label/>
            </span>
        </footer>
    }
}

/// Asks before a region goes that nothing names.
#[component]
fn DeleteRegionDialog(region: Region, one_left: bool) -> impl IntoView {
    let t = &text().settings;
    let delete = Submission::<DeleteRegion>::new();
    let mut losses = vec![("x", (t.loses_region)(&region.slug))];
    if one_left {
        losses.push(("globe", t.one_is_left.to_owned()));
    }
    view! {
        <Dialog id="delete" title=(t.delete_title)(&region.name) close_href=paths::REGIONS>
            <ServerForm submission=delete class="">
                <div class="body"><p>{t.delete_region_body}</p><Losses items=losses/></div>
                <Hidden name="slug" value=region.slug/>
                <footer>
                    <LinkButton href=paths::REGIONS label=t.keep_region autofocus=true/>
                    <SubmitButton label=t.delete_region kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}

/// Says why a region stays, and how much names it.
#[component]
fn RegionStays(region: Region, last: bool) -> impl IntoView {
    let t = &text().settings;
    let why = if last { t.last_region.to_owned() } else { (t.region_in_use)(region.apis, region.assignments) };
    let close = view! { <LinkButton href=paths::REGIONS label=text().common.close autofocus=true/> };
    view! {
        <Dialog id="delete" title=(t.cannot_delete)(&region.name) close_href=paths::REGIONS footer=close.into_any()>
            <p>{why}</p>
        </Dialog>
    }
}
