//! What can be done with a feature, and the levels that stand for usual sets of it (DESIGN.md section 1).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What can be done with a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// See it.
    View,
    /// Make a new one.
    Create,
    /// Change one.
    Update,
    /// Remove one.
    Delete,
    /// Take it away as a file.
    Download,
}

impl Action {
    /// Every action, in the order the console lists them.
    pub const ALL: [Self; 5] = [Self::View, Self::Create, Self::Update, Self::Delete, Self::Download];

    /// The name in the database, in forms and in the decision API.
    pub fn slug(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Download => "download",
        }
    }

    /// Whether it leaves everything as it is.
    pub fn reads(self) -> bool {
        matches!(self, Self::View | Self::Download)
    }
}

impl FromStr for Action {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|action| action.slug() == slug).ok_or(())
    }
}

/// A set of actions. Written as a list of their names.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Actions(u8);

impl Actions {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// All five.
    pub const ALL: Self = Self(0b1_1111);

    /// These.
    pub const fn of(actions: &[Action]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < actions.len() {
            bits |= 1 << actions[i] as u8;
            i += 1;
        }
        Self(bits)
    }

    /// Whether this one is among them.
    pub const fn has(self, action: Action) -> bool {
        self.0 & (1 << action as u8) != 0
    }

    /// Those that are in either set.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are in both sets.
    #[must_use]
    pub const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are not in the other set.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Each of them, in the console's order.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL.into_iter().filter(move |action| self.has(*action))
    }

    /// As a bit for each action: view is the lowest.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// From a bit for each action; bits that stand for none are dropped.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }
}

impl fmt::Debug for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl FromIterator<Action> for Actions {
    fn from_iter<T: IntoIterator<Item = Action>>(actions: T) -> Self {
        actions.into_iter().fold(Self::NONE, |set, action| set.with(Self::of(&[action])))
    }
}

impl Serialize for Actions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Actions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Action>::deserialize(deserializer)?.into_iter().collect())
    }
}

/// A usual set of actions (DESIGN.md section 1; seed 003's words).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Nothing.
    NoAccess,
    /// View.
    View,
    /// View and download.
    ViewAndDownload,
    /// View, create and update.
    Edit,
    /// All five.
    Full,
}

impl Level {
    /// Every level, the lowest first.
    pub const ALL: [Self; 5] = [Self::NoAccess, Self::View, Self::ViewAndDownload, Self::Edit, Self::Full];

    /// What it stands for.
    pub const fn actions(self) -> Actions {
        match self {
            Self::NoAccess => Actions::NONE,
            Self::View => Actions::of(&[Action::View]),
            Self::ViewAndDownload => Actions::of(&[Action::View, Action::Download]),
            Self::Edit => Actions::of(&[Action::View, Action::Create, Action::Update]),
            Self::Full => Actions::ALL,
        }
    }

    /// The lowest level that stands for this set on a feature that offers only some of the actions; none where the set is of
    /// nobody's making but its own.
    pub fn of(actions: Actions, offered: Actions) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.actions().within(offered) == actions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_knows_its_members() {
        let set = Actions::of(&[Action::View, Action::Download]);
        assert!(set.has(Action::View) && set.has(Action::Download) && !set.has(Action::Delete));
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"["view","download"]"#);
        assert_eq!(serde_json::from_str::<Actions>(r#"["download","view","view"]"#).unwrap(), set);
        assert!(serde_json::from_str::<Actions>(r#"["manage"]"#).is_err(), "what is unknown is no right");
        assert_eq!(Actions::from_bits(0xff), Actions::ALL);
    }

    #[test]
    fn a_level_is_found_again() {
        for level in Level::ALL {
            assert_eq!(Level::of(level.actions(), Actions::ALL), Some(level));
        }
        let reports = Level::ViewAndDownload.actions();
        assert_eq!(Level::of(reports, reports), Some(Level::ViewAndDownload), "Full comes to the same there");
        assert_eq!(Level::of(Actions::of(&[Action::Delete]), Actions::ALL), None);
    }
}
