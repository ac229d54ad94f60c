//! Live updates: what others change appears without a reload. The server sends topics over one stream of server-sent
//! events; each topic is a signal that the lists which show it depend on.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "hydrate")]
use crate::accounts::api::Session;

/// A kind of thing that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// Users, their state and their rights.
    Users,
    /// Invitations and how far their mails have come.
    Invitations,
    /// Messages of the outbox.
    Outbox,
    /// Roles.
    Roles,
    /// APIs, groups and who has access to APIs.
    Apis,
    /// Organizations.
    Organizations,
    /// Requests for access.
    Requests,
    /// Imports and how far they have come.
    Imports,
    /// Regions, features and the plan.
    Settings,
    /// Whoever reads: their rights or their session. Never announced; each stream makes it out of what is.
    You,
}

/// What the stream says first, each time it is opened.
pub const HELLO: &str = "hello";

impl Topic {
    /// The name in the stream.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Invitations => "invitations",
            Self::Outbox => "outbox",
            Self::Roles => "roles",
            Self::Apis => "apis",
            Self::Organizations => "organizations",
            Self::Requests => "requests",
            Self::Imports => "imports",
            Self::Settings => "settings",
            Self::You => "you",
        }
    }

    /// Whether a change of it may concern everybody's rights: each session holds what its roles permit and the names of
    /// features and regions.
    pub fn concerns_everybody(self) -> bool {
        matches!(self, Self::Roles | Self::Settings)
    }

    /// Every topic, in the order they are told: what whoever reads has lost is known before anything is asked for again.
    pub const ALL: [Self; 10] = [
        Self::You,
        Self::Users,
        Self::Invitations,
        Self::Outbox,
        Self::Roles,
        Self::Apis,
        Self::Organizations,
        Self::Requests,
        Self::Imports,
        Self::Settings,
    ];
}

/// The signals of this page.
#[derive(Clone, Copy)]
pub struct Live {
    versions: [RwSignal<u32>; Topic::ALL.len()],
    /// Whether the stream is lost, so that what is shown may be old.
    pub offline: RwSignal<bool>,
    /// Forms whose answers are on their way, and what changed meanwhile.
    held: StoredValue<(usize, Vec<Topic>)>,
}

impl Live {
    /// Changes with each change of the topic: a resource that reads it loads again.
    pub fn version(self, topic: Topic) -> u32 {
        self.signal(topic).get()
    }

    /// Says that the topic changed: at once, or when the answers come that are on their way.
    pub fn bump(self, topic: Topic) {
        let waits = self.held.try_update_value(|(forms, topics)| {
            if *forms > 0 && !topics.contains(&topic) {
                topics.push(topic);
            }
            *forms > 0
        });
        if waits != Some(true) {
            self.signal(topic).update(|version| *version += 1);
        }
    }

    /// A form was sent. News wait for its answer, which says where to go: what the form took is not to be asked for once more by
    /// the page that is about to be left.
    pub fn hold(self) {
        self.held.update_value(|(forms, _)| *forms += 1);
    }

    /// The answer came, and was followed.
    pub fn release(self) {
        let topics = self.held.try_update_value(|(forms, topics)| {
            *forms = forms.saturating_sub(1);
            if *forms == 0 { std::mem::take(topics) } else { Vec::new() }
        });
        topics.into_iter().flatten().for_each(|topic| self.bump(topic));
    }

    fn signal(self, topic: Topic) -> RwSignal<u32> {
        self.versions[topic as usize]
    }
}

/// The signals of this page, for a resource's source.
pub fn live() -> Live {
    expect_context()
}

/// Puts the signals into the context.
pub fn provide_live() {
    provide_context(Live {
        versions: [(); Topic::ALL.len()].map(|()| RwSignal::new(0)),
        offline: RwSignal::new(false),
        held: StoredValue::default(),
    });
}

/// Opens the stream, and opens it again whenever it is lost, for as long as the page is there. The session follows: rights may
/// change, and regions, features and the plan, which are everybody's.
#[cfg(feature = "hydrate")]
pub fn follow(session: RwSignal<Session>) {
    let live = live();
    leptos::task::spawn_local(async move {
        let mut pause = 1;
        while session.with_untracked(|session| session.me.is_some()) {
            if stream::read(live, session).await {
                pause = 1;
            } else {
                // Refused, or not reached: it may be the session that has ended.
                stream::tell(live, session, Topic::You).await;
            }
            live.offline.set(true);
            stream::sleep(std::time::Duration::from_secs(pause)).await;
            pause = (pause * 2).min(15);
        }
        live.offline.set(false);
    });
}

#[cfg(feature = "hydrate")]
mod stream {
    use std::time::Duration;

    use futures::{
        StreamExt,
        future::{Either, select},
    };
    use gloo_net::eventsource::{State, futures::EventSource};
    use leptos::prelude::*;

    use super::{HELLO, Live, Session, Topic};
    use crate::{accounts::api::read_session, paths};

    /// How often the stream's state is looked at: the browser tells nobody while it connects again by itself.
    const LOOK: Duration = Duration::from_secs(1);

    /// Says that a topic changed. Of whoever reads, the session is read first, and what it no longer opens is closed before its
    /// parts could ask again.
    pub async fn tell(live: Live, session: RwSignal<Session>, topic: Topic) {
        if topic == Topic::You
            && let Ok(read) = read_session().await
            && session.with_untracked(|known| *known != read)
        {
            session.set(read);
            leptos::task::tick().await;
        }
        live.bump(topic);
    }

    /// Reads the stream until it ends; whether anything came.
    pub async fn read(live: Live, session: RwSignal<Session>) -> bool {
        let Ok(mut source) = EventSource::new(paths::EVENTS) else {
            return false;
        };
        let Ok(mut messages) = source.subscribe("message") else {
            return false;
        };
        let mut heard = false;
        loop {
            let look = std::pin::pin!(sleep(LOOK));
            match select(messages.next(), look).await {
                Either::Left((Some(Ok((_, message))), _)) => {
                    heard = true;
                    live.offline.set(false);
                    let said = message.data().as_string().unwrap_or_default();
                    for topic in Topic::ALL {
                        // Whatever was announced between the page and its stream, or while that was lost, was missed.
                        if said == HELLO || said == topic.slug() {
                            tell(live, session, topic).await;
                        }
                    }
                }
                Either::Left(_) => return heard,
                Either::Right(_) if source.state() == State::Connecting && heard => live.offline.set(true),
                Either::Right(_) => {}
            }
        }
    }

    /// Waits.
    pub async fn sleep(time: Duration) {
        let (done, waiting) = futures::channel::oneshot::channel();
        let timer = set_timeout(
            move || {
                let _ = done.send(());
            },
            time,
        );
        if timer.is_ok() {
            let _ = waiting.await;
        }
    }
}
