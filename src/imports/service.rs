//! Use cases of imports.

mod judge;
mod show;
mod stage;
mod write;

pub use show::{find_import, list_import_rows, list_imports, result_csv, template_csv};
pub use stage::{Options, Piece, Taken, begin_upload, check_rows, forget_upload, purpose, stage};
use uuid::Uuid;
pub use write::{End, fail, write};

use super::{
    model::{ImportForm, State, section},
    store,
};
use crate::{
    access::{Action, Category, Feature},
    audit,
    error::{AppError, Refusal},
    invitations,
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    ui::live::Topic,
};

/// The right that an import needs.
///
/// # Errors
/// `NotFound` for users of organizations, of whom there is no import.
pub fn feature(kind: Category) -> Result<Feature, AppError> {
    section(kind).ok_or(AppError::NotFound)
}

/// Asks for the rights that an import needs: to create, and to update where users who are there are changed.
///
/// # Errors
/// `Denied`, or `NotFound`.
pub fn ask(cx: &Context, actor: &Actor, kind: Category, updates: bool) -> Result<(), AppError> {
    let feature = feature(kind)?;
    actor.ask(&cx.question(actor, Action::Create, feature))?;
    if updates { actor.ask(&cx.question(actor, Action::Update, feature)) } else { Ok(()) }
}

/// Starts an import that was checked. It goes on by itself from here, with the rights of whoever starts it.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`; `Refused`: the plan has no invitations, or it is not waiting to be started.
pub async fn start_import(cx: &Context, form: &ImportForm) -> Result<(), Fault> {
    let kind = form.category();
    let (mut tx, actor) = cx.begin_change(Action::Create, feature(kind)?).await?;
    invitations::service::plan_invites(&mut tx, cx).await?;
    let import = store::find(&mut tx, cx.ws(), kind, form.id).await?.ok_or(AppError::NotFound)?;
    ask(cx, &actor, kind, import.update_existing)?;
    let starter = actor.user_id.ok_or(AppError::Unauthorized)?;
    if !store::update_started(&mut tx, cx.ws(), form.id, starter, &actor.full_name).await? {
        return Err(Refusal::NotNow.into());
    }
    let entry = audit::Entry { action: "import.start", kind: "import", id: form.id, label: &import.file_name };
    audit::record(&mut tx, cx, entry, None::<&()>, Some(&import.counts)).await?;
    cx.announce(&mut tx, Topic::Imports, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Stops an import before it has written anything.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`; `Refused(NotNow)`: it has ended.
pub async fn cancel_import(cx: &Context, form: &ImportForm) -> Result<(), Fault> {
    let kind = form.category();
    let (mut tx, _) = cx.begin_change(Action::Create, feature(kind)?).await?;
    let import = store::find(&mut tx, cx.ws(), kind, form.id).await?.ok_or(AppError::NotFound)?;
    let may = [State::Checked, State::Running];
    if !store::update_state(&mut tx, cx.ws(), form.id, &may, State::Cancelled, None).await? {
        return Err(Refusal::NotNow.into());
    }
    let entry = audit::Entry { action: "import.cancel", kind: "import", id: form.id, label: &import.file_name };
    audit::record(&mut tx, cx, entry, None::<&()>, Some(&import.counts)).await?;
    cx.announce(&mut tx, Topic::Imports, None).await?;
    if import.state == State::Checked {
        store::erase_passwords(&mut tx, cx.ws(), form.id).await?;
    }
    tx.commit().await?;
    if import.state == State::Checked { Ok(()) } else { erase(cx, form.id).await }
}

/// After the end of an import that ran, not in one transaction with it: whoever writes at that moment holds the rows, and waits for the
/// import.
async fn erase(cx: &Context, id: Uuid) -> Result<(), Fault> {
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::erase_passwords(&mut db, cx.ws(), id).await?)
}
