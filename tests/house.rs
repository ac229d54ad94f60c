//! The house's rules, held over the source tree (CONTRIBUTING.md says them in words). It reads files and nothing else.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Lines that a file may have. One that grows past this has a second subject.
const MOST_LINES: usize = 450;
/// Files that may be longer: lists of texts.
const LONG: [&str; 2] = ["src/text.rs", "src/text/en.rs"];

/// Folders of `src` that are no capabilities, or have fewer rooms than one.
const NOT_ALL_ROOMS: [(&str, &str); 8] = [
    ("access", "the decision: pure, and asked by services and pages alike"),
    ("audit", "written by services; has no page yet"),
    ("keys", "made on the command line: no server function, no page"),
    ("rest", "thin adapters for machines: no page, no server function, no table"),
    ("platform", "what capabilities stand on"),
    ("text", "the catalogue"),
    ("ui", "the design system"),
    ("workspaces", "made on the command line: no server function, no page"),
];

/// Hosts of package registries, and folders of one machine: whoever clones has others.
const NOT_OURS: [&str; 8] = [
    "index.crates.io",
    "static.crates.io",
    "crates.io-index",
    "registry.npmjs.org",
    "deb.debian.org",
    "pypi.org",
    "/work/",
    "/root/",
];

/// One file of the tree.
struct Source {
    /// Path from the root, with slashes.
    path: String,
    text: String,
}

impl Source {
    /// The lines that are compiled into the program, numbered: no comments, no tests.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let program = self.text.lines().take_while(|line| *line != "mod tests {");
        program.enumerate().map(|(i, line)| (i + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    fn is_store(&self) -> bool {
        self.name() == "store.rs" || self.path.contains("/store/")
    }

    fn is_page(&self) -> bool {
        self.name() == "page.rs" || self.path.contains("/pages/")
    }
}

/// Every text file that could be committed: what `.gitignore` names is left out.
fn tree() -> Vec<Source> {
    let root = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
    let ignore = fs::read_to_string(root.join(".gitignore")).unwrap();
    let ignored: Vec<&str> = ignore.lines().map(|line| line.trim_matches('/')).chain([".git"]).collect();
    let mut files = Vec::new();
    walk(&root, &root, &ignored, &mut files);
    assert!(files.iter().any(|file| file.path == "src/lib.rs"), "{} is not the checkout", root.display());
    files
}

fn walk(root: &Path, folder: &Path, ignored: &[&str], files: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let below = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if ignored.iter().any(|name| *name == below || entry.file_name() == *name) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            walk(root, &path, ignored, files);
        } else if let Ok(text) = fs::read_to_string(&path) {
            files.push(Source { path: below, text });
        }
    }
}

/// The program's own Rust.
fn program() -> Vec<Source> {
    tree().into_iter().filter(|file| file.is_in("src/") && file.path.ends_with(".rs")).collect()
}

/// Fails with every place where `wrong` says so.
fn nowhere(rule: &str, files: &[Source], wrong: impl Fn(&Source, &str) -> bool) {
    let found: Vec<String> = files
        .iter()
        .flat_map(|file| file.code().map(move |(number, line)| (file, number, line)))
        .filter(|(file, _, line)| wrong(file, line))
        .map(|(file, number, line)| format!("  {}:{number}: {}", file.path, line.trim()))
        .collect();
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

/// The identifiers of a line.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// What follows each place where `part` begins as a word of its own.
fn after<'a>(line: &'a str, part: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(part)
        .filter(|(at, _)| !line[..*at].ends_with(|c: char| c.is_alphanumeric() || "_-".contains(c)))
        .map(move |(at, _)| &line[at + part.len()..])
}

