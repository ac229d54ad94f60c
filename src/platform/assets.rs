//! The files that the browser loads: script, WASM, style, icons. They come compressed and with a hash in their names from
//! `tools/bundle`; the server only hands out bytes.
//!
//! With the feature `embed` they are in the binary. Without it they are read once from the site folder: `PORTICO_SITE`,
//! or else `target/site`. Under `cargo leptos watch`, which sets `LEPTOS_SITE_ROOT` and writes plain names without a
//! manifest, they are read at every request, so that a change of style shows at once.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::extract;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, StatusCode};

#[cfg(feature = "embed")]
static EMBEDDED: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));
#[cfg(not(feature = "embed"))]
static EMBEDDED: &[Asset] = &[];

/// One file of the site, with a hash of its content in its name.
pub struct Asset {
    /// The name that pages ask for, such as `portico.css`.
    pub logical: &'static str,
    /// The name under `/pkg/`, such as `portico.0123456789abcdef.css`.
    pub name: &'static str,
    /// The content as it is.
    pub raw: &'static [u8],
    /// The content compressed with brotli, where that is smaller.
    pub brotli: Option<&'static [u8]>,
    /// The content compressed with gzip, where that is smaller.
    pub gzip: Option<&'static [u8]>,
}

/// All files of the site.
pub struct Assets {
    hashed: Vec<Asset>,
    /// The folder of a site with plain names.
    plain: Option<PathBuf>,
    /// Logical name and path under which a page finds the file.
    urls: Vec<(String, String)>,
}

/// The site of this process, loaded at the first call.
pub fn assets() -> &'static Assets {
    static ASSETS: OnceLock<Assets> = OnceLock::new();
    ASSETS.get_or_init(Assets::load)
}

/// Answers `GET` and `HEAD` of `/pkg/{name}`.
pub async fn serve(extract::Path(name): extract::Path<String>, headers: HeaderMap) -> Response {
    assets().respond(&name, &headers).await
}

impl Assets {
    fn load() -> Self {
        if !EMBEDDED.is_empty() {
            return Self::hashed(EMBEDDED.iter().map(Asset::copy).collect());
        }
        let folder = |variable| std::env::var_os(variable).map(PathBuf::from);
        if let (None, Some(site)) = (folder("PORTICO_SITE"), folder("LEPTOS_SITE_ROOT")) {
            return Self::plain(site);
        }
        let site = folder("PORTICO_SITE").unwrap_or_else(|| "target/site".into());
        match read_site(&site) {
            Ok(files) => Self::hashed(files),
            Err(error) => {
                tracing::warn!(site = %site.display(), %error, "no files for the browser here: run `make build`");
                Self::plain(site)
            }
        }
    }

    fn hashed(hashed: Vec<Asset>) -> Self {
        let url = |file: &Asset| (file.logical.to_owned(), format!("/pkg/{}", file.name));
        let urls = hashed.iter().map(url).collect();
        Self { hashed, plain: None, urls }
    }

    /// A site as cargo-leptos makes it: script, WASM and style in `site/pkg`, public files in `site`.
    fn plain(site: PathBuf) -> Self {
        let built = ["portico.css", "portico.js", "portico.wasm"].map(String::from);
        let public = site.read_dir().into_iter().flatten();
        let public = public.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let urls = built.into_iter().chain(public);
        Self {
            hashed: Vec::new(),
            urls: urls.map(|name| (name.clone(), format!("/pkg/{name}"))).collect(),
            plain: Some(site),
        }
    }

    /// The path of a file, by its logical name: `/pkg/portico.0123456789abcdef.css` for `portico.css`. A name that the
    /// site lacks is logged and gives a path that answers 404.
    pub fn url(&self, logical: &str) -> &str {
        self.find(logical).unwrap_or_else(|| {
            tracing::warn!(file = logical, "a page asks for a file that the site lacks");
            "/pkg/missing"
        })
    }

    /// The same for a file that the site may lack.
    pub fn find(&self, logical: &str) -> Option<&str> {
        self.urls.iter().find(|(name, _)| name == logical).map(|(_, url)| url.as_str())
    }

    async fn respond(&self, name: &str, headers: &HeaderMap) -> Response {
        if let Some(file) = self.hashed.iter().find(|file| file.name == name) {
            let (body, encoding) = file.encoded_for(headers);
            let cache = "public, max-age=31536000, immutable";
            return answer(name, Bytes::from_static(body), encoding, cache);
        }
        if let Some(site) = &self.plain
            && let Some(body) = read_plain(site, name).await
        {
            return answer(name, body.into(), None, "no-cache");
        }
        // Not kept by any cache: while versions change, another replica may have the file.
        (StatusCode::NOT_FOUND, [(CACHE_CONTROL, "no-store")]).into_response()
    }
}

