//! English: what is said to who comes by a link.

use crate::text::welcome::Welcome;

pub static WELCOME: Welcome = Welcome {
    as_customer: "As a customer",
    organization: "Organization",
    groups: "Groups",
    says: |name| format!("{name} says"),
    mobile_required: "With its country code, as in +45 12 34 56 78. It is needed here.",
    missing_mobile: "your mobile number",
    dead_body: "It may have been replaced by a newer one or withdrawn, or its time is over. Look for a newer mail first. If there is \
                none, ask for a new link.",
    ask: "Send me a new link",
    ask_help: "The person who invited you is asked. Nobody is told who you are but them.",
    asked: "We asked. If this address can be invited, a mail comes.",
    used_title: "This invitation is completed",
    used_body: "It was used to create an account. Sign in with the address that was invited and the password that was chosen.",
    waits_title: "Your registration waits for approval",
    waits_body: "It is complete. You get a mail as soon as somebody has looked at it; there is nothing more to do until then.",
    held_title: "This invitation cannot be completed now",
    signed_in_as: |email| format!("You are signed in as {email}. The link may be meant for another address."),
    to_dashboard: "Go to Dashboard",
    reminder_subject: |inviter, workspace| format!("Reminder: {inviter} invites you to {workspace}"),
    reminder_body: "Your invitation ends soon. Choose a name and a password, and your account is ready. The link of the first mail \
                    works as well.",
    asked_subject: |email| format!("{email} asks for a new invitation link"),
    asked_body: "The link does not work any more. If they should still get in, resend the invitation; if not, there is nothing to do.",
    held_subject: |email| format!("{email} cannot accept the invitation"),
    held_gone: "They tried to, but a group, an organization, a region or an API that it offers is not there any more. Delete the \
                invitation and make a new one.",
    held_inviter: |inviter| {
        format!(
            "They tried to, but {inviter} can no longer give what it offers. Somebody who holds it can resend the invitation."
        )
    },
    invited_by: "Invited by",
    open_invitations: "Open Invitations",
    sent_to_you: |email, workspace| format!("Sent to {email} because you can invite people to {workspace}."),
};
