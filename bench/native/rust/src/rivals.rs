//! The rivals by name, and which map each is for a plan.

use crate::keys::{Keys, Numbers, Texts, are_numbers, text_key};
use crate::memory;
use crate::plan::Plan;
use crate::rival::Table;
use crate::rival_papaya_counters::PapayaCounters;
use crate::round::{self, Answer};
use dashmap::DashMap;
use moka::sync::Cache;
use papaya::HashMap;
use std::marker::PhantomData;

pub const NAMES: [&str; 3] = ["rust-dashmap", "rust-papaya", "rust-moka"];

/// Which versions of the packages are inside.
const LOCK: &str = include_str!("../Cargo.lock");

#[derive(Clone, Copy)]
pub enum Rival {
    Dashmap,
    Papaya,
    Moka,
}

pub fn find(name: &str) -> Option<Rival> {
    match name {
        "rust-dashmap" => Some(Rival::Dashmap),
        "rust-papaya" => Some(Rival::Papaya),
        "rust-moka" => Some(Rival::Moka),
        _ => None,
    }
}

impl Rival {
    pub fn title(self) -> &'static str {
        match self {
            Rival::Dashmap => "dashmap",
            Rival::Papaya => "papaya",
            Rival::Moka => "moka",
        }
    }

    /// The version of the package, and that of the compiler.
    pub fn version(self) -> String {
        let entry = format!("name = \"{}\"\nversion = \"", self.title());
        let version = LOCK
            .split_once(&entry)
            .and_then(|(_, rest)| rest.split('"').next());
        format!(
            "{}, rustc {}",
            version.unwrap_or("?"),
            env!("COMPILER_VERSION")
        )
    }
}

/// A rival that executes a plan again and again.
pub trait Contest {
    fn round(&self, limit: usize, latencies: Option<&str>) -> Answer;
}

struct ContestOf<K, T> {
    plan: Plan,
    keys: K,
    table: PhantomData<T>,
}

impl<K: Keys, T: Table<K>> Contest for ContestOf<K, T> {
    fn round(&self, limit: usize, latencies: Option<&str>) -> Answer {
        round::round::<K, T>(&self.plan, &self.keys, limit, latencies)
    }
}

/// Makes the keys of a plan.
pub fn contest_of(rival: Rival, plan: Plan) -> Box<dyn Contest> {
    if are_numbers(plan.key_kind) {
        let keys = Numbers::new(plan.key_kind);
        contest_with(rival, plan, keys)
    } else {
        let keys = Texts::new(plan.key_kind, plan.key_count);
        contest_with(rival, plan, keys)
    }
}

fn contest_with<K: Keys>(rival: Rival, plan: Plan, keys: K) -> Box<dyn Contest> {
    match (rival, plan.booleans, plan.counters) {
        (Rival::Dashmap, true, _) => contest_on::<K, DashMap<K::Owned, bool>>(plan, keys),
        (Rival::Dashmap, false, _) => contest_on::<K, DashMap<K::Owned, u32>>(plan, keys),
        (Rival::Papaya, _, true) => contest_on::<K, PapayaCounters<K>>(plan, keys),
        (Rival::Papaya, true, _) => contest_on::<K, HashMap<K::Owned, bool>>(plan, keys),
        (Rival::Papaya, false, _) => contest_on::<K, HashMap<K::Owned, u32>>(plan, keys),
        (Rival::Moka, _, _) => contest_on::<K, Cache<K::Owned, u32>>(plan, keys),
    }
}

fn contest_on<K: Keys, T: Table<K> + 'static>(plan: Plan, keys: K) -> Box<dyn Contest> {
    Box::new(ContestOf::<K, T> {
        plan,
        keys,
        table: PhantomData,
    })
}

pub fn measure_memory(rival: Rival, kind: u32, count: u32) -> String {
    if are_numbers(kind) {
        let keys = Numbers::new(kind);
        measure_with::<Numbers>(rival, count, |rank| keys.with(rank, Numbers::own))
    } else {
        measure_with::<Texts>(rival, count, |rank| Texts::own(&text_key(kind, rank)))
    }
}

fn measure_with<K: Keys>(rival: Rival, count: u32, new_key: impl Fn(u32) -> K::Owned) -> String {
    match rival {
        Rival::Dashmap => memory::measure::<K, DashMap<K::Owned, u32>>(count, 0, new_key),
        Rival::Papaya => memory::measure::<K, HashMap<K::Owned, u32>>(count, 0, new_key),
        Rival::Moka => memory::measure::<K, Cache<K::Owned, u32>>(count, count, new_key),
    }
}
