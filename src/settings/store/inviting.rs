//! SQL of Settings > Invitations.

use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::{
    mail::words::{MailKind, OwnWords, Words},
    settings::model::{InvitationSettings, RegistrationRules, Validity},
};

/// All of it.
///
/// # Errors
/// When the database fails.
pub async fn find_inviting(db: &mut PgConnection, ws: Uuid) -> Result<InvitationSettings, sqlx::Error> {
    let row = sqlx::query!(
        r#"select (extract(epoch from mail_validity) / 3600)::int as "mail!", (extract(epoch from link_validity) / 3600)::int as "link!",
               (extract(epoch from remind_before) / 3600)::int as remind, auto_approval, mobile_required, mail_domains, sender_name, colour,
               mail_texts as "words: Json<OwnWords>",
               (select count(*) from invitations where workspace_id = $1
                   and category in ('teammate', 'organization', 'customer') and status = 'waiting' and not settled) as "waiting!"
           from workspaces where id = $1"#,
        ws
    )
    .fetch_one(db)
    .await?;
    Ok(InvitationSettings {
        validity: Validity { mail: row.mail, link: row.link, remind: row.remind },
        registration: RegistrationRules {
            auto_approval: row.auto_approval,
            mobile_required: row.mobile_required,
            waiting: row.waiting,
        },
        domains: row.mail_domains,
        sender_name: row.sender_name,
        colour: row.colour,
        words: row.words.0,
    })
}

/// The workspace's own words in its mails.
///
/// # Errors
/// When the database fails.
pub async fn find_words(db: &mut PgConnection, ws: Uuid) -> Result<OwnWords, sqlx::Error> {
    let row = sqlx::query!(r#"select mail_texts as "words: Json<OwnWords>" from workspaces where id = $1"#, ws);
    Ok(row.fetch_one(db).await?.words.0)
}

/// Whether a registration needs a mobile number.
///
/// # Errors
/// When the database fails.
pub async fn needs_mobile(db: &mut PgConnection, ws: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!("select mobile_required from workspaces where id = $1", ws).fetch_one(db).await
}

/// How long links work, and when is reminded. What is on its way keeps its end.
///
/// # Errors
/// When the database fails.
pub async fn update_validity(db: &mut PgConnection, ws: Uuid, it: &Validity) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update workspaces set mail_validity = make_interval(hours => $2), link_validity = make_interval(hours => $3),
             remind_before = make_interval(hours => $4) where id = $1",
        ws,
        it.mail,
        it.link,
        it.remind
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What a registration takes.
///
/// # Errors
/// When the database fails.
pub async fn update_registration(
    db: &mut PgConnection,
    ws: Uuid,
    auto_approval: bool,
    mobile_required: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update workspaces set auto_approval = $2, mobile_required = $3 where id = $1",
        ws,
        auto_approval,
        mobile_required
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The domains whose addresses alone are invited.
///
/// # Errors
/// When the database fails.
pub async fn update_domains(db: &mut PgConnection, ws: Uuid, domains: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!("update workspaces set mail_domains = $2 where id = $1", ws, domains).execute(db).await?;
    Ok(())
}

/// What mails come from, beside the address.
///
/// # Errors
/// When the database fails.
pub async fn update_sender(db: &mut PgConnection, ws: Uuid, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update workspaces set sender_name = $2 where id = $1", ws, name).execute(db).await?;
    Ok(())
}

/// The background of the sign-in screen.
///
/// # Errors
/// When the database fails.
pub async fn update_colour(db: &mut PgConnection, ws: Uuid, colour: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update workspaces set colour = $2 where id = $1", ws, colour).execute(db).await?;
    Ok(())
}

/// The words of one mail; empty ones are forgotten.
///
/// # Errors
/// When the database fails.
pub async fn update_words(db: &mut PgConnection, ws: Uuid, kind: MailKind, words: &Words) -> Result<(), sqlx::Error> {
    let kept = (!words.is_empty()).then_some(Json(words));
    sqlx::query!(
        "update workspaces set mail_texts = jsonb_strip_nulls((mail_texts - $2) || jsonb_build_object($2, $3::jsonb)) where id = $1",
        ws,
        kind.slug(),
        kept as _
    )
    .execute(db)
    .await?;
    Ok(())
}
