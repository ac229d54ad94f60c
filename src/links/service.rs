//! Use cases of invitation links.

mod join;

use std::collections::{HashMap, hash_map::Entry};

use uuid::Uuid;

pub use self::join::{join, open_link};
use super::{
    model::{Choices, HOURS, Link, MOST_HOURS, NewLinkForm, State, Trouble},
    store::{self, Found, NewRow},
};
use crate::{
    access::{Action, Category},
    accounts::address::read_domain,
    audit,
    customers::service::resolve_groups,
    error::{AppError, Refusal},
    invitations::{
        model::Offer,
        service::{ask_about, begin, check_offer, plan_invites, section, still_gives},
    },
    listing::{ListQuery, Page},
    mail, paths,
    platform::{
        context::{Actor, Context},
        fault::Fault,
        qr,
        rights::Held,
        secrets::Token,
    },
    ui::{live::Topic, once::Secret},
    workspaces,
};

/// What the form of a new link offers.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn read_choices(cx: &Context, kind: Category) -> Result<Choices, Fault> {
    let actor = cx.authorize(Action::Create, section(kind))?;
    let mut db = cx.app.pool.acquire().await?;
    let hours = u32::try_from(store::default_hours(&mut db, cx.ws()).await?).unwrap_or(HOURS[2]).min(MOST_HOURS);
    let roles = actor.snapshot().roles_of(kind).filter(|role| actor.gives_role(kind, role.id)).collect();
    Ok(Choices { roles, hours })
}

/// Makes a link. Only its hash is kept: what is answered is never told again (PITFALLS.md 3).
///
/// # Errors
/// `Unauthorized`, `Denied`; `Invalid`: a field, or more than the actor holds; `Refused(Plan)`.
pub async fn generate_link(cx: &Context, form: NewLinkForm) -> Result<Secret, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Create, section(form.kind)).await?;
    plan_invites(&mut tx, cx).await?;
    let new = form.check()?;
    let mail_domain = new.mail_domain.as_deref().map(read_domain).transpose();
    let mail_domain = mail_domain.map_err(|problem| AppError::field("mail_domain", problem))?;
    let mut offer = Offer::everywhere(form.kind, new.role);
    let role = check_offer(&actor, &offer).map_err(|problem| AppError::field("role", problem))?;
    offer.groups = resolve_groups(&actor, &form.groups, &form.more_groups)?;
    check_offer(&actor, &offer).map_err(|problem| AppError::field("more_groups", problem))?;
    offer.customer_id = new.customer_id;
    check_offer(&actor, &offer).map_err(|problem| AppError::field("customer_id", problem))?;
    let token = Token::new(&cx.workspace.public_id);
    let row = NewRow {
        id: Uuid::now_v7(),
        offer: &offer,
        role_name: &role.name,
        token_hash: token.hash(),
        hours: new.hours,
        most_uses: new.most_uses,
        mail_domain: mail_domain.as_deref(),
        maker: (actor.user_id.unwrap_or_default(), &actor.full_name),
    };
    let valid_until = store::insert(&mut tx, cx.ws(), &row).await?;
    let entry = audit::Entry { action: "link.create", kind: "link", id: row.id, label: &role.name };
    let after = serde_json::json!({
        "role": role, "category": offer.category, "offer": offer.kept(), "customer_id": offer.customer_id,
        "most_uses": new.most_uses, "mail_domain": mail_domain, "valid_until": valid_until.unix_timestamp(),
    });
    audit::record(&mut tx, cx, entry, None::<&()>, Some(&after)).await?;
    cx.announce(&mut tx, Topic::Invitations, None).await?;
    tx.commit().await?;
    let address = cx.app.config.address(cx.workspace.host.as_deref(), &paths::join(token.expose()));
    Ok(Secret { picture: qr::modules(&address), address })
}

