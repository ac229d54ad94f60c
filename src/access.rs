//! Who may do what. `decide` is the only place where access is decided; the server, the pages and the decision API ask the
//! same function over the same snapshot.

mod action;
mod ceiling;
mod decide;
mod difference;
mod explain;
mod extent;
mod facts;
mod feature;
mod role;
mod snapshot;
mod suggest;
#[cfg(test)]
mod written;

pub use action::{Action, Actions, Level};
pub use ceiling::{covers, covers_everything, covers_on, holds_api, reads_captured_mail, stands_above};
pub use decide::{Decision, Denial, Question, Reach, decide};
pub use difference::{Apis, Change, Changed, Comparison, On, Told, When};
pub use explain::{Explanation, ReachedBy, Refused, Way, explain};
pub use extent::{Extent, extent};
pub use facts::{
    ApiFacts, ApiScope, AssignmentFacts, FeatureFacts, GrantFacts, GroupFacts, OrganizationFacts, Permissions,
    RegionFacts, RoleFacts, SubjectFacts, WorkspaceFacts,
};
pub use feature::{Feature, concerns_apis};
pub use role::{BuiltIn, Category, RoleRef, Template};
pub use snapshot::{AccessSnapshot, Subject};
pub use suggest::{Remedy, remedies};
