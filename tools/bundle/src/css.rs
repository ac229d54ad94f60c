//! The style sheet in one piece: its imports put in place, comments and indentation taken out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Reads the style sheet at `path` with every `@import "file.css";` replaced by that file. Imports stand on lines of
/// their own and name files beside the importing one; a layer or a condition behind the name is refused, since leaving
/// it out would change the meaning.
pub fn resolve(path: &Path) -> Result<String> {
    let mut whole = String::new();
    append(path, 0, &mut whole)?;
    Ok(shorten(&whole))
}

fn append(path: &Path, depth: usize, whole: &mut String) -> Result<()> {
    if depth > 8 {
        bail!("{} is imported in a circle", path.display());
    }
    let text = fs::read_to_string(path).with_context(|| format!("cannot read the style sheet {}", path.display()))?;
    for line in text.lines() {
        let Some(import) = line.trim_start().strip_prefix("@import") else {
            whole.push_str(line);
            whole.push('\n');
            continue;
        };
        let name = import.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix("\";"));
        let Some(name) = name.filter(|name| name.ends_with(".css")) else {
            bail!(
                "{}: write an import as @import \"file.css\"; and nothing else on the line, not: {line}",
                path.display()
            );
        };
        append(&path.with_file_name(name), depth + 1, whole)?;
    }
    Ok(())
}

/// Takes out comments, indentation and empty lines. Strings are kept as they are.
fn shorten(css: &str) -> String {
    let mut short = String::with_capacity(css.len());
    let mut rest = css;
    let mut quote = None;
    while let Some(next) = rest.chars().next() {
        if quote.is_none() && rest.starts_with("/*") {
            // A comment may be all that parts two words, so a space takes its place.
            rest = rest[2..].find("*/").map_or("", |end| &rest[2 + end + 2..]);
            if short.chars().last().is_some_and(|last| !last.is_whitespace()) {
                short.push(' ');
            }
            continue;
        }
        let length =
            if next == '\\' { 1 + rest[1..].chars().next().map_or(0, char::len_utf8) } else { next.len_utf8() };
        match next {
            '"' | '\'' if quote.is_none() => quote = Some(next),
            '"' | '\'' if quote == Some(next) => quote = None,
            _ => {}
        }
        if quote.is_none()
            && next.is_ascii_whitespace()
            && short.chars().last().is_none_or(|last| last.is_ascii_whitespace())
        {
            // A line's end says more than a space: it keeps the result readable in the browser's tools.
            if next == '\n' && short.ends_with(' ') {
                short.pop();
                short.push('\n');
            }
        } else {
            short.push_str(&rest[..length]);
        }
        rest = &rest[length..];
    }
    short
}

/// Points `/pkg/NAME` in the style sheet to the hashed name of that public file.
pub fn point_to(css: &str, hashed: &BTreeMap<String, String>) -> String {
    hashed.iter().fold(css.to_owned(), |css, (logical, hashed)| {
        css.replace(&format!("/pkg/{logical}"), &format!("/pkg/{hashed}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indentation_go_and_strings_stay() {
        let css =
            "/* a */\n:root {\n    --x: 1px; /* b */\n\n    content: \"/*  */\";\n}\n.a/**/.b { margin: 0 \\\" }\n";
        assert_eq!(shorten(css), ":root {\n--x: 1px;\ncontent: \"/*  */\";\n}\n.a .b { margin: 0 \\\" }\n");
    }

    #[test]
    fn imports_take_their_place_in_order() {
        let dir = std::env::temp_dir().join(format!("bundle-css-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("main.css"), "@import \"one.css\";\n@import \"two.css\";\n.main{}\n").unwrap();
        fs::write(dir.join("one.css"), ".one{}\n").unwrap();
        fs::write(dir.join("two.css"), ".two{}").unwrap();
        assert_eq!(resolve(&dir.join("main.css")).unwrap(), ".one{}\n.two{}\n.main{}\n");
        fs::write(dir.join("two.css"), "@import \"main.css\";").unwrap();
        assert!(resolve(&dir.join("main.css")).unwrap_err().to_string().contains("circle"));
        fs::write(dir.join("two.css"), "@import \"one.css\" layer(x);").unwrap();
        assert!(resolve(&dir.join("main.css")).is_err());
        fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn public_files_get_their_hashed_names() {
        let names = BTreeMap::from([("a.svg".to_owned(), "a.1.svg".to_owned())]);
        assert_eq!(point_to("x{mask:url(/pkg/a.svg)}", &names), "x{mask:url(/pkg/a.1.svg)}");
    }
}
