//! Who may do what. `decide` is the only place where access is decided; the server and the pages ask the same function.

mod decide;
mod feature;
mod role;

pub use decide::{Decision, Reason, Subject, ceiling, decide, reads_captured_mail};
pub use feature::{Action, Feature};
pub use role::Role;
