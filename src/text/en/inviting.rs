//! English.

use crate::text::inviting::Inviting;

pub static INVITING: Inviting = Inviting {
    accepted_subject: |workspace| format!("Your account at {workspace} is ready"),
    accepted_body: "Your registration was accepted. Sign in with your address and the password that you have chosen.",
    rejected_subject: |workspace| format!("Your registration at {workspace} was not accepted"),
    rejected_body: "Your registration was looked at and not accepted. If you think this is a mistake, ask whoever invited you.",
};
