//! What stands in the open form: its blocks, and the addresses of each with their verdicts.

use std::collections::{HashMap, HashSet};

use leptos::{prelude::*, reactive::owner::WeakOwner, server_fn::ServerFn};

use crate::{
    accounts::model::check_address,
    error::{AppError, Partly, Problem},
    invitations::{
        api::Invite,
        model::{
            Block, InviteChoices, InviteForm, Judged, MOST_BLOCKS,
            paste::{Typed, finished, read_addresses, write_addresses},
        },
    },
    ui::form::{Posted, Values, input_name, list_name},
};

/// One address that was typed to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// Unique in the form.
    pub key: u32,
    pub typed: Typed,
}

/// What is known of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The server was not heard yet.
    Open,
    Good,
    Bad(Problem),
}

/// One block.
#[derive(Clone, Copy)]
pub struct BlockState {
    /// Its place in the form.
    pub place: u8,
    pub chips: RwSignal<Vec<Chip>>,
    /// What is typed and not a chip yet.
    pub text: RwSignal<String>,
    /// What the server said, by the address as it was typed.
    pub known: RwSignal<HashMap<String, Option<Problem>>>,
    /// What a plain post has left, with its verdicts: shown until script is there.
    pub left: StoredValue<Vec<(Typed, Problem)>>,
}

impl BlockState {
    fn new(place: u8, text: String, left: Vec<(Typed, Problem)>) -> Self {
        let known = left.iter().map(|(it, problem)| (it.email.clone(), Some(*problem))).collect();
        Self {
            place,
            chips: RwSignal::new(Vec::new()),
            text: RwSignal::new(text),
            known: RwSignal::new(known),
            left: StoredValue::new(left),
        }
    }

    /// What the block sends as its addresses.
    pub fn written(self) -> String {
        let typed: Vec<Typed> = self.chips.with(|chips| chips.iter().map(|chip| chip.typed.clone()).collect());
        self.text.with(|text| match (typed.is_empty(), text.is_empty()) {
            (true, _) => text.clone(),
            (false, true) => write_addresses(&typed),
            (false, false) => format!("{}\n{text}", write_addresses(&typed)),
        })
    }
}

/// The whole form.
#[derive(Clone, Copy)]
pub struct Sheet {
    pub blocks: RwSignal<Vec<BlockState>>,
    /// What stands in its fields now.
    pub typed: RwSignal<InviteForm>,
    /// What it offers.
    pub choices: StoredValue<InviteChoices>,
    keys: StoredValue<u32>,
    /// Whose the signals of each block are: as long as the form, whatever adds the block.
    owner: StoredValue<Option<WeakOwner>>,
}

impl Sheet {
    /// As it is opened, or with what a plain post has left.
    pub fn new(choices: InviteChoices) -> Self {
        let posted = use_context::<Posted>().filter(|posted| posted.action == Invite::url());
        let form = posted.as_ref().map(|posted| read(&posted.values)).unwrap_or_default();
        let left = match posted.and_then(|posted| posted.error) {
            Some(AppError::Partly(partly)) => Some(partly),
            _ => None,
        };
        let mut blocks: Vec<BlockState> = form
            .rows
            .iter()
            .map(|(place, block)| match &left {
                Some(partly) => {
                    let left = left_of(*place, block, partly);
                    let typed: Vec<Typed> = left.iter().map(|(it, _)| it.clone()).collect();
                    BlockState::new(*place, write_addresses(&typed), left)
                }
                None => BlockState::new(*place, block.emails.clone(), Vec::new()),
            })
            .collect();
        // All of whom were sent to are not needed any more.
        if blocks.iter().any(|block| block.left.with_value(|left| !left.is_empty())) {
            blocks.retain(|block| block.left.with_value(|left| !left.is_empty()));
        }
        let sheet = Self {
            blocks: RwSignal::new(blocks),
            typed: RwSignal::new(form),
            choices: StoredValue::new(choices),
            keys: StoredValue::new(0),
            owner: StoredValue::new(Owner::current().map(|owner| owner.downgrade())),
        };
        if sheet.typed.with_untracked(|form| form.more) || sheet.blocks.with_untracked(Vec::is_empty) {
            sheet.add();
        }
        sheet
    }

    /// Whether there is room for one block more.
    pub fn has_room(self) -> bool {
        self.blocks.with(|blocks| blocks.len() < MOST_BLOCKS)
    }

    /// Adds a block.
    pub fn add(self) {
        let mut free = (0..).zip(0..MOST_BLOCKS).map(|(place, _): (u8, usize)| place);
        let free =
            self.blocks.with_untracked(|blocks| free.find(|place| blocks.iter().all(|block| block.place != *place)));
        let owner = self.owner.with_value(|owner| owner.as_ref().and_then(WeakOwner::upgrade));
        if let (Some(place), Some(owner)) = (free, owner) {
            let block = owner.with(|| BlockState::new(place, String::new(), Vec::new()));
            self.blocks.update(|blocks| blocks.push(block));
        }
    }

    /// Takes a block away.
    pub fn drop(self, place: u8) {
        self.blocks.update(|blocks| blocks.retain(|block| block.place != place));
    }

    /// What stands in the fields of a block now.
    pub fn block(self, place: u8) -> Block {
        let first = || {
            let form = self.choices.with_value(|choices| choices.rights.form.clone());
            Block { role: form.role, scope: form.scope, region: form.region, ..Block::default() }
        };
        self.typed.with(|form| form.rows.get(&place).cloned()).unwrap_or_else(first)
    }

