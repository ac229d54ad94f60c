//! Tokens, their hashes, and the key that seals queued mail.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};

/// Random bytes from the operating system. A machine without randomness cannot go on safely.
pub fn random<const N: usize>() -> [u8; N] {
    use rand::TryRng;
    let mut bytes = [0; N];
    if let Err(error) = rand::rngs::SysRng.try_fill_bytes(&mut bytes) {
        tracing::error!(%error, "the operating system gives no random numbers");
        std::process::abort();
    }
    bytes
}

/// A secret that a link or a cookie carries: its workspace's public id, a dot, and 256 random bits in base64url.
/// Shown once; only its hash is stored. It has no `Debug` that would show it.
pub struct Token {
    text: String,
    hash: Vec<u8>,
}

impl Token {
    /// A new one for a workspace.
    pub fn new(workspace_public_id: &str) -> Self {
        let text = format!("{workspace_public_id}.{}", URL_SAFE_NO_PAD.encode(random::<32>()));
        let hash = hash(&text);
        Self { text, hash }
    }

    /// Reads one that somebody brought. `None` unless it has the exact shape and belongs to the workspace, so that a
    /// stranger's text never reaches the database.
    pub fn read(text: &str, workspace_public_id: &str) -> Option<Self> {
        let secret = text.strip_prefix(workspace_public_id)?.strip_prefix('.')?;
        let bytes = URL_SAFE_NO_PAD.decode(secret).ok()?;
        (bytes.len() == 32).then(|| Self { text: text.to_owned(), hash: hash(text) })
    }

    /// The secret itself, for the one place that hands it over.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// What is stored.
    pub fn hash(&self) -> &[u8] {
        &self.hash
    }
}

fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// The key of this instance. It seals what must wait in the database but not be readable there.
#[derive(Clone)]
pub struct InstanceKey(XChaCha20Poly1305);

impl InstanceKey {
    /// From 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn from_hex(text: &str) -> Result<Self, String> {
        let wrong = || "PORTICO_INSTANCE_KEY is not 64 hexadecimal digits; `openssl rand -hex 32` makes one".to_owned();
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong());
        }
        let bytes: Vec<u8> = (0..32)
            .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16))
            .collect::<Result<_, _>>()
            .map_err(|_| wrong())?;
        XChaCha20Poly1305::new_from_slice(&bytes).map(Self).map_err(|_| wrong())
    }

    /// The key kept in the data folder, made there the first time. Only its owner can read the file.
    ///
    /// # Errors
    /// When the file cannot be read, made or understood.
    pub fn in_folder(data_dir: &Path) -> Result<Self, String> {
        let path = data_dir.join("instance.key");
        let told = |error: io::Error| format!("cannot keep the instance key in {}: {error}", path.display());
        fs::create_dir_all(data_dir).map_err(told)?;
        let made: String = random::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
        // Written aside and linked into place, so that a kill in between leaves no half key, and two first starts agree.
        let aside = data_dir.join(format!("instance.key.{}", std::process::id()));
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside).map_err(told)?;
        file.write_all(made.as_bytes()).and_then(|()| file.sync_all()).map_err(told)?;
        match fs::hard_link(&aside, &path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(told(error)),
            _ => fs::remove_file(&aside).map_err(told)?,
        }
        Self::from_hex(&fs::read_to_string(&path).map_err(told)?)
            .map_err(|_| format!("{} does not hold an instance key", path.display()))
    }

    /// Seals bytes so that only this instance opens them again, and only for the same `purpose`.
    pub fn seal(&self, purpose: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let nonce = random::<24>();
        let sealed = self.0.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: purpose }).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what `seal` sealed; `None` when it was altered, or sealed with another key or for another purpose.
    pub fn open(&self, purpose: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
        self.0.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: purpose }).ok()
    }
}

/// A public id for a workspace: 8 characters of RFC 4648 base32 in lower case.
pub fn public_id() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    random::<8>().iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitfall_1_an_edited_token_is_another_token() {
        let token = Token::new("abcdefgh");
        assert!(token.expose().len() > 50);
        let mut flipped = token.expose().as_bytes().to_vec();
        flipped[12] = if flipped[12] == b'A' { b'B' } else { b'A' };
        let flipped = String::from_utf8(flipped).unwrap();
        assert_ne!(Token::read(&flipped, "abcdefgh").unwrap().hash(), token.hash());
        assert_eq!(Token::read(token.expose(), "abcdefgh").unwrap().hash(), token.hash());
        for bad in ["", "abcdefgh", "abcdefgh.", "abcdefgh.AAAA", "abcdefgh.!", &token.expose()[1..]] {
            assert!(Token::read(bad, "abcdefgh").is_none(), "{bad}");
        }
        assert!(Token::read(token.expose(), "zzzzzzzz").is_none(), "another workspace's");
    }

    #[test]
    fn what_is_sealed_opens_for_the_same_key_and_purpose_only() {
        let key = InstanceKey::from_hex(&"ab".repeat(32)).unwrap();
        let mut sealed = key.seal(b"one", b"the link").unwrap();
        assert_eq!(key.open(b"one", &sealed).unwrap(), b"the link");
        assert!(key.open(b"two", &sealed).is_none());
        assert!(InstanceKey::from_hex(&"cd".repeat(32)).unwrap().open(b"one", &sealed).is_none());
        *sealed.last_mut().unwrap() ^= 1;
        assert!(key.open(b"one", &sealed).is_none());
        assert!(key.open(b"one", b"short").is_none());
    }
}
