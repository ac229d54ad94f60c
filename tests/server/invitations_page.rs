//! The pages of invitations, with and without script: what each shows, and what it never does.

use futures::TryStreamExt;
use lettre::message::Mailbox;
use portico::{
    access::{BuiltIn, Category},
    error::AppError,
    invitations::{
        model::{Detail, May, Offer, SetupForm, Status, Verdict, What, steps},
        service::{self, Ask, Said},
    },
    listing::ListQuery,
    mail::{model::Delivery, sender, transport::Transport},
    people,
    platform::context::Context,
};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::{
    rights_support::told,
    support::{PASSWORD, Site, TestApp, mail_server},
};

pub async fn listed(cx: &Context, query: &ListQuery) -> Vec<String> {
    let page = service::list_invitations(cx, query).await.unwrap();
    let mut emails: Vec<String> = page.rows.into_iter().map(|row| row.email).collect();
    emails.sort();
    emails
}

pub async fn invite(cx: &Context, email: &str, offer: Offer) -> Uuid {
    invite_as(cx, email, "", offer, &Said::default()).await
}

pub async fn invite_as(cx: &Context, email: &str, full_name: &str, offer: Offer, said: &Said) -> Uuid {
    let ask = Ask { email: email.into(), full_name: full_name.into(), offer };
    service::invite_all(cx, vec![ask], said).await.unwrap().pop().unwrap().unwrap().id
}

pub fn teammate() -> Offer {
    Offer::everywhere(Category::Teammate, BuiltIn::Visitor.id())
}

fn setup(token: &str, full_name: &str) -> SetupForm {
    SetupForm {
        token: token.into(),
        full_name: full_name.into(),
        mobile: "+45 12 34 56 78".into(),
        password: PASSWORD.into(),
        again: PASSWORD.into(),
    }
}

/// One that waits for approval: its id.
pub async fn waiting(app: &TestApp, by: &Context, email: &str) -> Uuid {
    app.execute("update workspaces set auto_approval = false").await;
    let id = invite(by, email, teammate()).await;
    service::complete_setup(&app.nobody(), setup(&app.token(id).await, "Lars <b>Bjerregaard</b>")).await.unwrap();
    id
}

async fn age(app: &TestApp) {
    app.execute("update invitations set valid_until = now() - interval '1 second' where status = 'pending'").await;
}

pub async fn export(cx: &Context, query: &ListQuery) -> (String, Vec<csv::StringRecord>) {
    let (name, pieces) = service::export_invitations(cx, query).unwrap();
    let bytes = pieces.try_concat().await.unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    (name, reader.records().map(Result::unwrap).collect())
}

pub async fn signed_in(app: &TestApp) -> (Site, String) {
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    (site, cookie)
}