#[test]
fn sql_is_in_store_and_platform_only() {
    // A service may hold a connection and pass it on, no more.
    let passed_on = |rest: &str| ["PgConnection", "PgPool", "Error"].contains(&words(rest).next().unwrap_or_default());
    nowhere("SQL belongs in store.rs", &program(), |file, line| {
        let may = file.is_store() || file.is_in("src/platform/");
        !may && after(line, "sqlx::").any(|rest| rest.starts_with('{') || !passed_on(rest))
    });
    nowhere("text becomes SQL only in store.rs", &program(), |file, line| {
        !file.is_store() && words(line).any(|word| ["AssertSqlSafe", "QueryBuilder"].contains(&word))
    });
}

#[test]
fn the_way_goes_from_page_to_api_to_service_to_store() {
    nowhere("a room calls the next one only", &program(), |file, line| {
        let calls = |room: &str| after(line, room).any(|rest| rest.starts_with("::"));
        match file.name() {
            "model.rs" => ["service", "store", "api", "sqlx"].into_iter().any(calls),
            "store.rs" => ["service", "api"].into_iter().any(calls),
            "service.rs" => calls("api"),
            "api.rs" => calls("store"),
            _ => file.is_page() && ["service", "store"].into_iter().any(calls),
        }
    });
}

#[test]
fn every_capability_has_the_rooms() {
    let files = program();
    let text = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.as_str());
    let modules =
        text("src/lib.rs").unwrap().lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    for module in modules {
        let is_folder = files.iter().any(|file| file.is_in(&format!("src/{module}/")));
        if !is_folder || NOT_ALL_ROOMS.iter().any(|(name, _)| *name == module) {
            continue;
        }
        let rooms = text(&format!("src/{module}.rs")).unwrap();
        let has = |room: &str| rooms.contains(&format!("pub mod {room};"));
        for room in ["model", "api"] {
            assert!(has(room), "src/{module} lacks {room}.rs");
        }
        assert!(has("pages") || has("page"), "src/{module} lacks its pages");
        for room in ["service", "store"] {
            let on_the_server = format!("#[cfg(feature = \"ssr\")]\npub mod {room};");
            assert!(rooms.contains(&on_the_server), "src/{module} lacks {room}.rs, or has it in the browser too");
        }
    }
    for (name, _) in NOT_ALL_ROOMS {
        assert!(text(&format!("src/{name}.rs")).is_some(), "src/{name} is gone: take it from NOT_ALL_ROOMS");
    }
    assert!(!files.iter().any(|file| file.name() == "mod.rs"), "a folder's module is name.rs beside it, not mod.rs");
}

#[test]
fn pages_come_with_their_sections() {
    nowhere("a page comes with its section, and src/sections.rs is where it is named", &program(), |file, line| {
        file.path == "src/app.rs" && ["page::", "pages::"].iter().any(|room| line.contains(room))
    });
    nowhere(
        "each way to read a type is code of its own in the browser: ui::load::resource has one",
        &program(),
        |file, line| file.path != "src/ui/load.rs" && line.contains("Resource::new"),
    );
}

#[test]
fn nothing_is_shown_unescaped() {
    nowhere("markup comes from view! only", &program(), |file, line| {
        file.path != "src/app.rs" && words(line).any(|word| word == "inner_html")
    });
    let shell = program().into_iter().find(|file| file.path == "src/app.rs").unwrap();
    let places = shell.code().filter(|(_, line)| line.contains("inner_html")).count();
    assert!(places <= 2, "src/app.rs writes the two scripts that ask for the WASM and start it, and nothing else");
}

#[test]
fn nothing_has_a_style_of_its_own() {
    nowhere("the Content-Security-Policy refuses style attributes: use a class", &program(), |_, line| {
        let directive = |rest: &str| {
            let name = rest.trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '-');
            rest != name && name.starts_with('=')
        };
        after(line, "style=").next().is_some() || after(line, "style:").any(directive)
    });
}

#[test]
fn errors_cross_as_app_error() {
    nowhere("server functions answer AppError", &program(), |_, line| words(line).any(|word| word == "ServerFnError"));
}

