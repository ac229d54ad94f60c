//! The upload of a file, as a plain form posts it, and the files that are downloaded.

use axum::{
    Extension,
    extract::{Multipart, Path, multipart::Field},
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;
use tokio::{
    sync::{Semaphore, mpsc},
    time::{Duration, timeout},
};
use uuid::Uuid;

use super::{
    model::{FileFlaw, MOST_BYTES},
    service::{self, Options},
};
use crate::{
    access::Category,
    error::{AppError, Refusal},
    paths,
    platform::{context::Context, csv::download, fault::Fault, http::refused},
};

/// How long an upload may pause.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is read of a file that is too large, so that its sender hears why it is refused.
const MOST_DRAINED: usize = 4 * MOST_BYTES;

/// Files that one server reads at once; whoever comes next waits for their turn.
static READING: Semaphore = Semaphore::const_new(4);

/// Takes a file in, and leads to its dry run.
pub async fn receive(kind: Category, cx: Context, form: Multipart) -> Response {
    // Whoever goes away meanwhile leaves nothing behind.
    let taken = tokio::spawn(async move { (cx.answer(take(kind, &cx, form).await), cx) }).await;
    match taken {
        Ok((Ok(Ok(id)), _)) => Redirect::to(&paths::import(kind, id)).into_response(),
        Ok((Ok(Err(flaw)), _)) => {
            let (word, about) = flaw.write();
            Redirect::to(&paths::refused_file(kind, word, &about)).into_response()
        }
        Ok((Err(error), _)) => refused(&error),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn take(kind: Category, cx: &Context, mut form: Multipart) -> Result<Result<Uuid, FileFlaw>, Fault> {
    // Before a byte is read.
    service::ask(cx, cx.signed_in()?, kind, false)?;
    let _turn = READING.acquire().await.map_err(|error| Fault::Other(error.to_string()))?;
    let mut options = Options::default();
    let mut read = Err(FileFlaw::NoFile);
    let mut begun = None;
    loop {
        let field = match timeout(PATIENCE, form.next_field()).await {
            Ok(Ok(Some(field))) => field,
            Ok(Ok(None)) => break,
            _ => {
                read = Err(FileFlaw::Broken);
                break;
            }
        };
        match field.name() {
            Some("existing") => options.update_existing = word(field).await == "update",
            Some("new_password") => options.new_password = word(field).await == "true",
            Some("file") if begun.is_none() => {
                let name = field.file_name().unwrap_or_default().to_owned();
                if name.is_empty() {
                    continue;
                }
                let id = service::begin_upload(cx, kind, &name).await?;
                begun = Some(id);
                let (sender, pieces) = mpsc::channel(8);
                let (staged, whole) = tokio::join!(service::stage(cx, kind, id, pieces), pour(field, sender));
                read = match (staged, whole) {
                    (Err(fault), _) => {
                        service::forget_upload(cx, id).await;
                        return Err(fault);
                    }
                    (_, Err(flaw)) => Err(flaw),
                    (Ok(staged), Ok(())) => staged,
                };
            }
            _ => drop(word(field).await),
        }
    }
    let checked = match (read, begun) {
        (Ok(taken), Some(id)) => service::check_rows(cx, kind, id, &taken, options).await.map(|()| Ok(id)),
        (Ok(_), None) => Ok(Err(FileFlaw::NoFile)),
        (Err(flaw), _) => Ok(Err(flaw)),
    };
    if let (Some(id), Err(_) | Ok(Err(_))) = (begun, &checked) {
        service::forget_upload(cx, id).await;
    }
    checked
}

/// Hands a file on piece by piece, and to its end even where nobody takes it: a browser hears no answer before.
async fn pour(mut field: Field<'_>, pieces: mpsc::Sender<service::Piece>) -> Result<(), FileFlaw> {
    let (mut size, mut pieces) = (0, Some(pieces));
    loop {
        let piece = match timeout(PATIENCE, field.chunk()).await {
            Ok(Ok(Some(piece))) => piece,
            Ok(Ok(None)) if size > MOST_BYTES => return Err(FileFlaw::TooLarge),
            Ok(Ok(None)) => return Ok(()),
            _ => {
                if let Some(pieces) = pieces {
                    let _ = pieces.send(Err(())).await;
                }
                return Err(FileFlaw::Broken);
            }
        };
        size += piece.len();
        if size > MOST_DRAINED {
            return Err(FileFlaw::TooLarge);
        }
        if size > MOST_BYTES {
            pieces = None;
        }
        if let Some(open) = &pieces
            && open.send(Ok(piece.to_vec())).await.is_err()
        {
            pieces = None;
        }
    }
}

/// The value of a field that is a word.
async fn word(mut field: Field<'_>) -> String {
    let mut word = Vec::new();
    while let Ok(Ok(Some(piece))) = timeout(PATIENCE, field.chunk()).await {
        let room = 64_usize.saturating_sub(word.len());
        word.extend_from_slice(&piece[..piece.len().min(room)]);
    }
    String::from_utf8(word).unwrap_or_default()
}

/// The template of a kind.
pub async fn template(kind: Category, Extension(cx): Extension<Context>) -> Response {
    let name = if kind == Category::Customer { "customers.csv" } else { "users.csv" };
    match cx.answer(service::template_csv(&cx, kind)) {
        Ok(bytes) => download(name, bytes),
        Err(error) => refused(&error),
    }
}

/// The result of an import.
pub async fn result(kind: Category, Extension(cx): Extension<Context>, Path(id): Path<Uuid>) -> Response {
    match cx.answer(service::result_csv(&cx, kind, id).await) {
        Ok(bytes) => download("import.csv", bytes),
        Err(error) => refused(&error),
    }
}

/// A form that is none.
pub fn not_a_form() -> Response {
    refused(&AppError::Refused(Refusal::BadForm))
}
