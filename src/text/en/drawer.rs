//! English.

use crate::{access::Category, text::drawer::Drawer};

fn hours(hours: i64) -> String {
    match hours {
        1 => "1 hour".into(),
        168 => "7 days".into(),
        720 => "30 days".into(),
        hours => format!("{hours} hours"),
    }
}

fn addresses(count: usize) -> String {
    if count == 1 { "1 address".into() } else { format!("{count} addresses") }
}

pub static DRAWER: Drawer = Drawer {
    title: |kind| match kind {
        Category::Teammate => "Invite Users",
        Category::Organization => "Invite user",
        Category::Customer => "Invite Customers",
    },
    more_ways: "More ways to add people",
    add_teammate: "Add Teammate",
    send_invitation: "Send Invitation",
    imports: "Imports",
    tabs: "How to invite",
    by_email: "Invite by Email",
    by_link: "Invite by Link",
    by_import: "Bulk Import",
    block: |n| format!("Invitation {n}"),
    emails: "Email addresses",
    emails_help: "Type or paste as many as you like, up to 10,000. A semicolon, a comma, a space or Enter ends an address.",
    addresses: "Addresses",
    remove: |email| format!("Remove {email}"),
    will_be_invited: "will be invited",
    count: addresses,
    more: |count| format!("and {} more", addresses(count)),
    resend: "Resend",
    seats: |free, all| match free {
        1 => format!("1 of {all} seats is free."),
        free => format!("{free} of {all} seats are free."),
    },
    add_another: "Add Another",
    drop: |n| format!("Remove invitation {n}"),
    permissions: "Permissions",
    message: "Personal message",
    message_help: "It stands in the mail, above the link.",
    language: "Language of the mail",
    valid_until: "Valid until",
    usual: |usual| format!("{} after it is sent (as set for this workspace)", hours(usual)),
    hours: |it| format!("{} after it is sent", hours(it)),
    through_day: "The end of a day",
    day: "Last day",
    day_help: "The link works through this day, in UTC.",
    notify: "Notify User",
    notify_help: "Sends the mail now. Unticked, nobody is told: the invitation waits in the list until you choose Resend Activation Email.",
    notify_account: "Sends the account activation mail now. Unticked, the account waits as pending activation until you choose Resend Activation Email.",
    sum: |good, bad| match bad {
        0 => format!("{good} will be invited."),
        bad => format!("{good} will be invited, {bad} will not."),
    },
    valid_for: |it| format!("The link is valid for {}.", hours(it)),
    through_day_chosen: "The link is valid through the last day.",
    kept: "Nobody is told yet.",
    pending: "Pending activation",
    pending_body: "Nobody has chosen a password for this account yet. It counts in decisions, and nobody can sign in to it.",
    resend_activation: "Resend Activation Email",
    actions_of: |name| format!("Actions for {name}"),
};
