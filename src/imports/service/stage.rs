//! Taking a file in: read as it comes, row by row, with the passwords sealed before they are written anywhere.

use std::io::{self, Read};

use sqlx::PgConnection;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{ask, judge};
use crate::{
    access::Category,
    accounts::{
        address::read_address,
        model::{PasswordRule, check_name},
    },
    customers::model::check_customer_id,
    error::{AppError, Problem},
    imports::{
        model::{Column, FileFlaw, Flaw, State},
        sheet::{Cells, Sheet, shown},
        store::{self, NewImport, Staged},
    },
    invitations,
    platform::{context::Context, fault::Fault, secrets::InstanceKey},
    ui::live::Topic,
};

/// Rows that are written at once.
const BATCH: usize = 1000;

/// Characters of a cell that are kept and shown.
const CELL: usize = 300;

/// What is done with users who are there, and with new passwords.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Users who are there get the role and the groups of the file.
    pub update_existing: bool,
    /// A new password is required at the first sign-in.
    pub new_password: bool,
}

/// What was found out about a file by reading it.
pub struct Taken {
    encoding: crate::imports::model::Encoding,
    separator: char,
    ignored: Vec<String>,
}

/// Bytes of an upload as they come; an error where they do not.
pub type Piece = Result<Vec<u8>, ()>;

/// Begins an import: nothing is read before the right to it was asked for.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`; `Refused(Plan)`.
pub async fn begin_upload(cx: &Context, kind: Category, file_name: &str) -> Result<Uuid, Fault> {
    let actor = cx.signed_in()?;
    ask(cx, actor, kind, false)?;
    let mut db = cx.app.pool.acquire().await?;
    invitations::service::plan_invites(&mut db, cx).await?;
    let id = Uuid::now_v7();
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let new = NewImport {
        id,
        kind,
        file_name: &shown(name, 120),
        starter_id: actor.user_id.ok_or(AppError::Unauthorized)?,
        starter_name: &actor.full_name,
    };
    store::insert(&mut db, cx.ws(), &new).await?;
    Ok(id)
}

/// Reads a file into rows, a few at a time.
///
/// # Errors
/// What is wrong with the file as a whole; when the database fails.
pub async fn stage(
    cx: &Context,
    kind: Category,
    id: Uuid,
    pieces: mpsc::Receiver<Piece>,
) -> Result<Result<Taken, FileFlaw>, Fault> {
    let (sender, mut batches) = mpsc::channel(2);
    let key = cx.app.key.clone();
    let reader = tokio::task::spawn_blocking(move || read_all(kind, id, &key, pieces, &sender));
    // A sender may be slow: no connection waits for the next rows.
    while let Some(rows) = batches.recv().await {
        let mut db = cx.app.pool.acquire().await?;
        store::insert_rows(&mut db, cx.ws(), id, &rows).await?;
    }
    let mut db = cx.app.pool.acquire().await?;
    store::analyze(&mut db).await?;
    drop(db);
    reader.await.map_err(|error| Fault::Other(format!("reading a file: {error}")))?
}

fn read_all(
    kind: Category,
    id: Uuid,
    key: &InstanceKey,
    pieces: mpsc::Receiver<Piece>,
    batches: &mpsc::Sender<Vec<Staged>>,
) -> Result<Result<Taken, FileFlaw>, Fault> {
    let mut sheet = match Sheet::open(Pieces { pieces, piece: Vec::new(), given: 0 }, kind) {
        Ok(sheet) => sheet,
        Err(flaw) => return Ok(Err(flaw)),
    };
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let row = match sheet.next_row() {
            Ok(row) => row,
            Err(flaw) => return Ok(Err(flaw)),
        };
        let last = row.is_none();
        if let Some(cells) = row {
            batch.push(staged(kind, id, key, &cells)?);
        }
        if (batch.len() == BATCH || last) && batches.blocking_send(std::mem::take(&mut batch)).is_err() {
            // Whoever wrote them down has failed, and says so.
            return Ok(Err(FileFlaw::Broken));
        }
        if last {
            return Ok(Ok(Taken {
                encoding: sheet.encoding(),
                separator: sheet.separator(),
                ignored: sheet.ignored().to_vec(),
            }));
        }
    }
}

/// What a password of a row is sealed for.
pub fn purpose(import: Uuid, row: i32) -> Vec<u8> {
    [import.as_bytes().as_slice(), &row.to_be_bytes()].concat()
}

/// Takes away what was read of a file that is not taken in. What cannot be taken away now is cleared away later.
pub async fn forget_upload(cx: &Context, id: Uuid) {
    let gone = async {
        let mut db = cx.app.pool.acquire().await?;
        store::delete(&mut db, cx.ws(), id).await
    };
    if let Err(error) = gone.await {
        tracing::warn!(%error, import = %id, "a file that was not taken in is not cleared away yet");
    }
}

