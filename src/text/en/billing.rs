//! English: Billing.

use crate::{text::billing::Billing, workspaces::model::Plan};

fn name(plan: Plan) -> &'static str {
    match plan {
        Plan::Free => "Free",
        Plan::Pro => "Pro",
        Plan::Enterprise => "Enterprise",
    }
}

pub static BILLING: Billing = Billing {
    title: "Billing",
    lead: "Your plan, its seats, and what each plan has.",
    plan: name,
    your_plan: "Your plan",
    plan_hint: |plan| match plan {
        Plan::Free => "Everything but invitations and rights by API.",
        Plan::Pro => "With invitations. Rights by API come with Enterprise.",
        Plan::Enterprise => "Everything, with as many seats as are agreed.",
    },
    seats: "Seats",
    seats_taken: |taken, seats| format!("{taken} of {seats} seats"),
    seats_help: "Active, pending and waiting teammates take a seat. Organization users and customers take none.",
    full: "Every seat is taken.",
    full_body: "Nobody can be invited or enabled until somebody is removed or disabled, an invitation is deleted or ends, or \
                the plan has more seats.",
    active: "Active",
    pending: "Pending",
    waiting: "Waiting",
    active_help: "Teammates who can sign in",
    pending_help: "Invitations that can be accepted",
    waiting_help: "Accepted, not yet let in",
    compare: "What each plan has",
    feature: "What",
    invitations: "Invitations",
    rights_by_api: "Rights by API",
    teammates: "Teammates",
    up_to: |seats, adjustable| if adjustable { format!("{seats}, adjustable") } else { format!("Up to {seats}") },
    yes: "Yes",
    no: "No",
    current: "Yours",
    operator: "To change the plan, ask your operator.",
    operator_body: "They set it on the server, with:",
    no_invitations: "Invitations come with Pro and Enterprise.",
    no_invitations_body: |plan| {
        format!(
            "This workspace is on {plan}, so nobody can be invited and no invitation can be sent again. Ask your operator for \
             another plan."
        )
    },
    see: "See plans",
};