#[test]
fn addresses_are_written_once() {
    let is_path = |rest: &str| rest.starts_with(|c: char| c.is_ascii_lowercase());
    nowhere("addresses belong in src/paths.rs", &program(), |file, line| {
        let attribute = ["href=", "action=", "src="].into_iter().flat_map(|name| after(line, name));
        let linked = attribute.map(|value| value.trim_start_matches("format!(")).any(|value| value.starts_with("\"/"));
        let room = file.is_page() || ["api.rs", "service.rs"].contains(&file.name());
        let written = room && line.split("\"/").skip(1).any(is_path);
        file.path != "src/paths.rs" && (linked || written)
    });
}

#[test]
fn nothing_is_left_for_later() {
    nowhere("no shortcuts on the way of a request", &program(), |_, line| {
        let shortcuts = [".unwrap()", ".expect(\"", "todo!(", "unimplemented!(", "dbg!(", "#[allow(", "#![allow("];
        shortcuts.into_iter().any(|shortcut| line.contains(shortcut))
    });
}

#[test]
fn files_have_one_subject() {
    let ours = |file: &Source| {
        let kind = file.name().rsplit('.').next().unwrap_or_default();
        ["rs", "sh", "css", "sql", "ts"].contains(&kind) && !LONG.contains(&file.path.as_str())
    };
    let long: Vec<String> = tree()
        .iter()
        .filter(|file| ours(file))
        .map(|file| (file.text.lines().count(), &file.path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("  {path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "a file of more than {MOST_LINES} lines has two subjects:\n{}", long.join("\n"));
}

#[test]
fn every_text_is_used() {
    let files = tree();
    let texts = files.iter().filter(|file| file.is_in("src/text") && !file.is_in("src/text/en"));
    let readers: Vec<&Source> = files
        .iter()
        .filter(|file| file.is_in("src/") || file.is_in("templates/"))
        .filter(|file| !file.is_in("src/text.rs"))
        .collect();
    // A text is used where its group is at hand: `text().users`, or a mail's template, which is given `mail`.
    let reads = |file: &Source, group: &str, text: &str| {
        let has = |name: &str| {
            let dotted = format!(".{name}");
            file.text
                .match_indices(&dotted)
                .any(|(at, _)| !file.text[at + dotted.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        };
        let at_hand =
            group.is_empty() || group == "text" || has(group) || (group == "mail" && file.is_in("templates/"));
        at_hand && has(text)
    };
    let mut unused = Vec::new();
    for file in texts {
        // A part is held by a variable whose name is not always its own.
        let is_part = file.path != "src/text.rs";
        let mut group = String::new();
        for line in file.text.lines() {
            if let Some(name) = line.strip_prefix("pub struct ").filter(|_| !is_part) {
                group = name.trim_end_matches(" {").to_lowercase();
            } else if let Some((text, _)) = line.strip_prefix("    pub ").and_then(|rest| rest.split_once(':'))
                && !text.contains("fn ")
                && !readers.iter().any(|file| reads(file, &group, text))
            {
                unused.push(format!("  {group}.{text}"));
            }
        }
    }
    assert!(unused.is_empty(), "texts that nothing shows:\n{}", unused.join("\n"));
}

#[test]
fn nothing_of_one_machine_is_committed() {
    let found: Vec<String> = tree()
        .iter()
        .filter(|file| file.path != "tests/house.rs")
        .flat_map(|file| file.text.lines().enumerate().map(move |(i, line)| (file, i + 1, line)))
        .flat_map(|(file, number, line)| {
            // Cargo writes the name of its own registry.
            let cargos = |needle: &str| file.name() == "Cargo.lock" && needle == "crates.io-index";
            let found = NOT_OURS.into_iter().filter(move |needle| !cargos(needle) && line.contains(needle));
            found.map(move |needle| format!("  {}:{number}: {needle}", file.path))
        })
        .collect();
    assert!(found.is_empty(), "names of registries and of folders of one machine:\n{}", found.join("\n"));
}
