//! A question as it comes in JSON (AuthZEN 1.0, section 5), read without copying. Keys that are not known are ignored.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::trouble::{Trouble, words};

/// A name. One that is not there is told from one that is null: that is the name of nothing (PITFALLS.md 25).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Name<'a> {
    /// Not named.
    #[default]
    Absent,
    /// Null, or a text.
    Given(Cow<'a, str>),
}

impl<'a> Name<'a> {
    /// The name, if it is there; an empty one, which nothing has, for null.
    pub fn get(&self) -> Option<&str> {
        match self {
            Self::Absent => None,
            Self::Given(name) => Some(name),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name::Given(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name::Given(Cow::Owned(text.to_owned())))
            }

            fn visit_unit<E: Error>(self) -> Result<Name<'de>, E> {
                Ok(Name::Given(Cow::Borrowed("")))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// A JSON object: a derived reader would take an array of the values, too.
#[derive(Clone, Debug, Default)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Object<T>, M::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        deserializer.deserialize_map(Reader(PhantomData))
    }
}

/// A subject or a resource.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Entity<'a> {
    /// What kind of thing.
    #[serde(rename = "type", borrow, default)]
    pub kind: Name<'a>,
    /// Which one.
    #[serde(borrow, default)]
    pub id: Name<'a>,
}

/// An action.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Verb<'a> {
    /// Its name.
    #[serde(borrow, default)]
    pub name: Name<'a>,
}

/// What of the context counts.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Around<'a> {
    /// The slug of the region.
    #[serde(borrow, default)]
    pub region: Name<'a>,
    /// The slug of the organization.
    #[serde(borrow, default)]
    pub organization: Name<'a>,
    /// Which feature of an API is meant; `apis` where it is not named.
    #[serde(borrow, default)]
    pub feature: Name<'a>,
}

/// A whole question. What is null is not there.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked<'a> {
    /// May this subject …
    #[serde(borrow, default)]
    pub subject: Option<Object<Entity<'a>>>,
    /// … do this …
    #[serde(borrow, default)]
    pub action: Option<Object<Verb<'a>>>,
    /// … with this …
    #[serde(borrow, default)]
    pub resource: Option<Object<Entity<'a>>>,
    /// … under these circumstances?
    #[serde(borrow, default)]
    pub context: Option<Object<Around<'a>>>,
}

/// A question of which everything is there that has to be; each name may still be one of nothing.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The subject's type.
    pub subject_type: &'a str,
    /// The subject's address or id.
    pub subject: &'a str,
    /// The action's name.
    pub action: &'a str,
    /// The resource's type.
    pub resource_type: &'a str,
    /// The resource's slug.
    pub resource: &'a str,
    /// The region, if one is named.
    pub region: Option<&'a str>,
    /// The organization, if one is named.
    pub organization: Option<&'a str>,
    /// The feature of an API, if one is named.
    pub feature: Option<&'a str>,
}

/// Which part a search looks for: it is not asked for, and does not count where it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// Nothing: it is a question.
    Nothing,
    /// The subject's id.
    Subject,
    /// The resource's id.
    Resource,
    /// The action.
    Action,
}

impl<'a> Asked<'a> {
    /// The question, with what is missing taken from another.
    ///
    /// # Errors
    /// The first key that is missing in both.
    pub fn or<'b>(&'b self, other: &'b Self, sought: Sought) -> Result<Asking<'b>, &'static str> {
        let subject = self.subject.as_ref().or(other.subject.as_ref()).map(|it| &it.0).ok_or("subject")?;
        let action = self.action.as_ref().or(other.action.as_ref()).map(|it| &it.0);
        let resource = self.resource.as_ref().or(other.resource.as_ref()).map(|it| &it.0).ok_or("resource")?;
        let context = self.context.as_ref().or(other.context.as_ref()).map(|it| &it.0);
        let unless = |part: Sought, name: Option<&'b str>, path: &'static str| {
            if sought == part { Ok("") } else { name.ok_or(path) }
        };
        Ok(Asking {
            subject_type: subject.kind.get().ok_or("subject.type")?,
            subject: unless(Sought::Subject, subject.id.get(), "subject.id")?,
            action: match action {
                Some(action) => unless(Sought::Action, action.name.get(), "action.name")?,
                None => unless(Sought::Action, None, "action")?,
            },
            resource_type: resource.kind.get().ok_or("resource.type")?,
            resource: unless(Sought::Resource, resource.id.get(), "resource.id")?,
            region: context.and_then(|it| it.region.get()),
            organization: context.and_then(|it| it.organization.get()),
            feature: context.and_then(|it| it.feature.get()),
        })
    }

    /// The question, complete.
    ///
    /// # Errors
    /// `Malformed`, with the first key that is missing.
    pub fn whole(&self, sought: Sought) -> Result<Asking<'_>, Trouble> {
        self.or(self, sought).map_err(|path| Trouble::Malformed((words().missing)(path)))
    }
}

/// Reads a body.
///
/// # Errors
/// `Malformed`, with the parser's words.
pub fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Trouble> {
    let Object(read) =
        serde_json::from_slice(body).map_err(|error| Trouble::Malformed((words().malformed)(&error.to_string())))?;
    Ok(read)
}