    /// Makes chips of a block's text: of all of it, or of what is finished. Tells what is left of it.
    pub fn absorb(self, block: BlockState, text: &str, all: bool) -> Option<String> {
        let end = if all || read_addresses(text).len() > 1 && text.contains(['\n', '\t']) {
            text.len()
        } else {
            finished(text)
        };
        let (done, rest) = text.split_at(end);
        let found = read_addresses(done);
        if found.is_empty() {
            return None;
        }
        block.chips.update(|chips| chips.extend(found.into_iter().map(|typed| self.chip(typed))));
        Some(rest.trim_start().to_owned())
    }

    fn chip(self, typed: Typed) -> Chip {
        let key = self.keys.try_update_value(|key| {
            *key += 1;
            *key
        });
        Chip { key: key.unwrap_or_default(), typed }
    }

    /// Takes what the server said of a form.
    pub fn hear(self, form: &InviteForm, judged: &Judged) {
        for block in self.blocks.get_untracked() {
            let Some((asked, verdicts)) = form.rows.get(&block.place).zip(judged.0.get(&block.place)) else { continue };
            block.known.update(|known| {
                for (it, verdict) in read_addresses(&asked.emails).into_iter().zip(verdicts) {
                    // What was over a limit is so until it is sent.
                    if known.get(&it.email) != Some(&Some(Problem::Limit)) {
                        known.insert(it.email, *verdict);
                    }
                }
            });
        }
    }

    /// Keeps what is left of a form that was sent, and tells one address that is not left.
    pub fn keep(self, form: &InviteForm, partly: &Partly) -> Option<String> {
        let mut gone = None;
        for block in self.blocks.get_untracked() {
            let Some(sent) = form.rows.get(&block.place) else { continue };
            let left = left_of(block.place, sent, partly);
            let kept: HashSet<&String> = left.iter().map(|(it, _)| &it.email).collect();
            gone = gone.or_else(|| read_addresses(&sent.emails).into_iter().find(|it| !kept.contains(&it.email)));
            block.known.update(|known| {
                known.extend(left.iter().map(|(it, problem)| (it.email.clone(), Some(*problem))));
            });
            block.chips.set(left.into_iter().map(|(it, _)| self.chip(it)).collect());
            block.text.set(String::new());
        }
        let blank = |block: &BlockState| block.chips.with_untracked(Vec::is_empty);
        if self.blocks.with_untracked(|blocks| blocks.iter().any(|block| !blank(block)) && blocks.iter().any(blank)) {
            self.blocks.update(|blocks| blocks.retain(|block| !blank(block)));
        }
        gone.map(|it| it.email)
    }

    /// The verdict on each chip: what can be said without the server, else what the server said.
    pub fn verdicts(self) -> HashMap<u32, Verdict> {
        let mut seen = HashSet::new();
        let mut verdicts = HashMap::new();
        for block in self.blocks.get() {
            block.known.with(|known| {
                block.chips.with(|chips| {
                    for chip in chips {
                        let email = &chip.typed.email;
                        let verdict = match check_address(email) {
                            Err(problem) => Verdict::Bad(problem),
                            Ok(_) if !seen.insert(email.to_lowercase()) => Verdict::Bad(Problem::Twice),
                            // It stood here twice when the server was asked, and does not now.
                            Ok(_) => match known.get(email).copied() {
                                None | Some(Some(Problem::Twice)) => Verdict::Open,
                                Some(Some(problem)) => Verdict::Bad(problem),
                                Some(None) => Verdict::Good,
                            },
                        };
                        verdicts.insert(chip.key, verdict);
                    }
                });
            });
        }
        verdicts
    }
}

/// What is left of a block.
fn left_of(place: u8, block: &Block, partly: &Partly) -> Vec<(Typed, Problem)> {
    let all = read_addresses(&block.emails);
    let of_block = partly.left.iter().filter(|(of, ..)| *of == place);
    let mut left: Vec<(u32, Problem)> = of_block.map(|(_, index, problem)| (*index, *problem)).collect();
    left.sort_by_key(|(index, _)| *index);
    left.into_iter().filter_map(|(index, problem)| Some((all.get(index as usize)?.clone(), problem))).collect()
}

/// The form that a browser without script has posted.
fn read(values: &Values) -> InviteForm {
    let one = |name: &str| values.get(&input_name(name)).and_then(|all| all.last().cloned()).unwrap_or_default();
    let all = |name: &str| values.get(&list_name(name)).cloned().unwrap_or_default();
    let drop = one("drop");
    let block = |place: u8| {
        let name = |field: &str| format!("rows.{place}.{field}");
        let there = values.contains_key(&input_name(&name("emails"))) && drop != place.to_string();
        there.then(|| Block {
            emails: one(&name("emails")),
            full_name: one(&name("full_name")),
            role: one(&name("role")),
            customer_id: one(&name("customer_id")),
            groups: all(&name("groups")),
            more_groups: one(&name("more_groups")),
            areas: all(&name("areas")),
            scope: one(&name("scope")),
            apis: all(&name("apis")),
            region: one(&name("region")),
            organization: one(&name("organization")),
        })
    };
    let places = (0..).zip(0..MOST_BLOCKS).map(|(place, _): (u8, usize)| place);
    InviteForm {
        rows: places.filter_map(|place| Some((place, block(place)?))).collect(),
        validity: one("validity"),
        more: one("more") == "true",
        ..InviteForm::default()
    }
}
