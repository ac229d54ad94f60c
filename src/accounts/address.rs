//! The one normal form of an address (PITFALLS.md 9): what makes two spellings the same address.

use unicode_normalization::UnicodeNormalization;

use crate::{accounts::model::check_address, error::Problem};

/// An address in both forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// As typed, white space at the ends dropped: for showing.
    pub shown: String,
    /// Normal form: compatibility-composed (NFKC), lower case, the domain in ASCII (IDNA 2008, UTS 46). Unique in a
    /// workspace, and where mail goes.
    pub key: String,
}

/// Reads an address as a person types it.
///
/// # Errors
/// What is wrong with it.
pub fn read_address(typed: &str) -> Result<Address, Problem> {
    let shown = typed.trim().to_owned();
    let normal: String = shown.nfkc().collect::<String>().to_lowercase().nfkc().collect();
    // Only now, since compatibility forms of @ and of forbidden characters are what they stand for.
    let (local, domain) = check_address(&normal)?.split_once('@').ok_or(Problem::AddressShape)?;
    let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| Problem::AddressDomain)?;
    Ok(Address { key: format!("{local}@{ascii}"), shown })
}

/// What stands behind the @ of an address in its normal form.
pub fn domain_of(key: &str) -> &str {
    key.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// Whether an address in its normal form is of one of these domains; where there are none, all are.
pub fn is_within(key: &str, domains: &[String]) -> bool {
    domains.is_empty() || domains.iter().any(|allowed| allowed == domain_of(key))
}

/// Reads a domain as a person types it, into the form that it has in the normal form of an address.
///
/// # Errors
/// `Problem::Domain` when it is none.
pub fn read_domain(typed: &str) -> Result<String, Problem> {
    let domain = typed.trim();
    let address = read_address(&format!("x@{}", domain.strip_prefix('@').unwrap_or(domain)));
    address.ok().and_then(|it| Some(it.key.split_once('@')?.1.to_owned())).ok_or(Problem::Domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(typed: &str) -> Option<String> {
        read_address(typed).ok().map(|address| address.key)
    }

    #[test]
    fn pitfall_9_twins_of_one_address_have_one_key() {
        let zofia = Some("zofia@example.test".to_owned());
        for twin in
            ["zofia@example.test", " ZOFIA@Example.TEST ", "ｚｏｆｉａ＠ｅｘａｍｐｌｅ.test", "Zofia@EXAMPLE.test"]
        {
            assert_eq!(key(twin), zofia, "{twin}");
        }
        // Composed and decomposed accents, and a domain in both of its forms.
        assert_eq!(key("jose\u{301}@bücher.test"), key("JOSÉ@xn--bcher-kva.test"));
        assert_ne!(key("jose@bücher.test"), key("josé@bücher.test"), "an accent makes another address");
        assert_eq!(key("a@under_score.test"), None);
    }

    #[test]
    fn domains_are_read_as_in_addresses() {
        for (typed, domain) in
            [("Hansa.test", "hansa.test"), (" @bücher.test", "xn--bcher-kva.test"), ("ｈａｎｓａ.test", "hansa.test")]
        {
            assert_eq!(read_domain(typed).as_deref(), Ok(domain), "{typed}");
        }
        for bad in ["", "@", "hansa", "a@hansa.test", "*.hansa.test", "hansa..test", "under_score.test", "a b.test"] {
            assert_eq!(read_domain(bad), Err(Problem::Domain), "{bad}");
        }
    }
}
