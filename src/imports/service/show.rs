//! What is shown of imports: the past ones, one with its rows, and files.

use futures::{Stream, stream};
use uuid::Uuid;

use super::feature;
use crate::{
    access::{Action, Category},
    error::AppError,
    imports::{
        model::{Import, Row, Verdict, template},
        store,
    },
    listing::{ListQuery, PAGE_ROWS, Page},
    platform::{context::Context, csv::Csv, fault::Fault},
    text::text,
};

/// Past imports that are listed: results are kept for thirty days.
const MOST_LISTED: i64 = 50;

/// Rows of a result that are read at once.
const BATCH: i64 = 2000;

/// The newest imports of a kind.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`.
pub async fn list_imports(cx: &Context, kind: Category) -> Result<Vec<Import>, Fault> {
    cx.authorize(Action::Create, feature(kind)?)?;
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::list(&mut db, cx.ws(), kind, MOST_LISTED).await?)
}

/// One import.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`.
pub async fn find_import(cx: &Context, kind: Category, id: Uuid) -> Result<Import, Fault> {
    cx.authorize(Action::Create, feature(kind)?)?;
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::find(&mut db, cx.ws(), kind, id).await?.ok_or(AppError::NotFound)?)
}

/// One page of an import's rows, in the order of the file; the status of the query is a verdict.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`.
pub async fn list_import_rows(cx: &Context, kind: Category, id: Uuid, query: &ListQuery) -> Result<Page<Row>, Fault> {
    let import = find_import(cx, kind, id).await?;
    let verdict: Option<Verdict> = query.status.parse().ok();
    let backwards = !query.before.is_empty();
    let place: Option<i32> = if backwards { &query.before } else { &query.after }.parse().ok();
    let total = verdict.map_or(import.counts.all(), |verdict| import.counts.of(verdict));
    let mut db = cx.app.pool.acquire().await?;
    let most = PAGE_ROWS as i64 + 1;
    let rows = store::list_rows(&mut db, cx.ws(), id, verdict, (place.unwrap_or(0), backwards), most).await?;
    Ok(Page::cut(rows, backwards, place.is_some(), total.into(), |row| row.n.to_string()))
}

/// The result as a file, written while it is sent: what became of each row. No formula runs, and no password is in it (PITFALLS.md 31,
/// 32). Whoever may import sees it: it tells no more than the page.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`.
pub async fn result_csv(
    cx: &Context,
    kind: Category,
    id: Uuid,
) -> Result<impl Stream<Item = Result<Vec<u8>, Fault>> + Send + use<>, Fault> {
    find_import(cx, kind, id).await?;
    let cx = cx.clone();
    Ok(stream::try_unfold(Some(0), move |behind| {
        let cx = cx.clone();
        async move {
            match behind {
                Some(behind) => result_piece(&cx, id, behind).await.map(Some),
                None => Ok(None),
            }
        }
    }))
}

/// The rows behind one, and behind which to go on; the heads before the first.
async fn result_piece(cx: &Context, id: Uuid, behind: i32) -> Result<(Vec<u8>, Option<i32>), Fault> {
    let t = &text().imports;
    let mut csv = Csv::new();
    if behind == 0 {
        csv.row([t.row, text().common.email, t.verdict_head, t.detail])?;
    }
    let mut db = cx.app.pool.acquire().await?;
    let rows = store::list_rows(&mut db, cx.ws(), id, None, (behind, false), BATCH).await?;
    drop(db);
    for row in &rows {
        let detail = row.wrong.as_ref().map(|(flaw, column, about)| (t.flaw_at)(*flaw, *column, about));
        csv.row([&row.n.to_string(), &row.email, (t.verdict)(row.verdict), detail.as_deref().unwrap_or_default()])?;
    }
    Ok((csv.finish()?, rows.last().map(|last| last.n)))
}

/// The template of a kind as a file.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`.
pub fn template_csv(cx: &Context, kind: Category) -> Result<Vec<u8>, Fault> {
    cx.authorize(Action::Create, feature(kind)?)?;
    let mut csv = Csv::new();
    csv.row(template(kind))?;
    csv.finish()
}
