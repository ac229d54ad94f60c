//! The workspace's colour, and what can be read on it.

use crate::error::Problem;

/// A colour of sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

impl Colour {
    /// Black.
    pub const BLACK: Self = Self { red: 0, green: 0, blue: 0 };
    /// White.
    pub const WHITE: Self = Self { red: 255, green: 255, blue: 255 };

    /// Reads `#14424b`, `14424B` or `#abc`.
    ///
    /// # Errors
    /// `Problem::Colour` for anything else.
    pub fn read(typed: &str) -> Result<Self, Problem> {
        let typed = typed.trim();
        let digits = typed.strip_prefix('#').unwrap_or(typed);
        let parts: Option<Vec<u8>> =
            digits.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
        match parts.as_deref() {
            Some(&[r, g, b]) => Ok(Self { red: r * 17, green: g * 17, blue: b * 17 }),
            Some(&[r, s, g, h, b, c]) => Ok(Self { red: r * 16 + s, green: g * 16 + h, blue: b * 16 + c }),
            _ => Err(Problem::Colour),
        }
    }

    /// Relative luminance (WCAG 2.2), from 0 for black to 1 for white.
    pub fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// How far two colours stand apart (WCAG 2.2), from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Black or white, whichever is easier to read on it. One of the two is always above 4.5, which WCAG AA asks of text.
    pub fn ink(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) { Self::WHITE } else { Self::BLACK }
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn colours_are_read_as_people_write_them() {
        for (typed, read) in [("#14424b", "#14424b"), (" 14424B ", "#14424b"), ("#abc", "#aabbcc"), ("000", "#000000")]
        {
            assert_eq!(Colour::read(typed).map(|it| it.to_string()), Ok(read.to_owned()), "{typed}");
        }
        for bad in ["", "#", "red", "#12345", "#1234567", "#12 456", "#gggggg", "#１２３４５６", "url(x)"] {
            assert_eq!(Colour::read(bad), Err(Problem::Colour), "{bad}");
        }
    }

    #[test]
    fn extreme_colours_stay_readable() {
        for (colour, ink) in [
            ("#000000", Colour::WHITE),
            ("#ffffff", Colour::BLACK),
            ("#ffff00", Colour::BLACK),
            ("#00ff00", Colour::BLACK),
            ("#0000ff", Colour::WHITE),
            ("#ff0000", Colour::BLACK),
            ("#14424b", Colour::WHITE),
            // Where white and black are as far away: the least contrast that there is.
            ("#757575", Colour::WHITE),
            ("#767676", Colour::BLACK),
            ("#777777", Colour::BLACK),
        ] {
            let read = Colour::read(colour).unwrap();
            assert_eq!(read.ink(), ink, "{colour}");
            assert!(read.contrast(read.ink()) >= 4.5, "{colour}: {}", read.contrast(read.ink()));
        }
        assert!((Colour::BLACK.contrast(Colour::WHITE) - 21.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn every_colour_keeps_its_contrast(red: u8, green: u8, blue: u8) {
            let colour = Colour { red, green, blue };
            prop_assert!(colour.contrast(colour.ink()) >= 4.5);
            prop_assert_eq!(Colour::read(&colour.to_string()), Ok(colour));
        }
    }
}