/// One page of the links to users of a kind, with who came by each.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_links(cx: &Context, kind: Category, query: &ListQuery) -> Result<Page<Link>, Fault> {
    let actor = cx.authorize(Action::View, section(kind))?;
    let mut db = cx.app.pool.acquire().await?;
    let page = store::list(&mut db, cx.ws(), kind, query).await?;
    let ids: Vec<Uuid> = page.rows.iter().map(|link| link.id).collect();
    let mut comers = store::list_comers(&mut db, cx.ws(), &ids).await?;
    let everywhere = match plan_invites(&mut db, cx).await {
        Err(Fault::Told(AppError::Refused(Refusal::Plan))) => Some(Trouble::Plan),
        Err(fault) => return Err(fault),
        Ok(()) if kind == Category::Teammate && workspaces::store::count_free_seats(&mut db, cx.ws()).await? <= 0 => {
            Some(Trouble::Seats)
        }
        Ok(()) => None,
    };
    let mut troubles = Vec::with_capacity(page.rows.len());
    let mut makers: HashMap<Uuid, Option<Held>> = HashMap::new();
    for link in page.rows.iter().filter(|link| link.state == State::Active) {
        if let Entry::Vacant(maker) = makers.entry(link.maker_id) {
            maker.insert(cx.held_by(&mut db, link.maker_id).await?);
        }
    }
    for link in &page.rows {
        let maker = || makers.get(&link.maker_id).cloned().flatten();
        let own = if link.state == State::Active { trouble(actor, link, maker()) } else { None };
        troubles.push(own.or(everywhere.filter(|_| link.state == State::Active)));
    }
    let mut troubles = troubles.into_iter();
    Ok(page.map(|link| {
        let shown = comers.remove(&link.id).unwrap_or_default();
        line(actor, link, troubles.next().flatten(), shown)
    }))
}

/// What keeps a link that is active from letting anybody in, by what its maker holds.
fn trouble(actor: &Actor, link: &Found, maker: Option<Held>) -> Option<Trouble> {
    if actor.snapshot().roles_of(link.offer.category).all(|role| role.id != link.role.id) {
        return Some(Trouble::Offer);
    }
    match still_gives(maker, &link.offer, actor.at) {
        Ok(_) => None,
        Err(Refusal::OfferGone) => Some(Trouble::Offer),
        Err(_) => Some(Trouble::Maker),
    }
}

fn line(actor: &Actor, link: Found, trouble: Option<Trouble>, comers: Vec<super::model::Comer>) -> Link {
    let known = &actor.snapshot().facts().groups;
    let groups = link.offer.groups.iter().filter_map(|id| known.iter().find(|it| it.id == *id));
    Link {
        id: link.id,
        groups: groups.map(|group| group.name.clone()).collect(),
        yours: is_theirs(actor, &link),
        // A role may have another name by now.
        role: actor.snapshot().role(link.role.id).unwrap_or(link.role),
        customer_id: link.offer.customer_id,
        mail_domain: link.mail_domain,
        maker_name: link.maker_name,
        made_at: link.made_at,
        valid_until: link.valid_until,
        uses: link.uses,
        most_uses: link.most_uses,
        open: link.open,
        state: link.state,
        trouble,
        more_comers: link.comers - i64::try_from(comers.len()).unwrap_or_default(),
        comers,
    }
}

/// Who made a link switches it off whatever they hold by now; others hold all that it offers.
fn is_theirs(actor: &Actor, link: &Found) -> bool {
    actor.user_id == Some(link.maker_id) || actor.stands_above(&link.offer.facts())
}

/// Switches a link off, for good and at once. The open invitations by it stay, or go with it; how many went.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`; `Refused(AboveYou)`.
pub async fn end_link(cx: &Context, id: Uuid, withdraw: bool) -> Result<u32, Fault> {
    let (mut tx, actor) = begin(cx, Action::Create).await?;
    let link = store::lock(&mut tx, cx.ws(), id, true).await?.ok_or(AppError::NotFound)?;
    ask_about(cx, &actor, Action::Create, &link.offer)?;
    if withdraw {
        ask_about(cx, &actor, Action::Delete, &link.offer)?;
    }
    if !is_theirs(&actor, &link) || (withdraw && !actor.stands_above(&link.offer.facts())) {
        return Err(Refusal::AboveYou.into());
    }
    let nothing = serde_json::Value::Null;
    if link.state != State::Off {
        store::update_off(&mut tx, cx.ws(), id, actor.user_id, &actor.full_name).await?;
        let entry = audit::Entry { action: "link.kill", kind: "link", id, label: &link.role.name };
        let before =
            serde_json::json!({ "role": link.role, "uses": link.uses, "maker": link.maker_name, "withdraw": withdraw });
        audit::record(&mut tx, cx, entry, Some(&before), None::<&()>).await?;
    }
    let gone = if withdraw { store::delete_open(&mut tx, cx.ws(), id).await? } else { Vec::new() };
    if !gone.is_empty() {
        let ids: Vec<Uuid> = gone.iter().map(|(id, _)| *id).collect();
        mail::store::withdraw(&mut tx, cx.ws(), &ids).await?;
        let before = serde_json::json!({ "role": link.role, "link": id });
        audit::record_each(&mut tx, cx, ("invitation.delete", "invitation"), &gone, &before, &nothing).await?;
    }
    cx.announce(&mut tx, Topic::Invitations, None).await?;
    tx.commit().await?;
    Ok(u32::try_from(gone.len()).unwrap_or(u32::MAX))
}
