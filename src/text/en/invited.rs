//! English: the list of invitations, its file, the review, and each invitation's own page.

use crate::{
    access::Category,
    error::{AppError, Refusal},
    invitations::model::{GonePart, What},
    mail::model::Delivery,
    text::invited::Invited,
    ui::{load::sentence, toast::Deed},
};

pub static INVITED: Invited = Invited {
    columns: [
        "Email",
        "Name",
        "Kind",
        "Role",
        "Organization",
        "Customer ID",
        "Invited at",
        "Valid until",
        "Status",
        "Invited by",
        "Delivery",
    ],
    delivery: |delivery| match delivery {
        Delivery::Queued => "Queued".into(),
        Delivery::Sent { .. } => "Sent".into(),
        Delivery::Captured { .. } => "Captured".into(),
        Delivery::Deferred { answer, .. } => format!("Deferred: {answer}"),
        Delivery::Failed { answer } => format!("Failed: {answer}"),
    },
    file_name: |day| format!("invitations-{day}.csv"),
    export: "Export CSV",
    kinds: "Kind of user",
    every_kind: "All",
    kind: |category| match category {
        Category::Teammate => "Users",
        Category::Organization => "Organization users",
        Category::Customer => "Customers",
    },
    no_end: "–",
    not_told: "Not notified",
    review: "Review",
    review_of: |email| format!("Review pending invitation for {email}"),
    review_tip: "Review pending invitation",
    activate_of: |email| format!("Resend Activation Email to {email}"),
    activate: "Resend Activation Email",
    choose: |email| format!("Select {email}"),
    choose_all: "Select all on this page",
    chosen: |n| format!("{n} selected"),
    with_chosen: "With those selected",
    resend: "Resend…",
    delete: "Delete…",
    resend_title: |n| if n == 1 { "Resend 1 invitation?".into() } else { format!("Resend {n} invitations?") },
    resend_body: "Each gets a new mail with a new link; the links in earlier mails stop working.",
    resend_yes: |n| if n == 1 { "Resend invitation".into() } else { format!("Resend {n} invitations") },
    delete_title: |n| if n == 1 { "Delete 1 invitation?".into() } else { format!("Delete {n} invitations?") },
    delete_body: "Their links stop working. The addresses can be invited again at any time.",
    delete_yes: |n| if n == 1 { "Delete invitation".into() } else { format!("Delete {n} invitations") },
    none_title: "Nothing to do",
    none_body: "None of the invitations that were selected allows this now. Select others in the list.",
    stays_because: |email, why| format!("{email} stays as it is: {why}"),
    more: |n| format!("and {n} more"),
    several: |deed, done, left, more| {
        let (verb, not) =
            if deed == Deed::Deleted { ("deleted", "Not deleted") } else { ("successfully sent", "Not sent") };
        let title = match done {
            0 => format!("{not}."),
            1 => format!("1 invitation was {verb}."),
            n => format!("{n} invitations were {verb}."),
        };
        let named: Vec<String> = left.iter().map(|(email, why)| format!("{email}: {}", reason(why))).collect();
        let more = if more == 0 { String::new() } else { format!(" And {more} more.") };
        let detail = (!named.is_empty()).then(|| format!("{not}: {}{more}", named.join(" ")));
        (title, detail)
    },
    review_title: |email| format!("Registration of {email}"),
    review_lead: "Whoever was invited has registered and waits. They get a mail, whatever you decide.",
    registered: "Registered as",
    registered_at: "Registered at",
    no_mobile: "None",
    accept: "Accept",
    accept_name: "ACCEPT",
    deny: "Deny",
    deny_name: "DENY",
    cancel_name: "CANCEL",
    deny_only: "You do not hold all that is offered, or some of it is not there any more: you can deny, but not accept.",
    too_late_title: "Nothing waits here",
    too_late: "This registration was decided in the meantime, or it is not yours to decide.",
    close: "Close",
    offered: "What is offered",
    areas: "Areas",
    apis: "APIs",
    groups: "Groups",
    no_groups: "None",
    customer_id: "Customer ID",
    no_customer_id: "None",
    region: "Region",
    organization: "Organization",
    until: "Ends",
    gone: |part| match part {
        GonePart::Group => "A group that is offered is not there any more. Nobody can accept this: invite anew.",
        GonePart::Organization => {
            "The organization that is offered is not there any more. Nobody can accept this: invite anew."
        }
        GonePart::Region => "The region that is offered is not there any more. Nobody can accept this: invite anew.",
        GonePart::Api => "An API that is offered is not there any more. Nobody can accept this: invite anew.",
    },
    sent_as: "The invitation",
    invited_by: "Invited by",
    by_link: "By an invitation link",
    message: "Message",
    account: "Account",
    open_account: "Open the account",
    chain: "Before and after",
    older: "The invitation that this one replaced",
    newer: "The invitation that replaced this one",
    timeline: "What has happened",
    what: |what, again| match what {
        What::Invited if again => "Invited again",
        What::Invited => "Invited",
        What::Queued => "Mail queued",
        What::Sent => "Mail sent",
        What::Deferred => "Mail deferred, to be tried again",
        What::Failed => "Mail refused",
        What::Opened => "Opened by a person",
        What::Completed => "Registration completed",
        What::Accepted => "Registration accepted",
        What::Denied => "Registration denied",
        What::Superseded => "Replaced by a new invitation",
        What::Reminded => "Reminded that it ends soon",
        What::Asked => "Asked for a new link",
        What::Held => "Acceptance held up",
    },
    by: |name| format!("by {name}"),
    times: |n| format!("{n} times"),
    held: |detail| match detail {
        "gone" => "Something that is offered is not there any more.",
        "inviter" => "Whoever invited may no longer give what is offered.",
        _ => "",
    },
    unopened: "Sent more than a day ago, and nobody has opened it.",
    unopened_body: "Ask the invitee to look into the spam folder. A new mail helps where the first was lost.",
    waits: |n| {
        if n == 1 { "1 registration waits for approval".into() } else { format!("{n} registrations wait for approval") }
    },
    waits_body: "Nobody can sign in to them before somebody accepts.",
    waits_go: "Review",
};

/// Why one of several was left as it is, told to whoever chose it.
fn reason(why: &AppError) -> String {
    match why {
        AppError::Refused(Refusal::AccountExists) => "this address has an account already.".into(),
        AppError::Refused(Refusal::AboveYou) => "it offers more than you hold.".into(),
        AppError::Refused(Refusal::NotNow) => "its status does not allow this any more.".into(),
        AppError::Refused(Refusal::NoSeat) => "every seat of your plan is taken.".into(),
        other => sentence(other).unwrap_or_default(),
    }
}