/// A row as it is kept, with what can be said of it by itself.
fn staged(kind: Category, id: Uuid, key: &InstanceKey, cells: &Cells) -> Result<Staged, Fault> {
    let email = cells.get(Column::Email).trim();
    let address = read_address(email);
    let local = email.split('@').next().unwrap_or_default();
    let name = Some(cells.get(Column::FullName)).filter(|name| !name.trim().is_empty()).unwrap_or(local);
    let name = check_name(name);
    let customer_id = match kind {
        Category::Customer => check_customer_id(cells.get(Column::CustomerId)).map(Some),
        _ => Ok(None),
    };
    let password = cells.get(Column::Password);
    let mut flaw = cells.beyond.then_some((Flaw::Cells, None));
    let mut wrong = |column: Column, found: Option<Flaw>| {
        let unreadable = cells.get(column).contains(char::REPLACEMENT_CHARACTER).then_some(Flaw::Unreadable);
        flaw = flaw.or(unreadable.or(found).map(|it| (it, Some(column))));
    };
    wrong(Column::Email, address.as_ref().err().map(|problem| of_problem(*problem)));
    wrong(Column::FullName, name.as_ref().err().map(|problem| of_problem(*problem)));
    for column in [Column::Role, Column::Group] {
        let cell = cells.get(column);
        let missing = column == Column::Role && kind == Category::Teammate && cell.trim().is_empty();
        let found = [
            (missing, Flaw::Missing),
            (cell.chars().count() > CELL, Flaw::TooLong),
            (cell.contains('\0'), Flaw::Forbidden),
        ];
        wrong(column, found.into_iter().find(|(is, _)| *is).map(|(_, flaw)| flaw));
    }
    wrong(Column::CustomerId, customer_id.as_ref().err().map(|problem| of_problem(*problem)));
    let fits = PasswordRule::ALL.into_iter().all(|rule| rule.met(password, password));
    wrong(Column::Password, (!password.is_empty() && !fits).then_some(Flaw::PasswordRules));
    let sealed_password = match flaw {
        None if !password.is_empty() => {
            let sealed = key.seal(&purpose(id, cells.n), password.as_bytes());
            Some(sealed.ok_or_else(|| Fault::Other("a password was not sealed".into()))?)
        }
        _ => None,
    };
    Ok(Staged {
        n: cells.n,
        email: shown(email, CELL),
        email_key: address.ok().map(|address| address.key),
        full_name: name.unwrap_or_else(|_| shown(cells.get(Column::FullName).trim(), CELL)),
        role: shown(cells.get(Column::Role).trim(), CELL),
        groups: shown(cells.get(Column::Group).trim(), CELL),
        customer_id: customer_id
            .unwrap_or_else(|_| Some(shown(cells.get(Column::CustomerId).trim(), CELL)))
            .unwrap_or_default(),
        sealed_password,
        with_password: !password.is_empty(),
        flaw,
    })
}

fn of_problem(problem: Problem) -> Flaw {
    match problem {
        Problem::Missing => Flaw::Missing,
        Problem::TooLong => Flaw::TooLong,
        Problem::AddressShape => Flaw::AddressShape,
        Problem::AddressDomain => Flaw::AddressDomain,
        Problem::AddressSeveral => Flaw::AddressSeveral,
        _ => Flaw::Forbidden,
    }
}

/// The dry run: every row gets its verdict, and nothing changes.
///
/// # Errors
/// `Denied` where users who are there are to be changed and the actor may not; when the database fails.
pub async fn check_rows(cx: &Context, kind: Category, id: Uuid, taken: &Taken, options: Options) -> Result<(), Fault> {
    let actor = cx.signed_in()?;
    ask(cx, actor, kind, options.update_existing)?;
    let mut tx = cx.begin().await?;
    let read = store::Read {
        encoding: taken.encoding,
        separator: taken.separator,
        ignored: &taken.ignored,
        update_existing: options.update_existing,
        new_password: options.new_password,
    };
    store::update_read(&mut tx, cx.ws(), id, &read).await?;
    finish(&mut tx, cx, kind, id).await?;
    tx.commit().await?;
    Ok(())
}

async fn finish(db: &mut PgConnection, cx: &Context, kind: Category, id: Uuid) -> Result<(), Fault> {
    store::mark_twice(db, cx.ws(), id).await?;
    // From here on it can be found.
    store::update_state(db, cx.ws(), id, &[State::Staging], State::Checked, None).await?;
    let import = store::find(db, cx.ws(), kind, id).await?.ok_or(AppError::NotFound)?;
    judge::judge_all(db, cx, cx.signed_in()?, &import, false).await?;
    store::update_counts(db, cx.ws(), id).await?;
    cx.announce(db, Topic::Imports, None).await
}

/// The pieces of an upload as one stream, for a thread that may wait.
struct Pieces {
    pieces: mpsc::Receiver<Piece>,
    piece: Vec<u8>,
    given: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.piece.len() {
            match self.pieces.blocking_recv() {
                Some(Ok(piece)) => (self.piece, self.given) = (piece, 0),
                Some(Err(())) => return Err(io::ErrorKind::UnexpectedEof.into()),
                None => return Ok(0),
            }
        }
        let read = buffer.len().min(self.piece.len() - self.given);
        buffer[..read].copy_from_slice(&self.piece[self.given..self.given + read]);
        self.given += read;
        Ok(read)
    }
}
