//! What a workspace is.

use serde::{Deserialize, Serialize};

/// What every page shows of the workspace it is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// The workspace's name.
    pub name: String,
    /// Its own colour, as `#rrggbb`: the mark, the sign-in ground and the mail.
    pub colour: String,
}
