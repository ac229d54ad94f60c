//! What the invite drawer asks: what there is to choose, the verdict on each address, and the sending.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    invite::{Ask, Said, invite_in, judge, newest},
    issue::{Sent, ask_somewhere, section},
    resend_invitation,
};
use crate::{
    access::{Action, AssignmentFacts, Category, Question, SubjectFacts},
    accounts::{address::read_address, model::check_name},
    customers::{self, model::GroupRef},
    error::{AppError, Partly, Problem, Problems},
    invitations::{
        model::{Block, InviteChoices, InviteForm, Judged, Offer, paste::Typed},
        store,
    },
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    rights, roles,
    text::Language,
    ui::toast::Notice,
    workspaces::{self, model::Plan},
};

/// What became of a sending.
#[derive(Debug)]
pub struct Done {
    /// What was made.
    pub sent: Vec<Sent>,
    /// What was not.
    pub left: Partly,
}

impl Done {
    /// What is said of it; nothing where nothing was made.
    pub fn notice(&self, notify: bool) -> Option<Notice> {
        match self.sent.as_slice() {
            [] => None,
            _ if !notify => Some(Notice::InvitationsKept { count: self.left.done }),
            [one] => Some(Notice::InvitationSent { email: one.email.clone() }),
            _ => Some(Notice::InvitationsSent { count: self.left.done }),
        }
    }
}

/// Asks for the right to invite users of a category: for the workspace, or for this organization.
fn ask_kind<'a>(cx: &'a Context, kind: Category, organization: &str) -> Result<&'a Actor, Fault> {
    let actor = cx.signed_in()?;
    let organization = (kind == Category::Organization).then_some(organization);
    actor.ask(&Question { organization, ..cx.question(actor, Action::Create, section(kind)) })?;
    Ok(actor)
}

/// What the drawer offers its reader.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn read_choices(cx: &Context, kind: Category, organization: &str) -> Result<InviteChoices, Fault> {
    let actor = ask_kind(cx, kind, organization)?;
    let mut db = cx.app.pool.acquire().await?;
    let known = &actor.snapshot().facts().organizations;
    let organization = known.iter().find(|it| kind == Category::Organization && it.slug == organization);
    let nobody = SubjectFacts::newcomer(kind);
    let gives = |role: Uuid| {
        let organization = organization.map(|it| it.id);
        actor.gives(&nobody, &AssignmentFacts { organization, ..Offer::everywhere(kind, role).assignment })
    };
    let mut rights = rights::service::choices_for_newcomer(&mut db, cx, actor, kind).await?;
    let given = actor.snapshot().roles_of(kind).filter(|role| gives(role.id));
    rights.roles = given.map(|role| roles::service::choice(actor, role)).collect();
    if rights.roles.iter().all(|it| it.role.key() != rights.form.role) {
        rights.form.role = rights.roles.first().map(|it| it.role.key()).unwrap_or_default();
    }
    let seats = match kind {
        Category::Teammate => Some(workspaces::store::count_seats(&mut db, cx.ws()).await?),
        Category::Organization | Category::Customer => None,
    };
    Ok(InviteChoices {
        rights,
        groups: knows_groups(cx, kind),
        seats,
        hours: workspaces::store::find_mail_validity(&mut db, cx.ws()).await?,
    })
}

/// Whether the names of groups are theirs to see: they are the workspace's, so not of who invites to one organization alone.
fn knows_groups(cx: &Context, kind: Category) -> bool {
    cx.authorize(Action::Create, section(kind)).is_ok()
}

/// The groups that hold this in their names.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub fn search_groups(cx: &Context, kind: Category, part: &str) -> Result<Vec<GroupRef>, Fault> {
    let actor = cx.authorize(Action::Create, section(kind))?;
    Ok(customers::service::groups_with(actor, part))
}

