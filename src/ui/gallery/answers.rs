//! What the console says back: gates, banners, empty lists, toasts, menus, dialogs, refusals, the front door.

use leptos::prelude::*;

use super::Demo;
use crate::ui::button::{Button, ButtonKind, ButtonSize, IconButton, LinkButton};
use crate::ui::dialog::Losses;
use crate::ui::door::{Colonnade, HouseMark};
use crate::ui::error_page::{ErrorKind, ErrorPage};
use crate::ui::gates::{Gate, GateState, Gates, Outcome};
use crate::ui::icon::{Icon, IconSize};
use crate::ui::menu::Menu;
use crate::ui::page::{Banner, BannerKind, Empty, KeyValue, Pair, Progress, Skeleton};

pub fn samples(theme: &'static str) -> AnyView {
    view! {
        {why()}
        {messages(theme)}
        {floating(theme)}
        {history(theme)}
        {pages(theme)}
    }
    .into_any()
}

fn gate(state: GateState, state_label: &str, title: &str, detail: &str) -> Gate {
    Gate { state, state_label: state_label.into(), title: title.into(), detail: Some(detail.into()), icon: None }
}

fn why() -> AnyView {
    view! {
        <Demo title="Why?">
            <Outcome allowed=true label="Allowed" detail="checked just now"/>
            <Outcome allowed=false label="Denied" detail="at gate 2 of 3"/>
            <Gates gates=vec![
                gate(GateState::Open, "Open:", "Account is active", "Signed in today"),
                gate(GateState::Shut, "Shut:", "Role Visitor does not permit Delete", "View only in US"),
                gate(GateState::Beyond, "Not reached:", "Scope", "Not reached"),
            ]/>
            <Gates gates=vec![
                gate(GateState::Open, "Done:", "You were invited", "lars.bjerregaard@hansa-shipping.test"),
                gate(GateState::Now, "Now:", "Set up your account", "Name, password, and you are in"),
                gate(GateState::Beyond, "Then:", "Developer in EU", "6 APIs, through Port operators"),
            ]/>
        </Demo>
    }
    .into_any()
}

fn messages(theme: &'static str) -> AnyView {
    view! {
        <Demo title="Banner, progress, skeleton, empty">
            <Banner>"SSO is on: new users from it are Members."</Banner>
            <Banner
                kind=BannerKind::Warning
                title="5 mails were not delivered."
                actions=view! { <Button label="Open Outbox" size=ButtonSize::Small/> }.into_any()
            >
                <span class="muted">"One address is unknown, four servers asked us to try later."</span>
            </Banner>
            <Banner kind=BannerKind::Danger>"Mail cannot be sent: the server refused the password."</Banner>
            <Banner kind=BannerKind::Success>"Imported 1,196 users."</Banner>
            <Banner kind=BannerKind::Plain>"Changes are saved when you press Save."</Banner>
            <Progress value=62 max=100 label=format!("Import, {theme}")/>
            <Skeleton rows=2 label="Loading"/>
            <div class="card">
                <Empty title="No invitations match" body="Nothing is Rejected for “gulf”. Search all statuses, or invite them.">
                    <Button label="Show all statuses" size=ButtonSize::Small/>
                    <Button label="Invite" kind=ButtonKind::Primary size=ButtonSize::Small/>
                </Empty>
            </div>
        </Demo>
    }
    .into_any()
}

fn floating(theme: &'static str) -> AnyView {
    view! {
        <Demo title="Toast, menu, tooltip">
            <div class="toasts static">
                <div class="toast">
                    <Icon name="check"/>
                    <div><p>"Invitation was successfully sent."</p><small>"lars.bjerregaard@hansa-shipping.test"</small></div>
                    <button class="btn ghost icon x" type="button" aria-label="Dismiss"><Icon name="x" size=IconSize::Small/></button>
                </div>
                <div class="toast done">
                    <Icon name="trash"/>
                    <div><p>"Invitation deleted."</p></div>
                    <Button label="Undo" kind=ButtonKind::Link/>
                </div>
                <div class="toast bad">
                    <Icon name="alert"/>
                    <div><p>"Could not disable Søren Østergaard."</p><small>"He is the last API Owner. Name another first."</small></div>
                    <button class="btn ghost icon x" type="button" aria-label="Dismiss"><Icon name="x" size=IconSize::Small/></button>
                </div>
            </div>
            <div class="row wrap top">
                <div class="menu static">
                    <p class="cap">"Workspaces"</p>
                    <a href="#edit"><Icon name="edit"/>"Edit"</a>
                    <button type="button"><Icon name="mail"/>"Resend Activation Email"</button>
                    <hr/>
                    <button type="button" aria-disabled="true"><Icon name="ban"/>"Disable"<small class="push">"yourself"</small></button>
                    <button type="button" class="danger"><Icon name="trash"/>"Remove…"</button>
                </div>
                <Menu
                    id=format!("menu-{theme}")
                    start=true
                    button=view! { "Open a menu"<Icon name="down" size=IconSize::Small/> }.into_any()
                >
                    <a href="#link"><Icon name="link"/>"Invite by Link"</a>
                    <a href="#bulk"><Icon name="upload"/>"Bulk Import"</a>
                    <hr/>
                    <button type="button"><Icon name="plus"/>"Add User without mail"</button>
                </Menu>
                <span class="tip-room"><IconButton icon="mail" label="Resend" attr:class="btn icon tip-on"/></span>
            </div>
        </Demo>
        <Demo title="Dialog">
            <div class="dialog static" role="group" aria-label=format!("Dialog sample, {theme}")>
                <header><h2>"Remove Zofia Wiśniewska?"</h2></header>
                <div class="body">
                    <p>"She loses access at her next request."</p>
                    <Losses items=vec![
                        ("role", "Developer in EU for Hansa Shipping GmbH".into()),
                        ("key", "3 API keys".into()),
                    ]/>
                </div>
                <footer><LinkButton href="#keep" label="Keep user"/><Button label="Remove" kind=ButtonKind::Danger/></footer>
            </div>
        </Demo>
        <Demo title="Command palette">
            <div class="palette static">
                <label><Icon name="search"/><input type="text" value="inv" aria-label=format!("Command, {theme}")/></label>
                <div role="listbox" aria-label=format!("Results, {theme}")>
                    <div role="group" aria-label="Actions">
                        <span>"Actions"</span>
                        <div role="option" aria-selected="true"><Icon name="mail"/><span><mark>"Inv"</mark>"ite user"</span><small><kbd>"I"</kbd></small></div>
                        <div role="option" aria-selected="false"><Icon name="link"/><span><mark>"Inv"</mark>"ite by Link"</span></div>
                    </div>
                </div>
                <footer><span><kbd>"↑"</kbd>" "<kbd>"↓"</kbd>" to move"</span><span><kbd>"↵"</kbd>" to run"</span></footer>
            </div>
        </Demo>
    }
    .into_any()
}

