//! What becomes of each row: asked for the dry run, and again in the transaction that writes.

use std::collections::{BTreeSet, HashMap};

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    access::{ApiScope, AssignmentFacts, BuiltIn, Category, SubjectFacts},
    accounts::address::is_within,
    customers::model::newly_led_to,
    imports::{
        model::{Column, Flaw, Import, Verdict},
        sheet::shown,
        store::{self, Existing, Judged, ToJudge},
    },
    invitations::{self, model::Offer},
    platform::{
        context::{Actor, Context},
        fault::Fault,
        rights,
    },
    text::role_name,
    workspaces,
};

/// Rows that are looked at together.
const BATCH: i64 = 2000;

/// What is wrong, with which column, and a name in the file that it is about.
type Wrong = (Flaw, Column, String);

/// Judges every row that is not wrong already, and tells how many are now. `writing` says that what is to be made must be ready.
/// Nothing but the rows' verdicts is changed, so that what is read of rights on the way may be kept.
///
/// # Errors
/// When the database fails.
pub async fn judge_all(
    db: &mut PgConnection,
    cx: &Context,
    actor: &Actor,
    import: &Import,
    writing: bool,
) -> Result<usize, Fault> {
    let mut judge = Judge {
        cx,
        actor,
        import,
        writing,
        roles: roles(actor, import.kind),
        groups: groups(actor),
        offers: HashMap::new(),
        seats: workspaces::store::count_free_seats(db, cx.ws()).await?,
        domains: workspaces::store::list_mail_domains(db, cx.ws()).await?,
    };
    let (mut behind, mut wrong) = (0, 0);
    loop {
        let rows = store::list_staged(db, cx.ws(), import.id, behind, BATCH).await?;
        let Some(last) = rows.last() else {
            return Ok(wrong);
        };
        behind = last.n;
        let judged = judge.batch(db, &rows).await?;
        wrong += judged.iter().filter(|it| it.verdict == Verdict::Wrong).count();
        store::update_judged(db, cx.ws(), import.id, &judged).await?;
    }
}

/// The roles of a kind by what people call them, in small letters.
fn roles(actor: &Actor, kind: Category) -> HashMap<String, Uuid> {
    let mut names = HashMap::new();
    for role in actor.snapshot().roles_of(kind) {
        names.insert(role.key(), role.id);
        names.insert(role_name(&role).to_lowercase(), role.id);
    }
    // DESIGN.md section 1: what the sources call Administrator, too.
    if kind == Category::Teammate {
        for alias in ["admin", "portal admin"] {
            names.entry(alias.to_owned()).or_insert(BuiltIn::Administrator.id());
        }
    }
    names
}

fn groups(actor: &Actor) -> HashMap<String, Uuid> {
    actor.snapshot().facts().groups.iter().map(|group| (group.name.to_lowercase(), group.id)).collect()
}

/// Whether a role with groups is the actor's to give, by both.
type Offers = HashMap<(Uuid, Vec<Uuid>), Option<(Flaw, Column)>>;

struct Judge<'a> {
    cx: &'a Context,
    actor: &'a Actor,
    import: &'a Import,
    writing: bool,
    roles: HashMap<String, Uuid>,
    groups: HashMap<String, Uuid>,
    /// Kept, because most rows have the same.
    offers: Offers,
    seats: i64,
    domains: Vec<String>,
}