impl Asset {
    fn copy(&self) -> Self {
        Self { ..*self }
    }

    /// The content in the form that the request likes best, with the name of its encoding.
    fn encoded_for(&self, headers: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
        let wanted = Wanted::from_headers(headers);
        let forms = [(self.brotli, Some("br"), wanted.brotli), (self.gzip, Some("gzip"), wanted.gzip)];
        let mut best = (self.raw, None, wanted.identity);
        for (body, encoding, quality) in forms {
            if let Some(body) = body
                && quality > best.2
            {
                best = (body, encoding, quality);
            }
        }
        (best.0, best.1)
    }
}

/// What a request's `Accept-Encoding` gives each form, in thousandths (RFC 9110, section 12.5.3).
struct Wanted {
    brotli: u16,
    gzip: u16,
    /// 0 unless named: what may be sent compressed is, and the plain form remains for whoever takes neither.
    identity: u16,
}

impl Wanted {
    fn from_headers(headers: &HeaderMap) -> Self {
        let (mut brotli, mut gzip, mut identity, mut others) = (None, None, None, None);
        for value in headers.get_all(ACCEPT_ENCODING) {
            for part in value.to_str().unwrap_or_default().split(',') {
                let (coding, parameters) = part.split_once(';').unwrap_or((part, ""));
                let quality = parse_quality(parameters);
                match coding.trim().to_ascii_lowercase().as_str() {
                    "br" => brotli = Some(quality),
                    "gzip" | "x-gzip" => gzip = Some(quality),
                    "identity" => identity = Some(quality),
                    "*" => others = Some(quality),
                    _ => {}
                }
            }
        }
        Self {
            brotli: brotli.or(others).unwrap_or(0),
            gzip: gzip.or(others).unwrap_or(0),
            identity: identity.unwrap_or(0),
        }
    }
}

/// The weight in `q=0.8`, in thousandths. None said means 1; what cannot be read means 0, so that nobody is sent what he
/// may not be able to unpack.
fn parse_quality(parameters: &str) -> u16 {
    let parameters = parameters.trim();
    if parameters.is_empty() {
        return 1000;
    }
    let weight = parameters
        .split_once('=')
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
        .and_then(|(_, weight)| weight.trim().parse::<f32>().ok())
        .filter(|weight| (0.0..=1.0).contains(weight));
    weight.map_or(0, |weight| (weight * 1000.0).round() as u16)
}

