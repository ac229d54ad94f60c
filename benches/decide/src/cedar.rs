//! The same rules for Cedar. Cedar has no "some assignment": so what a user holds is in attributes by role, where each scope is a
//! text of region and organization, and the request brings the scopes that cover it. One policy for each role and set of
//! actions, with the cheapest test first; requests are made before the time is taken.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::Write,
};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression as Expression,
};
use portico::access::{AccessSnapshot, Action, Actions, ApiScope, BuiltIn, SubjectFacts};
use uuid::Uuid;

use crate::town::{Asked, Town};

/// Cedar with policies and entities.
pub struct Engine {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
}

fn uid(kind: &str, id: &str) -> EntityUid {
    let kind: EntityTypeName = kind.parse().unwrap();
    EntityUid::from_type_name_and_id(kind, EntityId::new(id))
}

fn texts(texts: impl IntoIterator<Item = String>) -> Expression {
    Expression::new_set(texts.into_iter().map(Expression::new_string))
}

fn entities(uids: impl IntoIterator<Item = EntityUid>) -> Expression {
    Expression::new_set(uids.into_iter().map(Expression::new_entity_uid))
}

fn role_key(role: Uuid) -> String {
    BuiltIn::by_id(role).map_or_else(|| format!("custom_{}", role.as_u128() as u64), |it| it.slug().replace('-', "_"))
}

impl Engine {
    pub fn new(town: &Town) -> Self {
        let snapshot = AccessSnapshot::new(town.workspace.clone());
        let policies = policies(town, &snapshot).parse().unwrap();
        let w = &town.workspace;
        let groups = w.groups.iter().map(|it| (uid("Group", &it.id.to_string()), HashMap::new(), HashSet::new()));
        let features = snapshot.feature_slugs().map(|it| (uid("Feature", it), HashMap::new(), HashSet::new()));
        let apis = w.apis.iter().map(|api| {
            let granted = w.groups.iter().filter(|group| group.grants.iter().any(|grant| grant.api == api.id));
            let attributes = HashMap::from([
                ("groups".to_owned(), entities(granted.map(|it| uid("Group", &it.id.to_string())))),
                ("customerIds".to_owned(), texts(api.customer_ids.clone())),
            ]);
            (uid("Api", &api.slug), attributes, HashSet::new())
        });
        let slugs: HashMap<Uuid, &str> = w.apis.iter().map(|api| (api.id, api.slug.as_str())).collect();
        let organizations: HashMap<Uuid, &str> = w.organizations.iter().map(|it| (it.id, it.slug.as_str())).collect();
        let users = town.users.iter().map(|user| {
            let parents = user.groups.iter().map(|it| uid("Group", &it.to_string())).collect();
            (uid("User", &user.email_key), attributes(user, &slugs, &organizations), parents)
        });
        let all = groups.chain(features).chain(apis).chain(users);
        let all = all.map(|(uid, attributes, parents)| Entity::new(uid, attributes, parents).unwrap());
        let entities = Entities::from_entities(all, None).unwrap();
        Self { authorizer: Authorizer::new(), policies, entities }
    }

    pub fn request(&self, asked: &Asked) -> Request {
        let names = |name: &Option<String>| [Some("*".to_owned()), name.clone()].into_iter().flatten();
        let scopes: Vec<String> = names(&asked.region)
            .flat_map(|region| names(&asked.organization).map(move |organization| format!("{region}|{organization}")))
            .collect();
        let api = asked.api.clone().unwrap_or_default();
        let of_api = scopes.iter().map(|scope| format!("{scope}|{api}")).collect::<Vec<_>>();
        let context = Context::from_pairs([
            ("feature".to_owned(), Expression::new_entity_uid(uid("Feature", &asked.feature))),
            ("scopes".to_owned(), texts(scopes)),
            ("apiScopes".to_owned(), texts(of_api)),
        ]);
        let resource = match &asked.api {
            Some(api) => uid("Api", api),
            None => uid("Feature", &asked.feature),
        };
        let action = uid("Action", asked.action.slug());
        Request::new(uid("User", &asked.user), action, resource, context.unwrap(), None).unwrap()
    }

    pub fn permits(&self, request: &Request) -> bool {
        self.authorizer.is_authorized(request, &self.policies, &self.entities).decision() == Decision::Allow
    }
}

/// A policy for each role, and each set of actions that it permits on some features.
fn policies(town: &Town, snapshot: &AccessSnapshot) -> String {
    let mut policies = String::new();
    let roles = BuiltIn::ALL.into_iter().map(BuiltIn::id).chain(town.workspace.roles.iter().map(|it| it.id));
    for role in roles {
        let key = role_key(role);
        let mut features: BTreeMap<u8, Vec<&str>> = BTreeMap::new();
        for slug in snapshot.feature_slugs() {
            features.entry(snapshot.role_permits(role, slug).bits()).or_default().push(slug);
        }
        for (bits, features) in features.into_iter().filter(|(bits, _)| *bits != 0) {
            let actions: Vec<String> =
                Actions::from_bits(bits).iter().map(|it: Action| format!("Action::\"{}\"", it.slug())).collect();
            let features: Vec<String> = features.iter().map(|it| format!("Feature::\"{it}\"")).collect();
            let _ = write!(
                policies,
                "permit (principal, action in [{}], resource) when {{
                    principal.held has {key} && principal.active && [{}].contains(context.feature) && (
                        principal.held.{key}.all.containsAny(context.scopes)
                        || (principal.held.{key}.some.containsAny(context.scopes) && (
                            !(resource is Api)
                            || principal.held.{key}.chosen.containsAny(context.apiScopes)
                            || principal.grants.contains(resource)
                            || principal in resource.groups
                            || (principal has customerId && resource.customerIds.contains(principal.customerId))
                        ))
                    )
                }};\n",
                actions.join(", "),
                features.join(", ")
            );
        }
    }
    policies
}

fn attributes(
    user: &SubjectFacts,
    apis: &HashMap<Uuid, &str>,
    organizations: &HashMap<Uuid, &str>,
) -> HashMap<String, Expression> {
    let mut held: BTreeMap<String, [Vec<String>; 3]> = BTreeMap::new();
    for it in &user.assignments {
        let region = it.region.as_deref().unwrap_or("*");
        let scope = format!("{region}|{}", it.organization.map_or("*", |id| organizations[&id]));
        let [all, some, chosen] = held.entry(role_key(it.role.unwrap())).or_default();
        match &it.apis {
            ApiScope::All => all.push(scope),
            ApiScope::Chosen(ids) => {
                chosen.extend(ids.iter().map(|id| format!("{scope}|{}", apis[id])));
                some.push(scope);
            }
        }
    }
    let held = held.into_iter().map(|(role, [all, some, chosen])| {
        let scopes = [("all", all), ("some", some), ("chosen", chosen)];
        let scopes = scopes.map(|(name, of)| (name.to_owned(), texts(of)));
        (role, Expression::new_record(scopes).unwrap())
    });
    let mut attributes = HashMap::from([
        ("active".to_owned(), Expression::new_bool(user.active)),
        ("held".to_owned(), Expression::new_record(held).unwrap()),
        ("grants".to_owned(), entities(user.grants.iter().map(|it| uid("Api", apis[&it.api])))),
    ]);
    if let Some(id) = &user.customer_id {
        attributes.insert("customerId".to_owned(), Expression::new_string(id.clone()));
    }
    attributes
}
