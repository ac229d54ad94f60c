//! The columns of a file: how each is called, also by people who do not read the template.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::access::Category;

/// A column that means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Column {
    /// The address.
    Email,
    /// Full name; where it is empty, the address's part before the @ stands for it.
    FullName,
    /// Role.
    Role,
    /// A customer's Customer ID.
    CustomerId,
    /// Groups, several parted by `;`.
    Group,
    /// Password; where it is empty, a link to set one is mailed.
    Password,
}

impl Column {
    const ALL: [Self; 6] = [Self::Email, Self::FullName, Self::Role, Self::CustomerId, Self::Group, Self::Password];

    /// The head in the template.
    pub fn head(self) -> &'static str {
        match self {
            Self::Email => "Email",
            Self::FullName => "Full name",
            Self::Role => "Role",
            Self::CustomerId => "Customer ID",
            Self::Group => "Group",
            Self::Password => "Password",
        }
    }

    /// The name in the database and in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::FullName => "full-name",
            Self::Role => "role",
            Self::CustomerId => "customer-id",
            Self::Group => "group",
            Self::Password => "password",
        }
    }

    /// What else people call it, without anything but letters and digits.
    fn synonyms(self) -> &'static [&'static str] {
        match self {
            Self::Email => &["emailaddress", "mail", "mailaddress", "address", "useremail", "username", "login"],
            Self::FullName => &["name", "displayname", "fullusername"],
            Self::Role => &["roles", "userrole", "permission"],
            Self::CustomerId => &["customer", "customerno", "customernumber", "customernr"],
            Self::Group => &["groups", "usergroup", "usergroups", "team", "teams"],
            Self::Password => &["pass", "passwd", "initialpassword", "newpassword"],
        }
    }

    /// The column that a head names, whatever its case, spaces and hyphens.
    pub fn of_head(head: &str) -> Option<Self> {
        let plain: String = head.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let own = |it: &Self| {
            it.head().chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).eq(plain.chars())
        };
        Self::ALL.into_iter().find(|it| own(it) || it.synonyms().contains(&plain.as_str()))
    }
}

impl FromStr for Column {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.slug() == slug).ok_or(())
    }
}

/// The columns of a kind's template, each with whether a file needs it (seed 002: Role and Password; the Customer ID for customers).
pub fn columns(kind: Category) -> [(Column, bool); 5] {
    let third = if kind == Category::Customer { Column::CustomerId } else { Column::Role };
    [(Column::Email, true), (Column::FullName, false), (third, true), (Column::Group, false), (Column::Password, true)]
}

/// The template: a head and nothing else, so that nobody imports an example.
pub fn template(kind: Category) -> Vec<&'static str> {
    columns(kind).iter().map(|(column, _)| column.head()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_the_templates() {
        assert_eq!(template(Category::Teammate).join(","), "Email,Full name,Role,Group,Password");
        assert_eq!(template(Category::Customer).join(","), "Email,Full name,Customer ID,Group,Password");
    }

    #[test]
    fn pitfall_32_heads_are_known_in_any_case_and_by_other_names() {
        for (head, column) in [
            ("EMAIL", Column::Email),
            (" e-mail address ", Column::Email),
            ("Full Name", Column::FullName),
            ("full_name", Column::FullName),
            ("customer_id", Column::CustomerId),
            ("CUSTOMER ID", Column::CustomerId),
            ("Groups", Column::Group),
            ("Initial password", Column::Password),
        ] {
            assert_eq!(Column::of_head(head), Some(column), "{head}");
        }
        for none in ["", "Telephone", "Ro", "名前"] {
            assert_eq!(Column::of_head(none), None, "{none}");
        }
        for column in Column::ALL {
            assert_eq!(Column::of_head(column.head()), Some(column));
            assert_eq!(column.slug().parse(), Ok(column));
        }
    }
}
