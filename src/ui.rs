//! The design system: components that every page is made of. They hold no prose; callers pass texts of the catalogue.

pub mod avatar;
pub mod badge;
pub mod button;
pub mod changes;
pub mod choices;
pub mod choose;
pub mod colour;
pub mod dialog;
pub mod door;
pub mod drawer;
pub mod error_page;
pub mod fields;
pub mod figures;
pub mod form;
#[cfg(debug_assertions)]
pub mod gallery;
pub mod gates;
pub mod icon;
pub mod list;
pub mod live;
pub mod load;
pub mod matrix;
pub mod menu;
pub mod modal;
pub mod once;
pub mod page;
pub mod password;
pub mod search_pick;
pub mod shell;
pub mod table;
pub mod toast;
pub mod when;