fn history(theme: &'static str) -> AnyView {
    view! {
        <Demo title="Timeline, key and value, code">
            <ol class="timeline">
                <li><span class="pt ask"><Icon name="clock"/></span><div>"Waits for approval"<small>"Sanna Virtanen registered"</small></div><time>"18:22"</time></li>
                <li>
                    <span class="pt"><Icon name="edit"/></span>
                    <div>"Role changed"<span class="diff"><span class="was">"Visitor"</span><span class="now">"Developer"</span></span></div>
                    <time>"18:10"</time>
                </li>
                <li><span class="pt good"><Icon name="check"/></span><div>"Invited by Amara Okonkwo-Lindqvist"</div><time>"18:04"</time></li>
            </ol>
            <KeyValue>
                <Pair label="Valid until">"24 Nov 2026, 18:04 CET"</Pair>
                <Pair label="Customer ID"><code>"PL-GDN-00417"</code></Pair>
                <Pair label="A name that is longer than its column">"dr.ngozi.adeyemi-bankole@west-africa-bulk-terminals.example.com"</Pair>
            </KeyValue>
            <div class="copy-line">
                <span class="clip">"https://portal.kestrel.test/join/k7Qm2vX9bT4hN1sZ8yLw3c"</span>
                <Button label="Copy" icon="copy" size=ButtonSize::Small/>
            </div>
            <div class="code">
                <pre tabindex="0" role="region" aria-label=format!("Code, {theme}")><span class="c">"# A decision"</span>"\n"<span class="k">"curl"</span>" -H "<span class="s">"'Authorization: Bearer …'"</span>" https://portal.kestrel.test/api/v1/decide"</pre>
            </div>
        </Demo>
    }
    .into_any()
}

fn pages(theme: &'static str) -> AnyView {
    view! {
        <Demo title="Refused, not found, failed">
            <ErrorPage
                kind=ErrorKind::Denied
                title="You cannot download Analytics in US"
                body="Sorry, you don't have permission to use this feature. If access is required, please reach out to your team administrator."
                actions=view! {
                    <Button label="Request access" kind=ButtonKind::Primary size=ButtonSize::Large/>
                    <LinkButton href="#home" label="Go to Dashboard" size=ButtonSize::Large/>
                }
                .into_any()
            />
            <ErrorPage
                kind=ErrorKind::NotFound
                title="There is no such page"
                body="It may have been moved or removed, or you may not see it."
                actions=view! { <LinkButton href="#home" label="Go to Dashboard"/> }.into_any()
            />
            <ErrorPage
                kind=ErrorKind::Fault
                title="Something broke on our side"
                body="Nothing was changed. Try again; if it stays, tell your administrator the number below."
                request_id_label="Request 0193a5c2-7d1e"
                actions=view! { <LinkButton href="#again" label="Try again" kind=ButtonKind::Primary/> }.into_any()
            />
        </Demo>
        <Demo title="Front door">
            <div class="door">
                <Colonnade/>
                <div class="main">
                    <div class="brand"><HouseMark/><span>"Kestrel Maritime"</span></div>
                    <div class="door-card">
                        <nav class="tabs" aria-label=format!("Sign in or create an account, {theme}")>
                            <a href="#login" aria-current="page">"LOGIN"</a><a href="#create">"CREATE AN ACCOUNT"</a>
                        </nav>
                        <div class="body stack">
                            <Button label="Sign in" kind=ButtonKind::Primary size=ButtonSize::Full/>
                            <p class="or">"or"</p>
                            <LinkButton href="#sso" label="Continue with Kestrel SSO" icon="key" size=ButtonSize::Full/>
                        </div>
                    </div>
                </div>
                <footer><span>"Kestrel Maritime API portal"</span><a href="#help">"Help"</a><a href="#privacy">"Privacy"</a></footer>
            </div>
        </Demo>
    }
    .into_any()
}