async fn page(site: &Site, path: &str, cookie: &str) -> (u16, String) {
    let answer = site.get(path, cookie).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_15_what_a_row_allows_follows_its_status_at_the_moment_it_is_read() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let waits = waiting(&app, &amara, "waits@hansa.test").await;
    let denied = waiting(&app, &amara, "denied@hansa.test").await;
    service::review_invitation(&amara, denied, Verdict::Deny).await.unwrap();
    let done = waiting(&app, &amara, "done@hansa.test").await;
    service::review_invitation(&amara, done, Verdict::Accept).await.unwrap();
    let open = invite(&amara, "open@hansa.test", teammate()).await;
    let may = async |id| service::find_invitation(&amara, id).await.unwrap().invitation.may;
    let nothing = May::default();
    assert_eq!(may(waits).await, May { deny: true, accept: true, ..nothing });
    assert_eq!(may(denied).await, May { resend: true, ..nothing });
    assert_eq!(may(done).await, nothing);
    assert_eq!(may(open).await, May { resend: true, delete: true, ..nothing });
    age(&app).await;
    let detail = service::find_invitation(&amara, open).await.unwrap();
    assert_eq!(detail.invitation.status, Status::Expired);
    assert_eq!(detail.invitation.may, May { resend: true, delete: true, ..nothing });
    assert_eq!(
        listed(&amara, &ListQuery { status: "expired".into(), ..Default::default() }).await,
        ["open@hansa.test"]
    );
    let (_, rows) = export(&amara, &ListQuery { status: "expired".into(), ..Default::default() }).await;
    assert_eq!((rows.len(), &rows[1][8]), (2, "Expired"));
    let again = service::resend_invitation(&amara, open).await.unwrap();
    assert_eq!(may(open).await, nothing, "replaced");
    let (older, newer) = (
        service::find_invitation(&amara, open).await.unwrap(),
        service::find_invitation(&amara, again.id).await.unwrap(),
    );
    assert_eq!((older.newer, newer.older), (Some(again.id), Some(open)));
    assert_eq!(older.history.last().map(|line| (line.what, line.by_name.as_str())), Some((What::Superseded, "Amara")));

    // An administrator does not take from an owner what they do not hold.
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    let crown = invite(&amara, "crown@hansa.test", Offer::everywhere(Category::Teammate, BuiltIn::Owner.id())).await;
    assert_eq!(service::find_invitation(&adam, crown).await.unwrap().invitation.may, nothing);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_2_a_foreign_invitation_is_an_unknown_one_on_every_address() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    let foreign = invite(&olga, "x@y.test", teammate()).await;
    for id in [foreign, Uuid::now_v7()] {
        assert_eq!(told(service::find_invitation(&amara, id).await), AppError::NotFound);
        assert_eq!(told(service::resend_invitations(&amara, &[id]).await), AppError::NotFound);
        assert_eq!(told(service::delete_invitations(&amara, &[id]).await), AppError::NotFound);
        assert_eq!(told(service::review_invitation(&amara, id, Verdict::Accept).await), AppError::NotFound);
    }
    let (site, cookie) = signed_in(&app).await;
    let unknown = Uuid::now_v7();
    for address in [
        "/invitations/{id}",
        "/invitations/{id}?review=1",
        "/invitations?review={id}",
        "/invitations?delete={id}",
        "/invitations?chosen={id}&do=delete",
        "/invitations?chosen={id}&do=resend",
    ] {
        let ask = async |id: Uuid| {
            let (status, text) = page(&site, &address.replace("{id}", &id.to_string()), &cookie).await;
            // What differs from answer to answer: the id itself, and the nonce.
            let nonce = text.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            // Behind the page stand its resources, in the order in which they came.
            let page = text.split("__RESOLVED_RESOURCES").next().unwrap().to_owned();
            (status, page.replace(&id.to_string(), "").replace(&nonce, ""))
        };
        let (theirs, none) = (ask(foreign).await, ask(unknown).await);
        assert_eq!(theirs.0, none.0, "{address}");
        assert_eq!(theirs.1, none.1, "{address}");
        assert!(!theirs.1.contains("x@y.test"), "{address}");
    }
    assert_eq!(page(&site, &format!("/invitations/{foreign}"), &cookie).await.0, 404);
    assert_eq!(page(&site, "/invitations/none", &cookie).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_3_no_page_shows_a_link() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (sent, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Visitor).await;
    let (site, cookie) = signed_in(&app).await;
    let hash: String =
        sqlx::query_scalar("select encode(token_hash, 'hex') from invitations").fetch_one(&app.app.pool).await.unwrap();
    let id = sent.id;
    for address in [
        "/invitations",
        &format!("/invitations/{id}"),
        &format!("/invitations?delete={id}"),
        &format!("/invitations?chosen={id}&do=resend"),
        "/invitations.csv",
    ] {
        let (status, text) = page(&site, address, &cookie).await;
        assert_eq!(status, 200, "{address}");
        assert!(text.contains("lars@hansa.test"), "{address}");
        for secret in [token.as_str(), token.split('.').nth(1).unwrap(), hash.as_str(), "/setup/"] {
            assert!(!text.contains(secret), "{address} shows {secret}");
        }
    }
    let detail = serde_json::to_string(&service::find_invitation(&amara, id).await.unwrap()).unwrap();
    assert!(!detail.contains(token.split('.').nth(1).unwrap()) && !detail.contains(&hash));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_12_an_inviter_who_is_gone_leaves_the_list_and_the_page_whole() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    let id = invite(&adam, "lars@hansa.test", teammate()).await;
    let found = service::find_invitation(&amara, id).await.unwrap();
    let adams = adam.actor.as_ref().unwrap().user_id.unwrap();
    assert_eq!(found.inviter, Some(adams));
    people::service::remove_user(&amara, adams).await.unwrap();
    let found = service::find_invitation(&amara, id).await.unwrap();
    assert_eq!((found.inviter, found.invitation.inviter_name.as_str()), (None, "Adam"));
    assert_eq!(found.invitation.may, May { resend: true, delete: true, ..May::default() }, "resending makes it good");
    let (site, cookie) = signed_in(&app).await;
    for address in ["/invitations".to_owned(), format!("/invitations/{id}")] {
        let (status, text) = page(&site, &address, &cookie).await;
        assert_eq!(status, 200, "{address}");
        assert!(text.contains("<bdi>Adam<"), "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_19_the_page_tells_what_the_mail_server_said_and_when() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let app = TestApp::with(|config| config.smtp_url = Some(url)).await;
    mail_server(listener, "451 4.7.1 greylisted, come back").await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let id = invite(&amara, "lars@hansa.test", teammate()).await;
    let transport = Transport::new(&app.app.config).unwrap();
    let from: Mailbox = "Portico <no-reply@localhost>".parse().unwrap();
    for _ in 0..3 {
        app.execute("update messages set next_attempt_at = now()").await;
        assert!(sender::send_one(&app.app, &transport, &from).await.unwrap());
    }
    let detail: Detail = service::find_invitation(&amara, id).await.unwrap();
    assert!(
        matches!(&detail.invitation.delivery, Some(Delivery::Deferred { answer, .. }) if answer.contains("greylisted"))
    );
    let shown: Vec<(What, usize)> = steps(&detail.history).iter().map(|step| (step.line.what, step.times)).collect();
    assert_eq!(shown, [(What::Invited, 1), (What::Queued, 1), (What::Deferred, 3)]);
    let (site, cookie) = signed_in(&app).await;
    let (_, text) = page(&site, &format!("/invitations/{id}"), &cookie).await;
    for said in ["greylisted, come back", "Mail deferred, to be tried again", "3 times", "by Amara"] {
        assert!(text.contains(said), "{said}");
    }
    assert!(!detail.unopened, "the spam folder is for what was sent");

    app.execute("update messages set state = 'sent', sealed_body = null, next_attempt_at = null, handed_over_at = now() - interval '25 hours'").await;
    assert!(service::find_invitation(&amara, id).await.unwrap().unopened);
    assert!(page(&site, &format!("/invitations/{id}"), &cookie).await.1.contains("look into the spam folder"));
    app.execute("update invitations set opened_at = now()").await;
    assert!(!service::find_invitation(&amara, id).await.unwrap().unopened);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_review_shows_the_registration_and_is_decided_with_or_without_script() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let one = waiting(&app, &amara, "one@hansa.test").await;
    let two = waiting(&app, &amara, "two@hansa.test").await;
    let (site, cookie) = signed_in(&app).await;
    let address = format!("/invitations?review={one}");
    let (_, text) = page(&site, &address, &cookie).await;
    let parts = [
        "Lars &lt;b&gt;Bjerregaard&lt;/b&gt;",
        "+4512345678",
        "aria-label=\"ACCEPT\"",
        "aria-label=\"DENY\"",
        "aria-label=\"CANCEL\"",
        "Visitor",
        "one@hansa.test",
        "Review pending invitation for two@hansa.test",
    ];
    for part in parts {
        assert!(text.contains(part), "{part}");
    }
    let id = one.to_string();
    let fields = [("form[id]", id.as_str()), ("form[verdict]", "accept"), ("form[back]", "/invitations")];
    let answer = site.post(&address, "review-invitation", &cookie, &fields).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/invitations"));
    let answer = site.post(&address, "review-invitation", &cookie, &fields).await;
    assert_eq!(answer.status(), 409, "decided already");
    assert!(answer.text().await.unwrap().contains("Nothing waits here"));
    let id = two.to_string();
    let fields = [("form[id]", id.as_str()), ("form[verdict]", "deny")];
    assert_eq!(site.call("review-invitation", &cookie, &fields).await.status(), 200);
    assert_eq!(
        listed(&amara, &ListQuery { status: "rejected".into(), ..Default::default() }).await,
        ["two@hansa.test"]
    );
    let fields = [("form[id]", id.as_str()), ("form[verdict]", "perhaps")];
    assert_eq!(site.call("review-invitation", &cookie, &fields).await.status(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_without_script() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let waits = waiting(&app, &amara, "waits@hansa.test").await;
    let one = invite(&amara, "one@hansa.test", teammate()).await;
    let (site, cookie) = signed_in(&app).await;
    let (_, text) = page(&site, "/invitations", &cookie).await;
    assert!(text.contains("aria-label=\"Select one@hansa.test\"") && !text.contains("Select waits@hansa.test"));
    let address = format!("/invitations?chosen={one}&chosen={waits}&do=delete");
    let (_, text) = page(&site, &address, &cookie).await;
    assert!(text.contains("Delete 1 invitation?") && text.contains("waits@hansa.test stays as it is: Waiting"));
    let (first, second) = (one.to_string(), waits.to_string());
    let fields = [("form[ids][]", first.as_str()), ("form[ids][]", second.as_str()), ("form[back]", "/invitations")];
    let answer = site.post(&address, "delete-invitations", &cookie, &fields).await;
    assert_eq!(answer.status(), 303);
    let flash = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let (_, text) = page(&site, "/invitations", &format!("{cookie}; {flash}")).await;
    assert!(text.contains("1 invitation was deleted."));
    assert!(text.contains("Not deleted: waits@hansa.test: its status does not allow this any more."));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_says_what_waits() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    waiting(&app, &amara, "waits@hansa.test").await;
    let (site, cookie) = signed_in(&app).await;
    let (_, text) = page(&site, "/", &cookie).await;
    assert!(text.contains("1 registration waits for approval") && text.contains("/invitations?status=waiting"));
}
