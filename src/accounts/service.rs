//! Use cases of signing in and out, and of the first owner.

use uuid::Uuid;

use super::{
    address::read_address,
    model::{NewOwner, NewPasswordForm, OwnerForm, SignInForm, check_password},
    store,
};
use crate::{
    access::{BuiltIn, Category},
    audit,
    error::{AppError, Problem, Problems, Refusal},
    invitations, people,
    platform::{
        context::{Actor, App, Context},
        fault::Fault,
        secrets::Token,
    },
    ui::live::Topic,
    workspaces,
};

/// Signs in. Wrong password, unknown address and disabled account get one answer after the same work. Whose registration waits for
/// approval is told so, with the right password alone: whoever has it is no stranger (PITFALLS.md 10).
///
/// # Errors
/// `Refused(SignIn)`, `Refused(Waits)`, or `RateLimited`; `Invalid` for an empty field.
pub async fn sign_in(cx: &Context, form: SignInForm) -> Result<Token, Fault> {
    let mut problems = Problems::default();
    if form.email.trim().is_empty() {
        problems.take::<()>("email", Err(Problem::Missing));
    }
    if form.password.is_empty() {
        problems.take::<()>("password", Err(Problem::Missing));
    }
    if let Some(error) = problems.error() {
        return Err(error.into());
    }
    // What is no address has no account, and is answered like an unknown one.
    let key = read_address(&form.email).map(|address| address.key).unwrap_or_default();
    cx.app.limits.sign_in(cx.ws(), &key, cx.client)?;
    let mut db = cx.app.pool.acquire().await?;
    let found = store::find_credentials(&mut db, cx.ws(), &key).await?;
    let waiting = invitations::store::find_waiting_hash(&mut db, cx.ws(), &key).await?;
    drop(db);
    let own = found.as_ref().and_then(|credentials| credentials.password_hash.clone());
    let waits = own.is_none() && waiting.is_some();
    let right = cx.app.passwords.verify(form.password, own.or(waiting)).await?;
    if right && waits {
        return Err(Refusal::Waits.into());
    }
    let Some(credentials) = found.filter(|credentials| right && credentials.enabled) else {
        return Err(Refusal::SignIn.into());
    };
    let mut tx = cx.begin().await?;
    // Hashing took its time: who was disabled or removed meanwhile gets the one answer too.
    if !store::lock_enabled(&mut tx, cx.ws(), credentials.user_id).await? {
        return Err(Refusal::SignIn.into());
    }
    // The session that the browser came with ends: a new one for each sign-in.
    if let Some(actor) = &cx.actor {
        store::delete_session(&mut tx, cx.ws(), &actor.session).await?;
    }
    let token = begin_session(&mut tx, cx, credentials.user_id).await?;
    tx.commit().await?;
    Ok(token)
}

async fn begin_session(db: &mut sqlx::PgConnection, cx: &Context, user_id: Uuid) -> Result<Token, Fault> {
    let token = Token::new(&cx.workspace.public_id);
    store::insert_session(db, cx.ws(), token.hash(), user_id).await?;
    Ok(token)
}

/// Whoever was given a password by somebody else chooses one of their own; only then is anybody signed in. Their other sessions
/// end.
///
/// # Errors
/// `Unauthorized`; `Refused(NotNow)` where none is due; `Invalid`: the rules, or it is the one that was given; `RateLimited`.
pub async fn choose_password(cx: &Context, due: Option<Actor>, form: NewPasswordForm) -> Result<(), Fault> {
    let Some((actor, user_id)) = due.and_then(|actor| actor.user_id.map(|id| (actor, id))) else {
        cx.signed_in()?;
        return Err(Refusal::NotNow.into());
    };
    let mut problems = Problems::default();
    check_password(&mut problems, &form.password, &form.again);
    if let Some(error) = problems.error() {
        return Err(error.into());
    }
    cx.app.limits.sign_in(cx.ws(), &actor.held.facts.email_key, cx.client)?;
    let mut db = cx.app.pool.acquire().await?;
    let found = store::find_credentials(&mut db, cx.ws(), &actor.held.facts.email_key).await?;
    drop(db);
    let given = found.and_then(|credentials| credentials.password_hash);
    if cx.app.passwords.verify(form.password.clone(), given).await? {
        return Err(AppError::field("password", Problem::SamePassword).into());
    }
    let password_hash = cx.app.passwords.hash(form.password).await?;
    let mut tx = cx.begin().await?;
    if !store::update_due_password(&mut tx, cx.ws(), user_id, &password_hash).await? {
        return Err(Refusal::NotNow.into());
    }
    store::delete_other_sessions(&mut tx, cx.ws(), user_id, &actor.session).await?;
    let entry = audit::Entry { action: "user.password", kind: "user", id: user_id, label: &actor.full_name };
    let themselves = Context { actor: Some(actor.clone()), ..cx.clone() };
    audit::record(&mut tx, &themselves, entry, None::<&()>, None::<&()>).await?;
    cx.announce(&mut tx, Topic::Users, Some(user_id)).await?;
    tx.commit().await?;
    Ok(())
}

