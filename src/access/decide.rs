//! The one decision.

use serde::{Deserialize, Serialize};

use super::{Action, Feature, Role};

/// Who asks: what the decision needs to know of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Neither disabled nor removed.
    pub active: bool,
    /// The role held.
    pub role: Role,
}

/// The answer, with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was asked: to do this …
    pub action: Action,
    /// … with this.
    pub feature: Feature,
    /// What decided it.
    pub reason: Reason,
}

/// The path that allowed it, or what is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The role permits it.
    Permitted(Role),
    /// The account is not active.
    NotActive,
    /// The account is active, but its role does not permit it.
    RoleLacks(Role),
}

impl Decision {
    /// Whether it may be done.
    pub fn allowed(&self) -> bool {
        matches!(self.reason, Reason::Permitted(_))
    }
}

/// Decides whether `subject` may do `action` with `feature`. Pure and total: what is not permitted is refused.
pub fn decide(subject: &Subject, action: Action, feature: Feature) -> Decision {
    let reason = if !subject.active {
        Reason::NotActive
    } else if subject.role.permits(action, feature) {
        Reason::Permitted(subject.role)
    } else {
        Reason::RoleLacks(subject.role)
    };
    Decision { action, feature, reason }
}

/// The grant ceiling: nobody gives, changes or takes away what they do not hold. Compares what the roles permit, not
/// their names (PITFALLS.md 11); ownership itself is held by owners alone (PITFALLS.md 29).
pub fn ceiling(giver: &Subject, role: Role) -> bool {
    giver.active && giver.role.covers(role) && (role != Role::Owner || giver.role == Role::Owner)
}

/// Whether captured mail may be read: it holds links that open accounts, so it is for owners alone (DESIGN.md section 3).
pub fn reads_captured_mail(subject: &Subject) -> bool {
    subject.active && subject.role == Role::Owner
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_case() -> impl Strategy<Value = (Subject, Action, Feature)> {
        (
            any::<bool>(),
            proptest::sample::select(&Role::ALL[..]),
            proptest::sample::select(&Action::ALL[..]),
            proptest::sample::select(&Feature::ALL[..]),
        )
            .prop_map(|(active, role, action, feature)| (Subject { active, role }, action, feature))
    }

    /// The rules as DESIGN.md and the seeds write them, once more and naively.
    fn written_rules(subject: &Subject, action: Action) -> bool {
        let by_role = match subject.role {
            Role::Owner => true,
            Role::Administrator => true,
            Role::Visitor => matches!(action, Action::View),
            Role::Member => false,
        };
        subject.active && by_role
    }

    proptest! {
        #[test]
        fn agrees_with_the_written_rules((subject, action, feature) in any_case()) {
            prop_assert_eq!(decide(&subject, action, feature).allowed(), written_rules(&subject, action));
        }

        #[test]
        fn who_is_not_active_may_nothing((mut subject, action, feature) in any_case()) {
            subject.active = false;
            prop_assert_eq!(decide(&subject, action, feature).reason, Reason::NotActive);
            prop_assert!(!ceiling(&subject, subject.role));
        }

        #[test]
        fn nobody_gives_more_than_they_hold((subject, action, feature) in any_case(), given in proptest::sample::select(&Role::ALL[..])) {
            if ceiling(&subject, given) && decide(&Subject { active: true, role: given }, action, feature).allowed() {
                prop_assert!(decide(&subject, action, feature).allowed());
            }
        }
    }

    #[test]
    fn the_ceiling_of_every_role() {
        let gives = |giver| Role::ALL.map(|role| ceiling(&Subject { active: true, role: giver }, role));
        assert_eq!(gives(Role::Owner), [true, true, true, true]);
        assert_eq!(gives(Role::Administrator), [false, true, true, true], "only an owner makes owners");
        assert_eq!(gives(Role::Member), [false, false, true, false]);
        assert_eq!(gives(Role::Visitor), [false, false, true, true]);
    }
}
