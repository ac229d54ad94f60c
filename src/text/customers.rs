//! The texts of customers.

/// The texts of customers in one language.
pub struct Customers {
    pub title: &'static str,
    pub lead: &'static str,
    pub caption: &'static str,
    pub new: &'static str,
    pub create: &'static str,
    pub search: &'static str,
    pub customer_id: &'static str,
    /// Seed 002, letter for letter.
    pub exactly: &'static str,
    /// Seed 002, letter for letter.
    pub automatically: &'static str,
    /// How many APIs serve the Customer ID.
    pub matching: fn(u32) -> String,
    pub groups: &'static str,
    pub groups_help: &'static str,
    pub groups_chosen: &'static str,
    pub none: &'static str,
    pub none_body: &'static str,
    pub none_found: &'static str,
    pub none_found_body: &'static str,
    /// Seed 002's name of the form.
    pub edit: &'static str,
    pub edit_of: fn(&str) -> String,
    pub apis: &'static str,
    pub apis_caption: &'static str,
    pub api: &'static str,
    pub why: &'static str,
    pub by_customer_id: &'static str,
    pub by_group: fn(&str) -> String,
    pub by_grant: &'static str,
    pub until: &'static str,
    pub no_apis: &'static str,
    pub more_apis: fn(u32) -> String,
    pub not_yours: &'static str,
    pub before_saving: &'static str,
    pub remove_of: fn(&str) -> String,
    pub remove_body: &'static str,
    pub loses_apis: fn(usize) -> String,
    pub keep: &'static str,
}