/// Signs out: the session is gone, whoever holds its cookie.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(cx: &Context) -> Result<(), Fault> {
    if let Some(actor) = &cx.actor {
        let mut db = cx.app.pool.acquire().await?;
        store::delete_session(&mut db, cx.ws(), &actor.session).await?;
    }
    Ok(())
}

/// The user of a session cookie, with the rights of this instant.
///
/// # Errors
/// When the database fails.
pub async fn resume(app: &App, ws: Uuid, token: &Token) -> Result<Option<Actor>, Fault> {
    let mut db = app.pool.acquire().await?;
    let Some(user) = store::find_session(&mut db, ws, token.hash()).await? else {
        return Ok(None);
    };
    if user.stale {
        store::touch_session(&mut db, ws, token.hash()).await?;
    }
    let held = app.rights.of_user(&mut db, ws, user.version, user.user_id).await?;
    Ok(held.filter(|held| held.subject.active).map(|held| Actor {
        user_id: Some(user.user_id),
        full_name: user.full_name,
        email: user.email,
        held,
        at: user.at,
        session: token.hash().to_vec(),
        new_password_due: user.new_password_due,
    }))
}

/// Whether an owner's set-up link works.
///
/// # Errors
/// `Refused(DeadLink)` when not.
pub async fn open_owner_link(cx: &Context, token: &str) -> Result<(), Fault> {
    let token = Token::read(token, &cx.workspace.public_id).ok_or(Refusal::DeadLink)?;
    let mut db = cx.app.pool.acquire().await?;
    let live = workspaces::store::is_owner_token(&mut db, cx.ws(), token.hash()).await?;
    if live { Ok(()) } else { Err(Refusal::DeadLink.into()) }
}

/// The first owner sets up the account with the printed link, and is signed in.
///
/// # Errors
/// `Invalid`, or `Refused(DeadLink)` when the link does not work (any more).
pub async fn set_up_owner(cx: &Context, form: OwnerForm) -> Result<Token, Fault> {
    open_owner_link(cx, &form.token).await?;
    cx.app.limits.link(cx.client)?;
    let owner = form.check()?;
    let link = Token::read(&form.token, &cx.workspace.public_id).ok_or(Refusal::DeadLink)?;
    let password_hash = cx.app.passwords.hash(owner.password.clone()).await?;
    let mut tx = cx.begin().await?;
    if !workspaces::store::lock_for_owner(&mut tx, cx.ws(), link.hash()).await? {
        return Err(Refusal::DeadLink.into());
    }
    if let Some(name) = &owner.workspace {
        workspaces::store::update_name(&mut tx, cx.ws(), name).await?;
    }
    let user_id = insert_owner(&mut tx, cx, &owner, &password_hash).await?;
    let token = begin_session(&mut tx, cx, user_id).await?;
    tx.commit().await?;
    cx.app.hosts.forget();
    Ok(token)
}

/// `portico owner create`: makes an owner without a browser, also beside others.
///
/// # Errors
/// `Invalid`, with the fields that are wrong.
pub async fn create_owner(cx: &Context, owner: &NewOwner) -> Result<Uuid, Fault> {
    let password_hash = cx.app.passwords.hash(owner.password.clone()).await?;
    let mut tx = cx.begin().await?;
    let user_id = insert_owner(&mut tx, cx, owner, &password_hash).await?;
    tx.commit().await?;
    Ok(user_id)
}

async fn insert_owner(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    owner: &NewOwner,
    password_hash: &str,
) -> Result<Uuid, Fault> {
    let address = read_address(&owner.email).map_err(|problem| AppError::field("email", problem))?;
    let user = people::store::NewUser {
        id: Uuid::now_v7(),
        address: &address,
        full_name: &owner.full_name,
        mobile: None,
        password_hash: Some(password_hash),
        kind: Category::Teammate,
        customer_id: None,
        roles: &[(BuiltIn::Owner.id(), None)],
        given_by: None,
        given_by_name: "",
    };
    people::store::insert(db, cx.ws(), &user).await?;
    workspaces::store::delete_owner_token(db, cx.ws()).await?;
    let entry = audit::Entry { action: "user.create", kind: "user", id: user.id, label: &owner.full_name };
    let after = serde_json::json!({ "email": address.shown, "role": BuiltIn::Owner });
    audit::record(db, cx, entry, None::<&()>, Some(&after)).await?;
    cx.announce(db, Topic::Users, None).await?;
    Ok(user.id)
}
