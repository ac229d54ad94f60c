//! What is wrong with a row, and what with a file. The words are the catalogue's.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Column;

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flaw {
    /// Nothing is there.
    Missing,
    /// Longer than it may be.
    TooLong,
    /// Holds what cannot be part of it: NUL, a line break, a space in an address.
    Forbidden,
    /// Holds something that is no letter in the file's encoding.
    Unreadable,
    /// No @, or nothing on one of its sides.
    AddressShape,
    /// What follows the @ is no domain name.
    AddressDomain,
    /// More than one address.
    AddressSeveral,
    /// The same address stands in an earlier row, which the detail names.
    Twice,
    /// More cells than the head has.
    Cells,
    /// No such role.
    UnknownRole,
    /// The role is more than the importer holds.
    RoleAbove,
    /// No such group; the detail names it.
    UnknownGroup,
    /// The groups lead to more than the importer holds.
    GroupAbove,
    /// The Customer ID leads to more than the importer holds.
    CustomerAbove,
    /// The customer who is there has another one.
    OtherCustomer,
    /// Does not fulfil the rules.
    PasswordRules,
    /// The address belongs to a user of another kind.
    OtherKind,
    /// The address has an open invitation.
    Invited,
    /// Addresses of this domain are not invited here.
    MailDomain,
    /// Every seat is taken.
    NoSeat,
    /// Nobody changes themselves.
    Yourself,
    /// Holds more than the importer.
    AboveYou,
    /// Was there at the dry run, and is gone.
    Changed,
}

impl Flaw {
    const ALL: [Self; 23] = [
        Self::Missing,
        Self::TooLong,
        Self::Forbidden,
        Self::Unreadable,
        Self::AddressShape,
        Self::AddressDomain,
        Self::AddressSeveral,
        Self::Twice,
        Self::Cells,
        Self::UnknownRole,
        Self::RoleAbove,
        Self::UnknownGroup,
        Self::GroupAbove,
        Self::CustomerAbove,
        Self::OtherCustomer,
        Self::PasswordRules,
        Self::OtherKind,
        Self::Invited,
        Self::MailDomain,
        Self::NoSeat,
        Self::Yourself,
        Self::AboveYou,
        Self::Changed,
    ];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong => "too-long",
            Self::Forbidden => "forbidden",
            Self::Unreadable => "unreadable",
            Self::AddressShape => "address-shape",
            Self::AddressDomain => "address-domain",
            Self::AddressSeveral => "address-several",
            Self::Twice => "twice",
            Self::Cells => "cells",
            Self::UnknownRole => "unknown-role",
            Self::RoleAbove => "role-above",
            Self::UnknownGroup => "unknown-group",
            Self::GroupAbove => "group-above",
            Self::CustomerAbove => "customer-above",
            Self::OtherCustomer => "other-customer",
            Self::PasswordRules => "password-rules",
            Self::OtherKind => "other-kind",
            Self::Invited => "invited",
            Self::MailDomain => "mail-domain",
            Self::NoSeat => "no-seat",
            Self::Yourself => "yourself",
            Self::AboveYou => "above-you",
            Self::Changed => "changed",
        }
    }
}

impl FromStr for Flaw {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.slug() == slug).ok_or(())
    }
}

/// Why a file is not read at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileFlaw {
    /// No file was chosen.
    NoFile,
    /// It has no rows beneath its head.
    NoRows,
    /// It lacks columns.
    Heads(Vec<Column>),
    /// Two of its columns are the same.
    Twice(Column),
    /// It has more than `MOST_ROWS` rows.
    TooManyRows,
    /// It has more than `MOST_BYTES` bytes.
    TooLarge,
    /// A row is longer than any row is: a quote before it was not closed.
    Endless(i32),
    /// It is a workbook, not a CSV file.
    Workbook,
    /// It did not arrive whole.
    Broken,
}

impl FileFlaw {
    /// As the address of the page has it, so that a form without script can say it: a word, and what it is about.
    pub fn write(&self) -> (&'static str, String) {
        let words = |columns: &[Column]| columns.iter().map(|it| it.slug()).collect::<Vec<_>>().join(".");
        match self {
            Self::NoFile => ("no-file", String::new()),
            Self::NoRows => ("no-rows", String::new()),
            Self::Heads(columns) => ("heads", words(columns)),
            Self::Twice(column) => ("twice", column.slug().to_owned()),
            Self::TooManyRows => ("too-many-rows", String::new()),
            Self::TooLarge => ("too-large", String::new()),
            Self::Endless(row) => ("endless", row.to_string()),
            Self::Workbook => ("workbook", String::new()),
            Self::Broken => ("broken", String::new()),
        }
    }

    /// Reads it again; `None` for anything that was not written so.
    pub fn read(word: &str, about: &str) -> Option<Self> {
        match word {
            "no-file" => Some(Self::NoFile),
            "no-rows" => Some(Self::NoRows),
            "heads" => about.split('.').map(|slug| slug.parse().ok()).collect::<Option<_>>().map(Self::Heads),
            "twice" => about.parse().ok().map(Self::Twice),
            "too-many-rows" => Some(Self::TooManyRows),
            "too-large" => Some(Self::TooLarge),
            "endless" => about.parse().ok().map(Self::Endless),
            "workbook" => Some(Self::Workbook),
            "broken" => Some(Self::Broken),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for flaw in Flaw::ALL {
            assert_eq!(flaw.slug().parse(), Ok(flaw));
        }
        for flaw in [
            FileFlaw::NoFile,
            FileFlaw::NoRows,
            FileFlaw::Heads(vec![Column::Role, Column::Password]),
            FileFlaw::Twice(Column::Email),
            FileFlaw::TooManyRows,
            FileFlaw::TooLarge,
            FileFlaw::Endless(17),
            FileFlaw::Workbook,
            FileFlaw::Broken,
        ] {
            let (word, about) = flaw.write();
            assert_eq!(FileFlaw::read(word, &about), Some(flaw));
        }
        assert_eq!(FileFlaw::read("heads", "role.free text"), None);
        assert_eq!(FileFlaw::read("", ""), None);
    }
}
