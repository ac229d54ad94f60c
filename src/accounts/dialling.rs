//! Country codes of telephone numbers, as ITU-T has assigned them (the list of E.164 country codes). A number whose code nobody has is
//! mistyped. How the rest is made differs from country to country and changes, so it is not judged, but for the one plan that begins with
//! 1 and is the same everywhere: three digits for the area, seven for the line, neither beginning with 0 or 1.

/// Country codes of two digits.
const OF_TWO: &[u16] = &[
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62,
    63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
];

/// Country codes of three digits, from and to.
const OF_THREE: &[(u16, u16)] = &[
    (211, 213),
    (216, 216),
    (218, 218),
    (220, 258),
    (260, 269),
    (290, 291),
    (297, 299),
    (350, 359),
    (370, 378),
    (380, 383),
    (385, 387),
    (389, 389),
    (420, 421),
    (423, 423),
    (500, 509),
    (590, 599),
    (670, 670),
    (672, 683),
    (685, 692),
    (850, 850),
    (852, 853),
    (855, 856),
    (870, 870),
    (880, 883),
    (886, 886),
    (960, 968),
    (970, 977),
    (979, 979),
    (992, 996),
    (998, 998),
];

/// Whether digits, without their `+`, begin as a number somewhere does.
pub fn is_assigned(digits: &str) -> bool {
    let first = |n: usize| digits.get(..n).and_then(|code| code.parse::<u16>().ok());
    if let Some(rest) = digits.strip_prefix('1') {
        let begins = |at: usize| rest.as_bytes().get(at).is_some_and(|digit| (b'2'..=b'9').contains(digit));
        return rest.len() == 10 && begins(0) && begins(3);
    }
    digits.starts_with('7')
        || first(2).is_some_and(|code| OF_TWO.contains(&code))
        || first(3).is_some_and(|code| OF_THREE.iter().any(|(from, to)| (*from..=*to).contains(&code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_world() {
        for good in [
            "4512345678",
            "12125550123",
            "18765550123",
            "74951234567",
            "442079460000",
            "8613800138000",
            "5511987654321",
            "2348012345678",
            "353861234567",
            "97150123456",
            "6421123456",
            "99890123456",
            "35679123456",
            "508551234",
        ] {
            assert!(is_assigned(good), "{good}");
        }
        for bad in [
            "2101234567",
            "99912345678",
            "8011234567",
            "1212555012",
            "10125550123",
            "12121550123",
            "3841234567",
            "0123456789",
            "",
        ] {
            assert!(!is_assigned(bad), "{bad}");
        }
    }

    #[test]
    fn no_code_is_the_beginning_of_another() {
        for (from, to) in OF_THREE {
            assert!((*from..=*to).all(|code| !OF_TWO.contains(&(code / 10)) && code / 100 != 1 && code / 100 != 7));
        }
    }
}