/// The verdict on each address of the form. Nothing is changed, and nothing counts towards a limit.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn judge_form(cx: &Context, form: &InviteForm) -> Result<Judged, Fault> {
    let kind = form.category()?;
    let actor = ask_kind(cx, kind, &form.organization)?;
    // More than are taken at a time, or nobody, is told when it is sent.
    let Ok(blocks) = form.addresses() else { return Ok(Judged::default()) };
    let mut db = cx.app.pool.acquire().await?;
    let (plan, _) = workspaces::store::find_plan(&mut db, cx.ws()).await?;
    let (mut places, mut asks) = (Vec::new(), Vec::new());
    for (place, block, addresses) in blocks {
        let offer = read_offer(cx, actor, plan, kind, form, place, block);
        let offer = offer.unwrap_or_else(|_| Offer::everywhere(kind, Uuid::nil()));
        places.extend(addresses.iter().map(|_| place));
        asks.extend(addresses.into_iter().map(|it| ask(it, "", &offer)));
    }
    let keys: Vec<String> = asks.iter().filter_map(|ask| Some(read_address(&ask.email).ok()?.key)).collect();
    let earlier = newest(store::list_newest(&mut db, cx.ws(), &keys).await?);
    let mut judged = Judged::default();
    let verdicts = judge(&mut db, cx, actor, asks, &earlier).await?;
    for (place, verdict) in places.into_iter().zip(verdicts) {
        // What is wrong with the offer is told beside its fields, when it is sent.
        let of_address = |problem: &Problem| !matches!(problem, Problem::Choice | Problem::AboveYou | Problem::Unknown);
        judged.0.entry(place).or_default().push(verdict.err().filter(of_address));
    }
    Ok(judged)
}

/// Sends what is good of the form, and tells what is left and why.
///
/// # Errors
/// `Unauthorized`, `Denied`; `Invalid`: what is said with all of them is not understood, nobody is named, or too many;
/// `Refused(Plan)`.
pub async fn invite(cx: &Context, form: &InviteForm) -> Result<Done, Fault> {
    let kind = form.category()?;
    let at = ask_kind(cx, kind, &form.organization)?.at;
    let blocks = form.addresses()?;
    let languages = Language::all().map(Language::tag);
    let (message, language, valid_until) = form.said(at, &languages)?;
    let said = Said { message, language, notify: form.notify, valid_until };
    let mut tx = cx.begin().await?;
    let actor = cx.hold_self(&mut tx).await?;
    let (plan, _) = workspaces::store::find_plan(&mut tx, cx.ws()).await?;
    let (mut places, mut asks, mut left) = (Vec::new(), Vec::new(), Partly::default());
    for (place, block, addresses) in blocks {
        let offer = read_offer(cx, &actor, plan, kind, form, place, block);
        let name = read_name(block, place, addresses.len());
        match (offer, name) {
            (Ok(offer), Ok(name)) => {
                places.extend((0..).zip(&addresses).map(|(index, _)| (place, index)));
                asks.extend(addresses.into_iter().map(|it| ask(it, &name, &offer)));
            }
            (offer, name) => {
                for error in [offer.err(), name.err()].into_iter().flatten() {
                    match error {
                        AppError::Invalid(fields) => left.fields.extend(fields),
                        other => return Err(other.into()),
                    }
                }
                left.left.extend((0..).zip(&addresses).map(|(index, _)| (place, index, Problem::Block)));
            }
        }
    }
    let mut sent = Vec::new();
    for ((place, index), answer) in places.into_iter().zip(invite_in(tx, cx, &actor, asks, &said).await?) {
        match answer {
            Ok(it) => sent.push(it),
            Err(problem) => left.left.push((place, index, problem)),
        }
    }
    left.done = u32::try_from(sent.len()).unwrap_or(u32::MAX);
    Ok(Done { sent, left })
}

