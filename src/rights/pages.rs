//! What is shown of rights.

pub mod preview;
