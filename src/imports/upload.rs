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
    service::{self, Options, Taken},
};
use crate::{
    access::Category,
    error::{AppError, Refusal},
    paths,
    platform::{
        context::Context,
        csv::{download, download_in_pieces},
        fault::Fault,
        http::refused,
    },
};

/// How long an upload may pause.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long an upload may take as a whole: the largest file at 100 kB a second.
const MOST_TIME: Duration = Duration::from_secs(600);

/// What is read of a form that is too large, so that its sender hears why it is refused.
const MOST_DRAINED: usize = 4 * MOST_BYTES;

/// Files that one server reads at once; whoever comes next waits for their turn.
static READING: Semaphore = Semaphore::const_new(4);

/// Takes a file in, and leads to its dry run.
pub async fn receive(kind: Category, cx: Context, form: Multipart) -> Response {
    // Whoever goes away meanwhile leaves nothing behind.
    let taken = tokio::spawn(async move { (cx.answer(take(kind, &cx, form).await), cx) }).await;
    match taken {
        Ok((Ok(Ok(id)), _)) => Redirect::to(&paths::import(kind, id)).into_response(),
        Ok((Ok(Err((flaw, options))), _)) => {
            let (word, about) = flaw.write();
            let chosen = (options.update_existing, options.new_password);
            Redirect::to(&paths::refused_file(kind, word, &about, chosen)).into_response()
        }
        Ok((Err(error), _)) => refused(&error),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn take(kind: Category, cx: &Context, mut form: Multipart) -> Result<Result<Uuid, (FileFlaw, Options)>, Fault> {
    // Before a byte is read.
    service::ask(cx, cx.signed_in()?, kind, false)?;
    let _turn = READING.acquire().await.map_err(|error| Fault::Other(error.to_string()))?;
    let mut options = Options::default();
    let mut begun = None;
    let read = timeout(MOST_TIME, read_form(kind, cx, &mut form, &mut options, &mut begun)).await;
    let checked = match (read.unwrap_or(Ok(Err(FileFlaw::Broken))), begun) {
        (Ok(Ok(taken)), Some(id)) => service::check_rows(cx, kind, id, &taken, options).await.map(|()| Ok(id)),
        (Ok(Ok(_)), None) => Ok(Err((FileFlaw::NoFile, options))),
        (Ok(Err(flaw)), _) => Ok(Err((flaw, options))),
        (Err(fault), _) => Err(fault),
    };
    if let (Some(id), Err(_) | Ok(Err(_))) = (begun, &checked) {
        service::forget_upload(cx, id).await;
    }
    checked
}

/// Reads the fields, and the file as it comes; `begun` is the import that its rows are kept for.
async fn read_form(
    kind: Category,
    cx: &Context,
    form: &mut Multipart,
    options: &mut Options,
    begun: &mut Option<Uuid>,
) -> Result<Result<Taken, FileFlaw>, Fault> {
    let (mut read, mut size) = (Err(FileFlaw::NoFile), 0);
    loop {
        let field = match timeout(PATIENCE, form.next_field()).await {
            Ok(Ok(Some(field))) => field,
            Ok(Ok(None)) => return Ok(read),
            _ => return Ok(Err(FileFlaw::Broken)),
        };
        match field.name() {
            Some("existing") => options.update_existing = word(field, &mut size).await == "update",
            Some("new_password") => options.new_password = word(field, &mut size).await == "true",
            Some("file") if begun.is_none() && field.file_name().is_some_and(|name| !name.is_empty()) => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let id = service::begin_upload(cx, kind, &name).await?;
                *begun = Some(id);
                let (sender, pieces) = mpsc::channel(8);
                let (staged, whole) =
                    tokio::join!(service::stage(cx, kind, id, pieces), pour(field, sender, &mut size));
                read = match (staged?, whole) {
                    (_, Err(flaw)) => Err(flaw),
                    (staged, Ok(())) => staged,
                };
            }
            _ => drop(word(field, &mut size).await),
        }
        if size > MOST_DRAINED {
            return Ok(Err(FileFlaw::TooLarge));
        }
    }
}

/// Hands a file on piece by piece, and to its end even where nobody takes it: a browser hears no answer before. `size` is what was read
/// of the whole form.
async fn pour(mut field: Field<'_>, pieces: mpsc::Sender<service::Piece>, size: &mut usize) -> Result<(), FileFlaw> {
    let (before, mut pieces) = (*size, Some(pieces));
    loop {
        let piece = match timeout(PATIENCE, field.chunk()).await {
            Ok(Ok(Some(piece))) => piece,
            Ok(Ok(None)) if *size - before > MOST_BYTES => return Err(FileFlaw::TooLarge),
            Ok(Ok(None)) => return Ok(()),
            _ => {
                if let Some(pieces) = pieces {
                    let _ = pieces.send(Err(())).await;
                }
                return Err(FileFlaw::Broken);
            }
        };
        *size += piece.len();
        if *size > MOST_DRAINED {
            return Err(FileFlaw::TooLarge);
        }
        if *size - before > MOST_BYTES {
            pieces = None;
        }
        if let Some(open) = &pieces
            && open.send(Ok(piece.to_vec())).await.is_err()
        {
            pieces = None;
        }
    }
}

/// The value of a field that is a word, and what was read of the whole form.
async fn word(mut field: Field<'_>, size: &mut usize) -> String {
    let mut word = Vec::new();
    while *size <= MOST_DRAINED
        && let Ok(Ok(Some(piece))) = timeout(PATIENCE, field.chunk()).await
    {
        *size += piece.len();
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
        Ok(pieces) => download_in_pieces("import.csv", cx, pieces),
        Err(error) => refused(&error),
    }
}

/// A form that is none.
pub fn not_a_form() -> Response {
    refused(&AppError::Refused(Refusal::BadForm))
}
