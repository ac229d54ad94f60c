//! Colours, type, buttons, badges, statuses, avatars.

use leptos::prelude::*;

use super::Demo;
use crate::ui::avatar::{Avatar, Thing};
use crate::ui::badge::{Badge, BadgeKind, Status, StatusKind};
use crate::ui::button::{Button, ButtonKind, ButtonSize, IconButton, LinkButton};
use crate::ui::icon::{Icon, IconSize};

const ROLES: &[&str] = &[
    "canvas",
    "surface",
    "sunken",
    "raised",
    "inverse",
    "line",
    "line-strong",
    "line-control",
    "text",
    "text-2",
    "text-3",
    "accent",
    "accent-subtle",
    "success-solid",
    "warning-solid",
    "danger-solid",
    "info-solid",
    "data-1",
    "data-2",
    "data-3",
    "data-4",
];

const ICONS: &[&str] = &[
    "home", "users", "user", "mail", "clock", "trash", "search", "plus", "minus", "x", "check", "down", "right",
    "left", "sort", "asc", "desc", "more", "filter", "download", "upload", "link", "copy", "key", "lock", "shield",
    "building", "group", "role", "api", "globe", "card", "chart", "audit", "settings", "outbox", "gate", "ask",
    "alert", "info", "help", "ban", "refresh", "edit", "eye", "calendar", "laptop", "phone", "menu", "out", "columns",
    "undo", "file", "arrow", "folder",
];

pub fn samples(_theme: &'static str) -> AnyView {
    view! {
        <Demo title="Colour roles">
            <ul class="swatches">
                {ROLES
                    .iter()
                    .map(|role| {
                        view! {
                            <li>
                                <svg aria-hidden="true"><rect width="100%" height="100%" fill=format!("var(--{role})")></rect></svg>
                                {*role}
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </Demo>
        <Demo title="Type">
            <p class="t28">"28 figure"</p>
            <p class="t20">"20 page title"</p>
            <p class="t16">"16 dialog title"</p>
            <p class="t14">"14 prose and cards"</p>
            <p class="t13">"13 tables, forms, navigation"</p>
            <p class="t12 faint">"12 help, captions, column heads"</p>
        </Demo>
        <Demo title="Icons">
            <div class="row wrap">{ICONS.iter().map(|&name| view! { <Icon name/> }).collect_view()}</div>
            <div class="row wrap">
                <Icon name="gate" size=IconSize::Small/>
                <Icon name="gate"/>
                <Icon name="gate" size=IconSize::Large/>
            </div>
        </Demo>
        {buttons()}
        {labels()}
    }
    .into_any()
}

fn buttons() -> AnyView {
    view! {
        <Demo title="Buttons">
            <div class="btns">
                <Button label="Primary" kind=ButtonKind::Primary icon="mail"/>
                <Button label="Secondary" icon="download"/>
                <Button label="Ghost" kind=ButtonKind::Ghost/>
                <Button label="Remove…" kind=ButtonKind::DangerQuiet/>
                <Button label="Remove" kind=ButtonKind::Danger/>
                <Button label="Link" kind=ButtonKind::Link/>
            </div>
            <div class="btns">
                <Button label="Small" size=ButtonSize::Small/>
                <Button label="Medium"/>
                <LinkButton href="#large" label="Large" size=ButtonSize::Large/>
                <IconButton icon="more" label="More" kind=ButtonKind::Secondary/>
                <Button label="Pressed" icon="filter" attr:aria-pressed="true"/>
                <Button label="Focus" attr:class="btn focused"/>
            </div>
            <div class="btns">
                <Button label="Sending…" kind=ButtonKind::Primary icon="mail" busy=true/>
                <Button label="Loading…" busy=true/>
                <Button label="Disabled" kind=ButtonKind::Primary disabled=true/>
                <span class="split">
                    <Button label="Invite user" kind=ButtonKind::Primary/>
                    <IconButton icon="down" label="More ways to invite" kind=ButtonKind::Primary/>
                </span>
            </div>
            <Button label="Full width, on the front door" kind=ButtonKind::Primary size=ButtonSize::Full/>
        </Demo>
    }
    .into_any()
}

fn labels() -> AnyView {
    let status = |kind, label: &'static str| view! { <Status kind label/> };
    let pill = |kind, label: &'static str| view! { <Status kind label pill=true/> };
    view! {
        <Demo title="Status, badge, avatar">
            <div class="row wrap loose">
                {status(StatusKind::Pending, "Pending")}
                {status(StatusKind::Waiting, "Waiting")}
                {status(StatusKind::Approved, "Approved")}
                {status(StatusKind::Rejected, "Rejected")}
                {status(StatusKind::Expired, "Expired")}
                {status(StatusKind::Inactivated, "Inactivated")}
            </div>
            <div class="row wrap">
                {pill(StatusKind::Waiting, "Waiting")}
                {pill(StatusKind::PendingActivation, "Pending activation")}
                {pill(StatusKind::Active, "Active")}
                {pill(StatusKind::Disabled, "Disabled")}
                {pill(StatusKind::Failed, "Failed")}
            </div>
            <div class="row wrap">
                <Badge label="Neutral"/>
                <Badge label="You" kind=BadgeKind::Line/>
                <Badge label="2" kind=BadgeKind::Accent/>
                <Badge label="Now" kind=BadgeKind::Success/>
                <Badge label="24 Nov" kind=BadgeKind::Warning icon="calendar"/>
                <Badge label="Failed" kind=BadgeKind::Danger/>
                <Badge label="Sandbox" kind=BadgeKind::Info/>
            </div>
            <div class="row wrap">
                <Avatar name="Nguyễn Thị Minh Khai" id="a" large=true/>
                <Avatar name="Søren Østergaard" id="b"/>
                <Avatar name="山本 結衣" id="c"/>
                <Avatar name="محمد الفارسي" id="d"/>
                <Thing icon="api" id="e"/>
                <span class="avatars">
                    <Avatar name="Zofia Wiśniewska" id="f"/>
                    <Avatar name="Kwame Boateng" id="g"/>
                    <Avatar name="Chloé Dubreuil" id="h"/>
                </span>
            </div>
            <div class="row wrap tight">
                {(0..12).map(|hue| view! { <span class=format!("avatar h{hue}") aria-hidden="true">{hue}</span> }).collect_view()}
            </div>
        </Demo>
    }
    .into_any()
}
