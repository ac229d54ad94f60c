//! What an account is made of, and the rules for its parts. The browser ticks them off, the server enforces them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::{RoleRef, SubjectFacts, WorkspaceFacts},
    accounts::dialling::is_assigned,
    error::{AppError, Problem, Problems},
};

/// One rule of the preset "Classic" (seed 004): at least 10 and at most 16 characters, lowercase and uppercase letters,
/// number and special character; the password and its confirmation must be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordRule {
    /// 10 to 16 characters.
    Length,
    /// A lowercase letter.
    Lower,
    /// An uppercase letter.
    Upper,
    /// A number.
    Digit,
    /// A special character: anything that is neither letter, number nor white space.
    Special,
    /// Both entries alike.
    Alike,
}

impl PasswordRule {
    /// The rules in the order they are shown.
    pub const ALL: [Self; 6] = [Self::Length, Self::Lower, Self::Upper, Self::Digit, Self::Special, Self::Alike];

    /// Whether the two entries fulfil the rule. Characters are counted as Unicode scalar values.
    pub fn met(self, password: &str, again: &str) -> bool {
        let any = |test: fn(char) -> bool| password.chars().any(test);
        match self {
            Self::Length => (10..=16).contains(&password.chars().count()),
            Self::Lower => any(char::is_lowercase),
            Self::Upper => any(char::is_uppercase),
            Self::Digit => any(char::is_numeric),
            Self::Special => any(|c| !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control()),
            Self::Alike => !password.is_empty() && password == again,
        }
    }
}

/// Both entries of a new password, checked against every rule.
pub fn check_password(problems: &mut Problems, password: &str, again: &str) {
    let broken = |rule: &PasswordRule| !rule.met(password, again);
    if PasswordRule::ALL.iter().filter(|rule| **rule != PasswordRule::Alike).any(broken) {
        let problem = if password.is_empty() { Problem::Missing } else { Problem::PasswordRules };
        problems.take::<()>("password", Err(problem));
    }
    if broken(&PasswordRule::Alike) {
        let problem = if again.is_empty() { Problem::Missing } else { Problem::PasswordDiffers };
        problems.take::<()>("again", Err(problem));
    }
}

/// A person's name as typed: one line of 1 to 120 characters, white space at the ends dropped and inside joined.
pub fn check_name(typed: &str) -> Result<String, Problem> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Problem::Missing),
        // A line break is white space and joined above; what is left of control characters would reach mail headers.
        _ if name.chars().any(char::is_control) => Err(Problem::Forbidden),
        1..=120 => Ok(name),
        _ => Err(Problem::TooLong),
    }
}

/// A mobile number in the form of ITU-T E.164: `+`, the country code and the rest, 8 to 15 digits. Spaces, dots,
/// hyphens, slashes and brackets may be typed and are dropped; the country code is one that is assigned. Nothing typed is no number.
pub fn check_mobile(typed: &str) -> Result<Option<String>, Problem> {
    let kept: String = typed.chars().filter(|c| !c.is_whitespace() && !"-./()".contains(*c)).collect();
    if kept.is_empty() {
        return Ok(None);
    }
    let digits = kept.strip_prefix('+').ok_or(Problem::Mobile)?;
    let shaped = (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && is_assigned(digits);
    shaped.then_some(Some(kept)).ok_or(Problem::Mobile)
}

/// The shape of an address: one `@` with something before it, and after it a domain with a dot. The server checks the
/// domain further when it normalises the address.
pub fn check_address(typed: &str) -> Result<&str, Problem> {
    let address = typed.trim();
    if address.is_empty() {
        return Err(Problem::Missing);
    }
    if address.matches('@').count() > 1 || address.contains([';', ',']) {
        return Err(Problem::AddressSeveral);
    }
    if address.chars().count() > 254 {
        return Err(Problem::TooLong);
    }
    if address.chars().any(|c| c.is_control() || c.is_whitespace() || "<>\"()[]\\:".contains(c)) {
        return Err(Problem::Forbidden);
    }
    let (local, domain) = address.split_once('@').ok_or(Problem::AddressShape)?;
    if local.is_empty() || domain.is_empty() || local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err(Problem::AddressShape);
    }
    let labels_fine =
        domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    if !domain.contains('.') || !labels_fine {
        return Err(Problem::AddressDomain);
    }
    Ok(address)
}

/// Who is signed in, as the pages need to know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The user's id.
    pub id: Uuid,
    /// The full name.
    pub full_name: String,
    /// The address.
    pub email: String,
    /// The roles held, each once.
    pub roles: Vec<RoleRef>,
    /// The slug of the region that is looked at; none for all.
    pub region: Option<String>,
    /// As much of the workspace's rights as the console needs.
    pub workspace: WorkspaceFacts,
    /// What they hold.
    pub rights: SubjectFacts,
}

/// What the sign-in form sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    /// The address as typed.
    pub email: String,
    /// The password.
    pub password: String,
    /// Where to go afterwards: a local path.
    #[serde(default)]
    pub next: String,
}

/// What signing out sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOutForm {
    /// Where to go afterwards: a local path; nothing for the sign-in page.
    #[serde(default)]
    pub back: String,
}

/// What the page of a new password sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPasswordForm {
    /// The new password.
    pub password: String,
    /// The password again.
    pub again: String,
}

/// What the owner's set-up page sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnerForm {
    /// The one-time token of the printed link.
    pub token: String,
    /// The workspace's name.
    #[serde(default)]
    pub workspace: String,
    /// Full name.
    pub full_name: String,
    /// Address, chosen by the owner.
    pub email: String,
    /// Password.
    pub password: String,
    /// The password again.
    pub again: String,
}

