//! moka: a cache with the policy W-TinyLFU, after Java's Caffeine. It has what it is given a little later than it says.

use crate::keys::Keys;
use crate::rival::{Session, Table};
use moka::sync::Cache;

impl<K: Keys> Table<K> for Cache<K::Owned, u32> {
    fn with_capacity(bound: usize) -> Self {
        Cache::new(bound as u64)
    }

    fn session(&self) -> impl Session<K> {
        self
    }

    fn size(&self) -> usize {
        self.run_pending_tasks();
        self.entry_count() as usize
    }
}

impl<K: Keys> Session<K> for &Cache<K::Owned, u32> {
    fn get(&self, key: &K::Borrowed) -> Option<u32> {
        Cache::get(self, key)
    }

    fn set(&self, key: K::Owned, value: u32) {
        self.insert(key, value);
    }

    fn remove(&self, key: &K::Borrowed) -> bool {
        Cache::remove(self, key).is_some()
    }

    fn increment(&self, _: &K::Borrowed) {
        unreachable!("a cache is asked for get, set and load");
    }

    fn scan(&self, mut visit: impl FnMut(u32)) {
        for (_, value) in self.iter() {
            visit(value);
        }
    }
}
