//! SQL of what the page of one invitation shows beside its line of the list.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// What the list does not show.
pub struct More {
    /// The inviter's own words.
    pub message: String,
    /// Who invited, while they have an account.
    pub inviter: Option<Uuid>,
    /// The account that it activates or has made, while that is there.
    pub user: Option<Uuid>,
    /// Whether it came by a link.
    pub by_link: bool,
    /// What the invitee registered, while it waits.
    pub registered_name: Option<String>,
    /// Their mobile number in E.164.
    pub registered_mobile: Option<String>,
    /// When they registered.
    pub completed_at: Option<OffsetDateTime>,
    /// The newer one that took its place.
    pub newer: Option<Uuid>,
    /// The one whose place it took.
    pub older: Option<Uuid>,
    /// Whether the mail server took its mail more than a day ago, and nobody was at its link since.
    pub unopened: bool,
}

/// The same invitation's remaining columns.
///
/// # Errors
/// When the database fails.
pub async fn find_more(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<More>, sqlx::Error> {
    sqlx::query_as!(
        More,
        r#"select i.message, inviter.id as "inviter?", account.id as "user?", i.link_id is not null as "by_link!", i.registered_name,
             i.registered_mobile, i.completed_at, newer.id as "newer?",
             (select older.id from invitations older where older.workspace_id = $1 and older.replaced_by = i.id
                 order by older.invited_at desc limit 1) as older,
             i.status = 'pending' and i.opened_at is null and exists (
                 select 1 from messages where workspace_id = $1 and invitation_id = i.id and state = 'sent'
                     and handed_over_at < now() - interval '1 day') as "unopened!"
         from invitations i
         left join users inviter on inviter.workspace_id = $1 and inviter.id = i.inviter_id
         left join users account on account.workspace_id = $1 and account.id = i.user_id
         left join invitations newer on newer.workspace_id = $1 and newer.id = i.replaced_by
         where i.workspace_id = $1 and i.id = $2"#,
        ws,
        id
    )
    .fetch_optional(db)
    .await
}