/// The checked form of an owner's details.
#[derive(Clone, Debug)]
pub struct NewOwner {
    /// The workspace's new name; none where it keeps its own.
    pub workspace: Option<String>,
    /// Full name.
    pub full_name: String,
    /// Address as typed, shape checked.
    pub email: String,
    /// Password that fulfils the rules.
    pub password: String,
}

impl OwnerForm {
    /// Checks every field and reports all mistakes at once.
    pub fn check(&self) -> Result<NewOwner, AppError> {
        let mut problems = Problems::default();
        let named = Some(&self.workspace).filter(|name| !name.trim().is_empty()).map(|name| check_name(name));
        let workspace = problems.take("workspace", named.transpose());
        let full_name = problems.take("full_name", check_name(&self.full_name));
        let email = problems.take("email", check_address(&self.email).map(str::to_owned));
        check_password(&mut problems, &self.password, &self.again);
        match (workspace, full_name, email, problems.error()) {
            (Some(workspace), Some(full_name), Some(email), None) => {
                Ok(NewOwner { workspace, full_name, email, password: self.password.clone() })
            }
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

/// A path of ours to go to after signing in; anything that could lead elsewhere becomes the dashboard
/// (PITFALLS.md 20: `//evil`, `/\evil`, `https:evil`, encoded ones).
pub fn local_path(next: &str) -> &str {
    let bytes = next.as_bytes();
    let local = bytes.first() == Some(&b'/')
        && !matches!(bytes.get(1), Some(b'/' | b'\\'))
        && bytes.iter().all(|b| b.is_ascii_graphic() && *b != b'\\')
        && !next.to_ascii_lowercase().contains("%5c")
        && !next.to_ascii_lowercase().contains("/%2f");
    if local { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn password_error(password: &str, again: &str) -> Option<AppError> {
        let mut problems = Problems::default();
        check_password(&mut problems, password, again);
        problems.error()
    }

    #[test]
    fn seed_004_password_rules() {
        assert_eq!(password_error("Harbour-2026", "Harbour-2026"), None);
        for (password, rule) in [
            ("Harbor-26", PasswordRule::Length),
            ("Harbour-2026-Light", PasswordRule::Length),
            ("HARBOUR-2026", PasswordRule::Lower),
            ("harbour-2026", PasswordRule::Upper),
            ("Harbour-light", PasswordRule::Digit),
            ("Harbour2026x", PasswordRule::Special),
        ] {
            assert!(!rule.met(password, password), "{password} breaks {rule:?}");
            let broken = PasswordRule::ALL.iter().filter(|r| !r.met(password, password)).count();
            assert_eq!(broken, 1, "{password} breaks {rule:?} alone");
            assert_eq!(
                password_error(password, password).and_then(|e| e.problem("password")),
                Some(Problem::PasswordRules)
            );
        }
        let differs = password_error("Harbour-2026", "Harbour-2027");
        assert_eq!(differs.and_then(|e| e.problem("again")), Some(Problem::PasswordDiffers));
    }

    #[test]
    fn addresses() {
        for good in ["a@b.test", "  zofia+api@hansa-shipping.test ", "陳大文@例え.テスト", "o'neil@x.y.test"] {
            assert!(check_address(good).is_ok(), "{good}");
        }
        for (bad, problem) in [
            ("", Problem::Missing),
            ("zofia", Problem::AddressShape),
            ("@kestrel.test", Problem::AddressShape),
            ("陳大文@kestrel", Problem::AddressDomain),
            ("a@b..test", Problem::AddressDomain),
            ("a@b.test;c@d.test", Problem::AddressSeveral),
            ("a@b.test\r\nBcc: x@y.test", Problem::AddressSeveral),
            ("a\r\nb@c.test", Problem::Forbidden),
            ("Zofia <z@k.test>", Problem::Forbidden),
        ] {
            assert_eq!(check_address(bad), Err(problem), "{bad}");
        }
    }

    #[test]
    fn mobile_numbers() {
        assert_eq!(check_mobile(""), Ok(None));
        assert_eq!(check_mobile(" +49 (0170) 123-45"), Ok(Some("+49017012345".into())));
        assert_eq!(check_mobile("+45 12 34 56 78"), Ok(Some("+4512345678".into())));
        for bad in
            ["0170 1234567", "+0123456789", "+12", "+1234567890123456", "+999 1234 5678", "+45 12 34 56 7x", "ring me"]
        {
            assert_eq!(check_mobile(bad), Err(Problem::Mobile), "{bad}");
        }
    }

    #[test]
    fn pitfall_20_next_takes_local_paths_only() {
        for good in ["/", "/users?q=abc&sort=-name", "/invitations"] {
            assert_eq!(local_path(good), good);
        }
        for evil in [
            "//evil",
            "/\\evil",
            "https:evil",
            "https://evil",
            "evil",
            "",
            "/%5cevil",
            "/%2Fevil",
            "/\tevil",
            "/a\r\nb",
            "\\evil",
        ] {
            assert_eq!(local_path(evil), "/", "{evil:?}");
        }
    }

    proptest! {
        #[test]
        fn names_never_hold_control_characters(typed in ".*") {
            if let Ok(name) = check_name(&typed) {
                prop_assert!(!name.chars().any(char::is_control));
                prop_assert_eq!(check_name(&name), Ok(name.clone()));
            }
        }

        #[test]
        fn good_addresses_hold_one_at_and_no_header_breaks(typed in ".*") {
            if let Ok(address) = check_address(&typed) {
                prop_assert_eq!(address.matches('@').count(), 1);
                prop_assert!(!address.contains(['\r', '\n', '<', '>', ' ']));
            }
        }
    }
}
