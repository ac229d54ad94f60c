fn main() { let _ = cedar_policy::PolicySet::new(); let _ = portico::access::AccessSnapshot::default(); }
