//! English.

use crate::{
    access::Category,
    links::model::{NotNew, State, Trouble},
    text::links::Links,
};

pub const LINKS: Links = Links {
    title: |kind| match kind {
        Category::Customer => "Invitation links for customers",
        Category::Teammate | Category::Organization => "Invitation links",
    },
    lead: "Whoever has a link may ask for an invitation, until it ends. Each address is confirmed by mail first.",
    caption: "Invitation links, the newest first",
    generate_title: "Invite by Link",
    generate: "Generate Link",
    intro: "Whoever opens the link gives an address and gets an invitation there. No account exists before that mail is answered.",
    see_all: "See all links",
    groups: "Groups (optional)",
    groups_help: "Whoever joins is in these groups from the start. From three characters on, groups are suggested.",
    groups_chosen: "Chosen groups",
    valid_for: "The link works for",
    hours: span,
    hours_by_default: |hours| format!("{} (as set for this workspace)", span(hours)),
    most_uses: "How many may join by it",
    most_uses_help: "Invitations that expire or are deleted do not count.",
    mail_domain: "Only addresses at",
    mail_domain_help: "The part after the @, as in kestrel.test.",
    ready: "The link is ready.",
    once: "Copy it now: it is shown only this once, and kept nowhere. If it is lost, generate another.",
    address: "Invitation link",
    copy: "Copy",
    copied: "Copied.",
    qr: "QR code of the invitation link",
    qr_help: "The same link, for the camera of a telephone.",
    another: "Generate another",
    done: "Done",
    none: "No links yet",
    none_body: "Generate a link to invite many at once, without their addresses at hand. It ends by itself.",
    offers: "Offers",
    state_head: "State",
    state: |state| match state {
        State::Active => "Active",
        State::Expired => "Expired",
        State::UsedUp => "Used up",
        State::Off => "Off",
    },
    trouble: |trouble| match trouble {
        Trouble::Maker => "Lets nobody in: whoever made it can no longer give this.",
        Trouble::Offer => "Lets nobody in: something that it offers is gone.",
        Trouble::Plan => "Lets nobody in: your plan has no invitations.",
        Trouble::Seats => "Lets nobody in now: every seat is taken.",
    },
    made_by: "Made by",
    made_at: "Made at",
    valid_until: "Valid until",
    uses_head: "Uses",
    uses: |uses, most| match most {
        Some(most) => format!("{uses} of {most}"),
        None => uses.to_string(),
    },
    came: |n| if n == 1 { "1 person came".into() } else { format!("{n} people came") },
    nobody: "Nobody came yet",
    more_comers: |n| format!("and {n} more"),
    only_domain: |domain| format!("Only @{domain}"),
    customer_id: |id| format!("Customer ID {id}"),
    end: "Switch off",
    end_of: |role| format!("Switch off the link to {role}"),
    end_title: |role| format!("Switch off the link to {role}?"),
    end_body: "It cannot be switched on again. Whoever opens it is told that it does not work any more.",
    loses_link: "The link, for everybody who has it",
    open_stay: |n| {
        if n == 1 {
            "1 open invitation by it stays, unless you withdraw it.".into()
        } else {
            format!("{n} open invitations by it stay, unless you withdraw them.")
        }
    },
    withdraw: |n| {
        if n == 1 {
            "Withdraw the open invitation too".into()
        } else {
            format!("Withdraw the {n} open invitations too")
        }
    },
    keep: "Keep it",
    end_yes: "Switch off",
    gone_from_list: "This link does nothing any more, or is not yours to switch off.",
    join_title: "Join by link",
    step_link: "You have a link",
    step_address: "Give your address",
    step_address_body: "We send a mail there, to see that it is yours.",
    step_account: "Set up your account",
    step_account_body: "With the button in that mail.",
    ends: "The link works until",
    email_help: "The mail with your invitation goes there. It becomes the address of your account.",
    only: |domain| format!("This link is for addresses at {domain}."),
    send: "Send me the invitation",
    signed_in: |email| {
        format!("You are signed in as {email}. What you ask for here makes another account, for another address.")
    },
    look: "Look into your mail",
    look_body: "A mail is on its way to the address that you gave. The button in it leads on.",
    look_help: "Nothing there after some minutes? Look into the spam folder, or ask whoever gave you the link.",
    dead: "This link does not work any more. Ask whoever gave it to you for a new one.",
    not_new: |why, workspace, maker| {
        match why {
        NotNew::Account => (
            format!("You have an account at {workspace} already"),
            "Your address was given to an invitation link. It has an account already: sign in with it.".into(),
        ),
        NotNew::Invited => (
            format!("You are invited to {workspace} already"),
            "Your address was given to an invitation link. It has an invitation already: look for the mail with it, or ask \
             whoever sent it to send it again."
                .into(),
        ),
        NotNew::Waits => (
            format!("Your registration at {workspace} waits for approval"),
            "Your address was given to an invitation link. You have registered already: you get a mail as soon as it is decided."
                .into(),
        ),
        NotNew::Full => (
            format!("There is no free place at {workspace} now"),
            format!("Your address was given to an invitation link of {maker}. Every place is taken now: ask them for one."),
        ),
        NotNew::Domain => (
            format!("This address cannot be used at {workspace}"),
            format!("Your address was given to an invitation link of {maker}. Addresses of its domain are not invited there: use another, or ask them."),
        ),
    }
    },
    sent_because: |email| {
        format!(
            "Sent to {email} because somebody gave this address to an invitation link. If that was not you, do nothing."
        )
    },
};

fn span(hours: u32) -> String {
    match hours {
        1 => "1 hour".into(),
        24 => "24 hours".into(),
        hours if hours.is_multiple_of(24) => format!("{} days", hours / 24),
        hours => format!("{hours} hours"),
    }
}

/// The toast of a link that was switched off.
pub fn off(withdrawn: u32) -> (String, Option<String>) {
    let detail = match withdrawn {
        0 => None,
        1 => Some("1 open invitation was withdrawn.".into()),
        n => Some(format!("{n} open invitations were withdrawn.")),
    };
    ("Link switched off.".into(), detail)
}
