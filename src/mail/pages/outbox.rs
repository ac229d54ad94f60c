//! The outbox: every mail and how far it has come; captured mail, for its owner to read.

use leptos::prelude::*;
use leptos_meta::Title;
use uuid::Uuid;

use super::delivery::DeliveryNote;
use crate::{
    mail::{
        api::{list_outbox, read_captured},
        model::{Captured, Delivery, Message, Outbox},
    },
    paths,
    text::text,
    ui::{
        drawer::Drawer,
        list::parameter,
        live::{Topic, live},
        load::{ErrorView, Load, resource},
        page::{Banner, BannerKind, Empty, PageHead, Skeleton},
        when::{When, Zone},
    },
};

/// The page.
#[component]
pub fn OutboxPage() -> impl IntoView {
    let t = &text().outbox;
    let (after, read) = (parameter("after"), parameter("read"));
    let outbox = resource(
        move || (after.get(), live().version(Topic::Outbox), live().version(Topic::Invitations)),
        |(after, _, _)| async move { list_outbox(after.clone()).await.map(|outbox| (outbox, after)) },
    );
    view! {
        <Title text=t.title/>
        <PageHead title=t.title lead=t.lead/>
        <Load
            from=outbox
            skeleton=move || view! { <Skeleton rows=8 label=t.title/> }
            show=|(outbox, here): (Outbox, String)| view! { <Shown outbox here/> }
        />
        {move || {
            let id: Option<Uuid> = read.get().parse().ok();
            id.map(|id| view! { <Reader id here=after.get()/> })
        }}
    }
}

#[component]
fn Shown(outbox: Outbox, here: String) -> impl IntoView {
    let t = &text().outbox;
    let banner = outbox.captured.then(|| {
        view! {
            <Banner kind=BannerKind::Warning title=t.captured>
                {t.captured_body}
                {(!outbox.readable).then(|| view! { " "{t.owner_only} })}
            </Banner>
        }
    });
    if outbox.messages.is_empty() {
        return view! { <div class="stack">{banner}<Empty title=t.empty body=t.empty_body/></div> }.into_any();
    }
    let readable = outbox.readable;
    let rows =
        outbox.messages.into_iter().map(|message| view! { <Row message readable here=here.clone()/> }).collect_view();
    let older = outbox.after.map(|after| paths::outbox(&after));
    view! {
        <div class="stack">
            {banner}
            <div class="table-box">
                <table class="table fixed">
                    <caption class="sr">{t.caption}</caption>
                    <thead><tr>
                        <th scope="col" class="c-name">{t.to}</th>
                        <th scope="col" class="c3">{t.subject}</th>
                        <th scope="col" class="c2 w-8">{t.queued_at}</th>
                        <th scope="col" class="w-13">{t.delivery}</th>
                        <th scope="col" class="act w-6"><span class="sr">{text().common.actions}</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                <p class="table-foot"><span class="push"><Zone/></span></p>
            </div>
            {older.map(|href| view! {
                <nav class="pager" aria-label=t.older><a class="btn sm push" rel="next" href=href>{t.older}</a></nav>
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Row(message: Message, readable: bool, here: String) -> impl IntoView {
    let t = &text().outbox;
    let captured = matches!(message.delivery, Delivery::Captured { .. });
    let tries = match message.delivery {
        Delivery::Deferred { next, .. } => Some(view! {
            <span class="small faint block">{(t.tries)(message.attempts)}", "{t.next_try}" "<When at=next/></span>
        }),
        _ => None,
    };
    view! {
        <tr>
            <th scope="row">
                <span class="medium clip block" title=message.to.clone()>{message.to.clone()}</span>
                <span class="sub small faint more-sub clip">{message.subject.clone()}</span>
            </th>
            <td class="c3 clip" title=message.subject.clone()>{message.subject.clone()}</td>
            <td class="c2 when"><When at=message.queued_at/></td>
            <td class="clip"><DeliveryNote delivery=message.delivery/>{tries}</td>
            <td class="act">
                {(captured && readable).then(|| view! {
                    <a class="btn sm" href=paths::message(message.id, &here) aria-label=(t.read_of)(&message.to)>{t.read}</a>
                })}
            </td>
        </tr>
    }
}

#[component]
fn Reader(id: Uuid, here: String) -> impl IntoView {
    let mail = resource(move || id, read_captured);
    let t = &text().outbox;
    view! {
        <Suspense>
            {move || { let here = here.clone(); Suspend::new(async move {
                let (title, shown) = match mail.await {
                    Ok(mail) => (mail.subject.clone(), view! { <Mail id mail/> }.into_any()),
                    Err(error) => (t.title.to_owned(), view! { <ErrorView error/> }.into_any()),
                };
                view! {
                    <Drawer id="mail" title close_href=paths::outbox(&here) close_label=text().common.close>
                        <div class="body stack">{shown}</div>
                    </Drawer>
                }
            }) }}
        </Suspense>
    }
}

/// Both parts. The HTML part stands in a frame of its own, which runs no script.
#[component]
fn Mail(id: Uuid, mail: Captured) -> impl IntoView {
    let t = &text().outbox;
    view! {
        <p class="muted">{t.to}": "{mail.to}</p>
        <h3>{t.html_part}</h3>
        <iframe
            class="mail"
            title=t.html_part
            src=paths::message_html(id)
            sandbox="allow-popups allow-popups-to-escape-sandbox"
        ></iframe>
        <h3>{t.text_part}</h3>
        <div class="code"><pre tabindex="0">{linked(&mail.text)}</pre></div>
    }
}

/// Plain text with its links made followable.
fn linked(text: &str) -> Vec<AnyView> {
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let link = word.trim();
            if link.starts_with("http://") || link.starts_with("https://") {
                let rest = word[link.len()..].to_owned();
                view! { <a href=link.to_owned() target="_blank" rel="noreferrer">{link.to_owned()}</a>{rest} }
                    .into_any()
            } else {
                word.to_owned().into_any()
            }
        })
        .collect()
}