fn answer(name: &str, body: Bytes, encoding: Option<&'static str>, cache: &'static str) -> Response {
    let mut response = (
        [
            (CONTENT_TYPE, content_type(name)),
            (CACHE_CONTROL, cache),
            (VARY, "accept-encoding"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        body,
    )
        .into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// Reads the site that `tools/bundle` left in `site`. Its contents stay in memory for the life of the process.
fn read_site(site: &Path) -> std::io::Result<Vec<Asset>> {
    let manifest: &'static str = std::fs::read_to_string(site.join("manifest.txt"))?.leak();
    let pairs = manifest.lines().filter_map(|line| line.split_once(' '));
    pairs
        .map(|(logical, name)| {
            let read = |suffix| std::fs::read(site.join("pkg").join(format!("{name}{suffix}")));
            let leak = |content: Vec<u8>| -> &'static [u8] { content.leak() };
            Ok(Asset {
                logical,
                name,
                raw: leak(read("")?),
                brotli: read(".br").ok().map(leak),
                gzip: read(".gz").ok().map(leak),
            })
        })
        .collect()
}

async fn read_plain(site: &Path, name: &str) -> Option<Vec<u8>> {
    // The name comes decoded, so it may hold slashes: only a file right in one of the two folders is meant.
    let is_file_name = Path::new(name).file_name().is_some_and(|file| file == name);
    if !is_file_name || name.starts_with('.') {
        return None;
    }
    match tokio::fs::read(site.join("pkg").join(name)).await {
        Ok(content) => Some(content),
        Err(_) => tokio::fs::read(site.join(name)).await.ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Assets {
        Assets::hashed(vec![
            Asset {
                logical: "portico.css",
                name: "portico.12.css",
                raw: b"raw",
                brotli: Some(b"br"),
                gzip: Some(b"gz"),
            },
            Asset { logical: "dot.png", name: "dot.34.png", raw: b"png", brotli: None, gzip: None },
        ])
    }

    async fn get(assets: &Assets, name: &str, accept: &str) -> (StatusCode, HeaderMap, Bytes) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, accept.parse().unwrap());
        let (parts, body) = assets.respond(name, &headers).await.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, body)
    }

    #[tokio::test]
    async fn a_hashed_file_is_kept_for_ever() {
        let (status, headers, body) = get(&site(), "portico.12.css", "gzip, deflate, br").await;
        assert_eq!((status, body.as_ref()), (StatusCode::OK, b"br".as_slice()));
        assert_eq!(headers[CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(headers[CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(headers[CONTENT_ENCODING], "br");
        assert_eq!(headers[VARY], "accept-encoding");
        assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
    }

    #[tokio::test]
    async fn the_encoding_is_the_one_the_request_likes_best() {
        for (accept, expected) in [
            ("", "raw"),
            ("br", "br"),
            ("BR;Q=1.0", "br"),
            ("gzip", "gz"),
            ("gzip;q=1, br;q=0.2", "gz"),
            ("br;q=0, gzip", "gz"),
            ("br;q=0, gzip;q=0", "raw"),
            ("*", "br"),
            ("*;q=0.5, br;q=0", "gz"),
            ("identity, br;q=0.5", "raw"),
            ("identity;q=0.5, gzip;q=0.8", "gz"),
            ("br;q=x", "raw"),
            ("br;q=7", "raw"),
            ("zstd, deflate", "raw"),
        ] {
            let (_, headers, body) = get(&site(), "portico.12.css", accept).await;
            assert_eq!(body, expected, "{accept}");
            assert_eq!(headers.contains_key(CONTENT_ENCODING), expected != "raw", "{accept}");
        }
        let (_, headers, body) = get(&site(), "dot.34.png", "br, gzip").await;
        assert_eq!(body, "png");
        assert!(!headers.contains_key(CONTENT_ENCODING));
    }

    #[tokio::test]
    async fn only_hashed_names_are_served() {
        for name in ["portico.css", "portico.12.css.br", "", "..", "../manifest.txt"] {
            let (status, headers, _) = get(&site(), name, "br").await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{name}");
            assert_eq!(headers[CACHE_CONTROL], "no-store");
        }
    }

    #[test]
    fn pages_find_files_by_their_plain_names() {
        assert_eq!(site().url("portico.css"), "/pkg/portico.12.css");
        assert_eq!(site().url("nowhere.css"), "/pkg/missing");
    }

    #[tokio::test]
    async fn a_site_of_plain_names_is_read_anew_and_stays_in_its_folder() {
        let root = std::env::temp_dir().join(format!("portico-assets-{}", std::process::id()));
        let dir = root.join("site");
        std::fs::create_dir_all(dir.join("pkg")).unwrap();
        std::fs::write(dir.join("pkg/portico.css"), "one").unwrap();
        std::fs::write(dir.join("icons.svg"), "<svg/>").unwrap();
        std::fs::write(root.join("secret"), "secret").unwrap();

        let assets = Assets::plain(dir.clone());
        assert_eq!(assets.url("icons.svg"), "/pkg/icons.svg");
        assert_eq!(assets.url("portico.wasm"), "/pkg/portico.wasm");
        assert_eq!(get(&assets, "icons.svg", "br").await.2, "<svg/>");
        assert_eq!(get(&assets, "portico.css", "br").await.2, "one");
        std::fs::write(dir.join("pkg/portico.css"), "two").unwrap();
        let (_, headers, body) = get(&assets, "portico.css", "br").await;
        assert_eq!(body, "two");
        assert_eq!(headers[CACHE_CONTROL], "no-cache");
        for name in ["../secret", "../../secret", "/etc/passwd", "pkg", ".", ""] {
            assert_eq!(get(&assets, name, "br").await.0, StatusCode::NOT_FOUND, "{name}");
        }
        std::fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn a_bundled_site_is_read_from_its_manifest() {
        let site = std::env::temp_dir().join(format!("portico-manifest-{}", std::process::id()));
        std::fs::create_dir_all(site.join("pkg")).unwrap();
        assert!(read_site(&site).is_err());
        std::fs::write(site.join("manifest.txt"), "portico.js portico.7.js\n").unwrap();
        std::fs::write(site.join("pkg/portico.7.js"), "script").unwrap();
        std::fs::write(site.join("pkg/portico.7.js.br"), "br").unwrap();
        let files = read_site(&site).unwrap();
        assert_eq!(files[0].logical, "portico.js");
        assert_eq!(files[0].raw, b"script");
        assert_eq!((files[0].brotli, files[0].gzip), (Some(b"br".as_slice()), None));
        std::fs::remove_dir_all(&site).unwrap();
    }
}
