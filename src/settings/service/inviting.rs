//! Use cases of Settings > Invitations.

use serde::Serialize;
use sqlx::PgConnection;

use crate::{
    access::{Action, BuiltIn, Category, Feature, RoleRef},
    accounts::address::{read_address, read_domain},
    audit,
    error::{AppError, Problem},
    mail::{
        self,
        template::{self, Letter, Written},
        words::{MailKind, OwnWords, Words},
    },
    paths,
    platform::{
        context::{Actor, Change, Context},
        fault::Fault,
    },
    settings::{
        model::{
            ColourForm, DomainsForm, InvitationSettings, MOST_DOMAINS, RegistrationForm, SenderForm, ValidityForm,
            WordsForm,
        },
        store,
    },
    text::{Language, text},
    ui::live::Topic,
};

/// All of it.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn read_invitation_settings(cx: &Context) -> Result<InvitationSettings, Fault> {
    cx.authorize(Action::View, Feature::Settings)?;
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::find_inviting(&mut db, cx.ws()).await?)
}

/// How long links work, and when is reminded. What is on its way keeps the end that its mail states.
///
/// # Errors
/// `Unauthorized`, `Denied` or `Invalid`.
pub async fn save_validity(cx: &Context, form: &ValidityForm) -> Result<(), Fault> {
    let (mut tx, before) = begin(cx).await?;
    let after = form.check()?;
    store::update_validity(&mut tx, cx.ws(), &after).await?;
    finish(tx, cx, "settings.validity", &before.validity, &after).await
}

/// What a registration takes. Those that wait stay as they are (DESIGN.md section 3).
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn save_registration(cx: &Context, form: &RegistrationForm) -> Result<(), Fault> {
    let (mut tx, before) = begin(cx).await?;
    store::update_registration(&mut tx, cx.ws(), form.auto_approval, form.mobile_required).await?;
    let of = |auto_approval: bool, mobile_required: bool| serde_json::json!({ "auto_approval": auto_approval, "mobile_required": mobile_required });
    let before = of(before.registration.auto_approval, before.registration.mobile_required);
    finish(tx, cx, "settings.registration", &before, &of(form.auto_approval, form.mobile_required)).await
}

/// The domains whose addresses alone are invited, in the form that addresses are compared in.
///
/// # Errors
/// `Unauthorized`, `Denied` or `Invalid`.
pub async fn save_mail_domains(cx: &Context, form: &DomainsForm) -> Result<(), Fault> {
    let (mut tx, before) = begin(cx).await?;
    let wrong = |problem| AppError::field("domains", problem);
    let typed = form.domains.split(|c: char| c.is_whitespace() || ",;".contains(c)).filter(|word| !word.is_empty());
    let mut domains = typed.map(read_domain).collect::<Result<Vec<String>, Problem>>().map_err(wrong)?;
    domains.sort();
    domains.dedup();
    if domains.len() > MOST_DOMAINS {
        return Err(wrong(Problem::TooLong).into());
    }
    store::update_domains(&mut tx, cx.ws(), &domains).await?;
    finish(tx, cx, "settings.mail-domains", &before.domains, &domains).await
}

/// What mails come from, beside the address. Those that are queued already keep theirs.
///
/// # Errors
/// `Unauthorized`, `Denied` or `Invalid`.
pub async fn save_sender(cx: &Context, form: &SenderForm) -> Result<(), Fault> {
    let (mut tx, before) = begin(cx).await?;
    let name = form.check()?;
    store::update_sender(&mut tx, cx.ws(), &name).await?;
    finish(tx, cx, "settings.sender", &before.sender_name, &name).await
}

/// The background of the sign-in screen.
///
/// # Errors
/// `Unauthorized`, `Denied` or `Invalid`.
pub async fn save_colour(cx: &Context, form: &ColourForm) -> Result<(), Fault> {
    let (mut tx, before) = begin(cx).await?;
    let colour = form.check()?.to_string();
    store::update_colour(&mut tx, cx.ws(), &colour).await?;
    finish(tx, cx, "settings.colour", &before.colour, &colour).await?;
    // Other servers look again within two seconds.
    cx.app.hosts.forget();
    Ok(())
}

/// The words of one mail; empty ones are the built-in ones.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound` or `Invalid`.
pub async fn save_mail_words(cx: &Context, form: &WordsForm) -> Result<(), Fault> {
    let (mut tx, mut before) = begin(cx).await?;
    let (kind, words) = form.check()?;
    store::update_words(&mut tx, cx.ws(), kind, &words).await?;
    let of = |words: Words| serde_json::json!({ "mail": kind, "subject": words.subject, "body": words.body });
    let before = of(before.words.remove(&kind).unwrap_or_default());
    finish(tx, cx, "settings.mail-words", &before, &of(words)).await
}