/// Sends the open invitation of an address again.
///
/// # Errors
/// `Denied`, `Invalid`, `NotFound`; as `resend_invitation`.
pub async fn resend_to(cx: &Context, email: &str) -> Result<Sent, Fault> {
    // Before anything is looked up: whoever may invite nobody learns of no address (PITFALLS.md 10).
    ask_somewhere(cx, cx.signed_in()?, Action::Create)?;
    let address = read_address(email).map_err(|problem| AppError::field("email", problem))?;
    let mut db = cx.app.pool.acquire().await?;
    let newest = store::list_newest(&mut db, cx.ws(), &[&address.key]).await?;
    drop(db);
    resend_invitation(cx, newest.first().ok_or(AppError::NotFound)?.id).await
}

fn ask(it: Typed, name: &str, offer: &Offer) -> Ask {
    // A name that is pasted along is only a help: one that cannot be a name is left out.
    let pasted = check_name(&it.name).unwrap_or_default();
    let full_name = if name.is_empty() { pasted } else { name.to_owned() };
    Ask { email: it.email, full_name, offer: offer.clone() }
}

/// The name that is typed for the one address of a block.
fn read_name(block: &Block, place: u8, addresses: usize) -> Result<String, AppError> {
    let name = match block.full_name.trim() {
        "" => Ok(String::new()),
        _ if addresses > 1 => Err(Problem::AddressSeveral),
        name => check_name(name),
    };
    name.map_err(|problem| AppError::field(&format!("rows.{place}.full_name"), problem))
}

/// What a block offers.
fn read_offer(
    cx: &Context,
    actor: &Actor,
    plan: Plan,
    kind: Category,
    form: &InviteForm,
    place: u8,
    block: &Block,
) -> Result<Offer, AppError> {
    let mut given = block.rights();
    if kind == Category::Organization {
        given.organization.clone_from(&form.organization);
    }
    let mut problems = Problems::default();
    let customer_id = match kind {
        Category::Customer => customers::model::check_customer_id(&block.customer_id).map(Some),
        _ if block.customer_id.is_empty() => Ok(None),
        _ => Err(Problem::Choice),
    };
    let customer_id = problems.take("customer_id", customer_id);
    let groups = match customers::service::resolve_groups(actor, &block.groups, &block.more_groups) {
        Ok(groups) if groups.is_empty() || knows_groups(cx, kind) => Ok(groups),
        _ => Err(Problem::Unknown),
    };
    let groups = problems.take("more_groups", groups);
    let assignment = rights::service::read_new(actor, plan, kind, &given);
    let mut wrong: BTreeMap<String, Problem> = match problems.error() {
        Some(AppError::Invalid(fields)) => fields,
        _ => BTreeMap::new(),
    };
    if let Err(AppError::Invalid(fields)) = &assignment {
        wrong.extend(fields.clone());
    }
    let offer = match (assignment, groups, customer_id) {
        (Ok(assignment), Some(groups), Some(customer_id)) if wrong.is_empty() => {
            Offer { category: kind, assignment, groups, customer_id }
        }
        (Err(error), ..) if wrong.is_empty() => return Err(error),
        _ => return Err(in_block(place, wrong)),
    };
    match above(actor, &offer) {
        Some(field) => Err(in_block(place, BTreeMap::from([(field.to_owned(), Problem::AboveYou)]))),
        None => Ok(offer),
    }
}

/// The grant ceiling: the field that confers more than the actor holds, if one does (PITFALLS.md 11 and 24).
fn above(actor: &Actor, offer: &Offer) -> Option<&'static str> {
    let gives = |offer: &Offer| actor.enables(&offer.facts());
    if gives(offer) {
        return None;
    }
    let alone = Offer { groups: Vec::new(), ..offer.clone() };
    if gives(&alone) {
        Some("more_groups")
    } else if offer.customer_id.is_some() && gives(&Offer { customer_id: None, ..alone }) {
        Some("customer_id")
    } else {
        Some("role")
    }
}

fn in_block(place: u8, fields: BTreeMap<String, Problem>) -> AppError {
    AppError::Invalid(fields.into_iter().map(|(name, problem)| (format!("rows.{place}.{name}"), problem)).collect())
}