impl Judge<'_> {
    async fn batch(&mut self, db: &mut PgConnection, rows: &[ToJudge]) -> Result<Vec<Judged>, Fault> {
        let keys: Vec<&str> = rows.iter().map(|row| row.email_key.as_str()).collect();
        let existing = store::list_existing(db, self.cx.ws(), &keys).await?;
        let existing: HashMap<&str, &Existing> = existing.iter().map(|it| (it.email_key.as_str(), it)).collect();
        // Nothing is held: a dry run would keep the mails of these waiting until its last row, and who writes holds the rights, without
        // which no invitation takes a step.
        let earlier = invitations::store::list_newest(db, self.cx.ws(), &keys).await?;
        let open = earlier.iter().filter(|it| it.status.is_open());
        let open: BTreeSet<&str> = open.map(|it| it.address.key.as_str()).collect();
        let meant: Vec<_> = rows.iter().map(|row| (row, self.meant(row))).collect();
        let changed = meant.iter().filter_map(|(row, meant)| {
            let (role, groups) = meant.as_ref().ok()?;
            let user = existing.get(row.email_key.as_str())?;
            (self.import.update_existing && !self.same(row, user, *role, groups.as_deref())).then_some(user.id)
        });
        let changed: Vec<Uuid> = changed.collect();
        let held: HashMap<Uuid, SubjectFacts> = match changed.as_slice() {
            [] => HashMap::new(),
            ids => {
                rights::store::list_subjects(db, self.cx.ws(), ids).await?.1.into_iter().map(|it| (it.id, it)).collect()
            }
        };
        let mut judged = Vec::with_capacity(rows.len());
        for (row, meant) in meant {
            let there = existing.get(row.email_key.as_str()).copied();
            let found = match meant {
                Err(wrong) => Err(wrong),
                Ok((role, groups)) => {
                    let verdict = match there {
                        Some(user) => self.known(row, user, held.get(&user.id), role, groups.as_deref()),
                        None => self.new_one(row, role, groups.as_deref(), open.contains(row.email_key.as_str())),
                    };
                    verdict.map(|verdict| (verdict, role, groups.unwrap_or_default()))
                }
            };
            let (n, user_id) = (row.n, there.map(|user| user.id));
            judged.push(match found {
                Ok((verdict, role, groups)) => Judged { n, verdict, wrong: None, role_id: Some(role), groups, user_id },
                Err(wrong) => {
                    let groups = Vec::new();
                    Judged { n, verdict: Verdict::Wrong, wrong: Some(wrong), role_id: None, groups, user_id }
                }
            });
        }
        Ok(judged)
    }

    /// What a row's words mean: a role, and groups where it names some.
    fn meant(&self, row: &ToJudge) -> Result<(Uuid, Option<Vec<Uuid>>), Wrong> {
        let role = match row.role.to_lowercase().as_str() {
            "" if self.import.kind == Category::Customer => Some(BuiltIn::Customer.id()),
            name => self.roles.get(name).copied(),
        };
        let role = role.ok_or_else(|| (Flaw::UnknownRole, Column::Role, shown(&row.role, 60)))?;
        if row.groups.is_empty() {
            return Ok((role, None));
        }
        // A name may hold what parts names.
        let found = |name: &str| self.groups.get(&name.trim().to_lowercase()).copied();
        if let Some(group) = found(&row.groups) {
            return Ok((role, Some(vec![group])));
        }
        let mut groups = Vec::new();
        for name in row.groups.split([';', '|', ',']).map(str::trim).filter(|name| !name.is_empty()) {
            groups.push(found(name).ok_or_else(|| (Flaw::UnknownGroup, Column::Group, shown(name, 60)))?);
        }
        groups.sort();
        groups.dedup();
        Ok((role, Some(groups)))
    }

    fn new_one(&mut self, row: &ToJudge, role: Uuid, groups: Option<&[Uuid]>, open: bool) -> Result<Verdict, Wrong> {
        let wrong = |flaw, column| Err((flaw, column, String::new()));
        if open {
            return wrong(Flaw::Invited, Column::Email);
        }
        if !is_within(&row.email_key, &self.domains) {
            return wrong(Flaw::MailDomain, Column::Email);
        }
        if let Some((flaw, column)) = self.above(role, groups.unwrap_or_default(), &row.customer_id) {
            return wrong(flaw, column);
        }
        if self.writing && !row.ready {
            return wrong(Flaw::Changed, Column::Email);
        }
        if self.import.kind == Category::Teammate {
            if self.seats <= 0 {
                return wrong(Flaw::NoSeat, Column::Email);
            }
            self.seats -= 1;
        }
        Ok(Verdict::New)
    }

    /// The grant ceiling of a new user (PITFALLS.md 11): the first part that is more than the actor holds.
    fn above(&mut self, role: Uuid, groups: &[Uuid], customer_id: &str) -> Option<(Flaw, Column)> {
        let (actor, kind) = (self.actor, self.import.kind);
        let plain = Offer::everywhere(kind, role);
        let with_groups = Offer { groups: groups.to_vec(), ..plain.clone() };
        let known = self.offers.entry((role, groups.to_vec())).or_insert_with(|| {
            if !actor.enables(&plain.facts()) {
                Some((Flaw::RoleAbove, Column::Role))
            } else if !actor.enables(&with_groups.facts()) {
                Some((Flaw::GroupAbove, Column::Group))
            } else {
                None
            }
        });
        known.or_else(|| {
            let id = Some(customer_id.to_owned()).filter(|_| kind == Category::Customer);
            let whole = Offer { customer_id: id, ..with_groups };
            let above = kind == Category::Customer && !actor.enables(&whole.facts());
            above.then_some((Flaw::CustomerAbove, Column::CustomerId))
        })
    }

    fn same_customer(&self, row: &ToJudge, user: &Existing) -> bool {
        let customer_id = user.customer_id.as_deref().unwrap_or_default();
        self.import.kind != Category::Customer || customer_id == row.customer_id
    }

    /// Whether a user has all that a row says.
    fn same(&self, row: &ToJudge, user: &Existing, role: Uuid, groups: Option<&[Uuid]>) -> bool {
        let set = |groups: &[Uuid]| groups.iter().copied().collect::<BTreeSet<Uuid>>();
        let same_groups = groups.is_none_or(|groups| set(groups) == set(&user.groups));
        user.role == Some(role) && same_groups && self.same_customer(row, user)
    }

    /// The verdict on a row whose user is there; `held` is what they hold, where they would be changed.
    fn known(
        &self,
        row: &ToJudge,
        user: &Existing,
        held: Option<&SubjectFacts>,
        role: Uuid,
        groups: Option<&[Uuid]>,
    ) -> Result<Verdict, Wrong> {
        let wrong = |flaw, column| Err((flaw, column, String::new()));
        if user.category() != self.import.kind {
            return wrong(Flaw::OtherKind, Column::Email);
        }
        if self.same(row, user, role, groups) {
            return Ok(Verdict::Same);
        }
        if !self.import.update_existing {
            return Ok(Verdict::Skip);
        }
        if self.actor.user_id == Some(user.id) {
            return wrong(Flaw::Yourself, Column::Email);
        }
        if !self.same_customer(row, user) {
            return wrong(Flaw::OtherCustomer, Column::CustomerId);
        }
        let Some(held) = held else {
            return wrong(Flaw::Changed, Column::Email);
        };
        if !self.actor.stands_above(held) {
            return wrong(Flaw::AboveYou, Column::Email);
        }
        let after = after(held, role, groups);
        let given = after.assignments.last();
        if user.role != Some(role) && given.is_some_and(|given| !self.actor.gives(&after, given)) {
            return wrong(Flaw::RoleAbove, Column::Role);
        }
        let led = newly_led_to(self.actor.snapshot().facts(), (None, &held.groups), (None, &after.groups));
        let reaches = |(api, until): &(Uuid, Option<time::OffsetDateTime>)| {
            let held = after.assignments.iter().map(|it| (after.category, it));
            self.actor.gives_reach(held, *api, *until)
        };
        let lasting =
            |until: &Option<time::OffsetDateTime>| until.is_none_or(|until| until.unix_timestamp() > self.actor.at);
        if led.iter().filter(|(_, until)| lasting(until)).any(|it| !reaches(it)) {
            return wrong(Flaw::GroupAbove, Column::Group);
        }
        Ok(Verdict::Update)
    }
}

/// What a user will be: what they hold everywhere is the last of their assignments.
fn after(held: &SubjectFacts, role: Uuid, groups: Option<&[Uuid]>) -> SubjectFacts {
    let everywhere = |it: &AssignmentFacts| it.role.is_some() && it.region.is_none() && it.organization.is_none();
    let before = held.assignments.iter().find(|it| everywhere(it));
    let same = before.filter(|it| it.role == Some(role));
    let given = same.cloned().unwrap_or_else(|| {
        let plain = Offer::everywhere(held.category, role).assignment;
        let apis = before.map_or_else(|| plain.apis.clone(), |it: &AssignmentFacts| ApiScope::clone(&it.apis));
        AssignmentFacts { id: before.map_or_else(Uuid::nil, |it| it.id), apis, ..plain }
    });
    let others = held.assignments.iter().filter(|it| !everywhere(it)).cloned();
    SubjectFacts {
        groups: groups.map_or_else(|| held.groups.clone(), <[Uuid]>::to_vec),
        assignments: others.chain([given]).collect(),
        ..held.clone()
    }
}