/// The HTML of a mail with made-up values, in the words that are kept or in those that are typed: these need not be right yet.
///
/// # Errors
/// `Unauthorized`, `Denied`, or `NotFound` for a mail that there is not.
pub async fn preview_mail(cx: &Context, kind: &str, typed: Option<Words>) -> Result<String, Fault> {
    let actor = cx.authorize(Action::View, Feature::Settings)?;
    let kind: MailKind = kind.parse().map_err(|()| AppError::NotFound)?;
    let mut db = cx.app.pool.acquire().await?;
    let words = match typed {
        Some(words) => OwnWords::from([(kind, words)]),
        None => store::find_words(&mut db, cx.ws()).await?,
    };
    sample(&mut db, cx, actor, kind, &words).await?.html()
}

/// Sends a mail with made-up values to whoever asks, in the words that are kept. Its link opens nothing.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound` or `RateLimited`.
pub async fn send_test_mail(cx: &Context, kind: &str) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Settings).await?;
    let kind: MailKind = kind.parse().map_err(|()| AppError::NotFound)?;
    let to = read_address(&actor.email).map_err(|problem| AppError::field("email", problem))?;
    cx.app.limits.mail(cx.ws(), actor.user_id.unwrap_or_default(), &to.key)?;
    let words = store::find_words(&mut tx, cx.ws()).await?;
    let letter = sample(&mut tx, cx, &actor, kind, &words).await?;
    mail::service::queue(&mut tx, cx, None, &to, &letter).await?;
    record(&mut tx, cx, "settings.test-mail", None::<&()>, Some(&kind)).await?;
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(to.shown)
}

/// A mail as it would be, with made-up values.
async fn sample(
    db: &mut PgConnection,
    cx: &Context,
    actor: &Actor,
    kind: MailKind,
    words: &OwnWords,
) -> Result<Written, Fault> {
    let t = &text().invitation_settings;
    let validity = store::find_inviting(db, cx.ws()).await?.validity;
    let until = time::OffsetDateTime::from_unix_timestamp(actor.at + i64::from(validity.mail) * 3600);
    let role = RoleRef { id: BuiltIn::Member.id(), name: String::new() };
    let role = actor.snapshot().roles_of(Category::Teammate).find(|known| known.id == role.id).unwrap_or(role);
    let sign_in = cx.app.config.address(cx.workspace.host.as_deref(), paths::SIGN_IN);
    match kind {
        MailKind::Invitation | MailKind::Reminder => Written::new(&template::Invitation {
            reminds: kind == MailKind::Reminder,
            words,
            language: Language::default(),
            workspace: &cx.workspace.name,
            colour: &cx.workspace.colour,
            inviter_name: &actor.full_name,
            inviter_email: &actor.email,
            email: t.sample_email,
            role: &role,
            message: t.sample_message,
            link: sign_in,
            valid_until: until.map_err(|error| Fault::Other(error.to_string()))?,
        }),
        MailKind::Accepted | MailKind::Denied => Written::new(&template::Reviewed {
            workspace: &cx.workspace,
            words,
            language: Language::default(),
            email: t.sample_email,
            full_name: t.sample_name,
            accepted: kind == MailKind::Accepted,
            link: sign_in,
        }),
        MailKind::Asked => Written::new(&template::LinkAsked {
            workspace: &cx.workspace,
            words,
            email: t.sample_email,
            role: &role,
            inviter_name: &actor.full_name,
            to: &actor.email,
            link: cx.app.config.address(cx.workspace.host.as_deref(), paths::INVITATIONS),
        }),
    }
}

/// Begins a change, with what is kept before it.
async fn begin(cx: &Context) -> Result<(Change, InvitationSettings), Fault> {
    let (mut tx, _) = cx.begin_change(Action::Update, Feature::Settings).await?;
    let before = store::find_inviting(&mut tx, cx.ws()).await?;
    Ok((tx, before))
}

/// Writes down what changed, tells it, and is done.
async fn finish<T: Serialize + Sync>(
    mut tx: Change,
    cx: &Context,
    action: &'static str,
    before: &T,
    after: &T,
) -> Result<(), Fault> {
    record(&mut tx, cx, action, Some(before), Some(after)).await?;
    cx.announce(&mut tx, Topic::Settings, None).await?;
    Ok(tx.commit().await?)
}

async fn record(
    tx: &mut Change,
    cx: &Context,
    action: &'static str,
    before: Option<&(impl Serialize + Sync)>,
    after: Option<&(impl Serialize + Sync)>,
) -> Result<(), Fault> {
    let entry = audit::Entry { action, kind: "settings", id: cx.ws(), label: &cx.workspace.name };
    audit::record(tx, cx, entry, before, after).await
}
